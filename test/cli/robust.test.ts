/** Ways to misuse a pipeline or a node, each of which once gave a wrong answer or a stack trace. */
import { execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { probe, Space } from "../harness/space.ts";

test("a misspelt parameter is an error, for shipped and for own node types", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    `blockspin: 1
name: test
use: [${JSON.stringify(probe)}]
stages:
  lattices: { node: ising-sampler, with: { size: 4, betas: [0.3], samples: 8, sample: 9 } }
  own: { node: probe, with: { aa: 1 } }
`,
  );
  const { code, stderr } = await space.cli(["check", "p.yaml"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/p\.yaml:5:79: error\[unknown-param\]: .*"sample"/);
  expect(stderr).toMatch(/did you mean "samples"\?/);
  expect(stderr).toMatch(/p\.yaml:6:31: error\[unknown-param\]: .*"aa"/);
});

test("lattices of several sizes are shown as they are", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    `blockspin: 1
name: test
stages:
  lattices:
    node: ising-sampler
    for: { size: [4, 6] }
    with: { size: "\${size}", betas: [1.5], samples: 8, seed: 1, start: cold, symmetrize: false }
results: [lattices]
`,
  );
  expect((await space.cli(["run", "p.yaml"])).code).toBe(0);
  const shown = await space.cli(["show", "p.yaml", "lattices", "--json"]);
  const rows = JSON.parse(shown.stdout) as {
    size: number;
    spins: number[];
    magnetization: number;
  }[];
  expect(rows).toHaveLength(16);
  for (const { size, spins, magnetization } of rows) {
    expect(spins).toHaveLength(size * size);
    expect(spins.reduce((sum, bit) => sum + 2 * bit - 1, 0)).toBe(magnetization);
  }
  const csv = await space.cli(["show", "p.yaml", "lattices", "--csv"]);
  expect(csv.stderr).toMatch(/^error: the artifacts of lattices have different columns/);
});

const own = (body: string, more = "") => `
import { defineNode, f64, table, Type } from "blockspin";
export const mine = defineNode({
  type: "mine", version: 1, summary: "A test.",
  params: Type.Object({ ms: Type.Number({ default: 0 }) }),
  inputs: {}, moreInputs: table({}), outputs: { out: table({ x: f64 }) }, ${more}
  async run({ params }) { ${body} },
});
`;
const two = `blockspin: 1
name: test
use: [./nodes.js]
stages:
  first: { node: mine, with: { ms: 1500 } }
  second: { node: mine, inputs: { x: first } }
results: [second]
`;

test.each(["thread", "process"])(
  "own nodes outside this package run in a %s",
  async (isolation) => {
    using space = new Space();
    space.write("p.yaml", two.replace("1500", "0"));
    space.write("nodes.js", own("return { out: { x: [1] } };", `isolation: "${isolation}",`));
    const run = await space.run("p.yaml");
    expect(run.code, run.stdout).toBe(0);
  },
);

test("a module that is edited while the pipeline runs does not get into the cache", async () => {
  using space = new Space();
  const wait = "await new Promise((resolve) => setTimeout(resolve, params.ms));";
  space.write("p.yaml", two);
  space.write("nodes.js", own(`${wait} return { out: { x: [1] } };`));
  let edited = false;
  const run = await space.run("p.yaml", ["--jobs", "1"], {
    onOutput(stdout) {
      if (edited || !stdout.includes('"id":"first","state":"started"')) return;
      edited = true;
      void setTimeout(700).then(() =>
        space.write("nodes.js", own(`${wait} return { out: { x: [100] } };`)),
      );
    },
  });
  // The worker that runs `second` is the one that loaded the module before the edit, or a new one:
  // in either case the module is not the one that the key names.
  expect(run.code).toBe(1);
  expect(run.events.find((e) => e["state"] === "failed")?.["error"]).toMatch(
    /nodes\.js changed since the run began; run again/,
  );
});

test.each([
  ["throw null;", /^threw null\n/],
  ["process.stdout.write('raw\\n'); return { out: { x: ['a'] } };", /column "x"/],
])("a node that does %j fails with a message, and run --json stays JSON", async (body, message) => {
  using space = new Space();
  space.write("p.yaml", two.replace("1500", "0"));
  space.write("nodes.js", own(body));
  const run = await space.run("p.yaml");
  expect(run.code).toBe(1);
  expect(run.events.find((e) => e["state"] === "failed")?.["error"]).toMatch(message);
});

test.each([
  ["version: 1", 'version: "one"', "version must be an integer"],
  ["inputs: {},", "", "inputs must be an object of ports, or {}"],
  ['type: "mine"', 'type: "decimator"', "there is such a node type already"],
])("a node type with %s changed to %j is an error where it is used", async (from, to, flaw) => {
  using space = new Space();
  space.write("p.yaml", two);
  space.write("nodes.js", own("return {};").replace(from, to));
  const { code, stderr } = await space.cli(["check", "p.yaml"]);
  expect(code).toBe(2);
  expect(stderr).toContain("p.yaml:3:7: error[invalid-module]: cannot use node type");
  expect(stderr).toContain(flaw);
});

const program = (argv: string, more = "") => `blockspin: 1
name: test
stages:
  call:
    node: command
    with: { argv: ${argv}, outputs: { out: { x: float64 } } ${more} }
`;

test("the failure of a program is reported in its own words", async () => {
  using space = new Space();
  space.write("p.yaml", program('[sh, -c, "echo hi; echo bad >&2; exit 3"]'));
  const { code, stderr } = await space.cli(["run", "p.yaml"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/call: sh ended with exit code 3: bad\n/);
  expect(stderr).toMatch(/│ hi\n/);
  expect(stderr).not.toMatch(/ at .*\.js:/);
});

test("an identify that fails is a located error", async () => {
  using space = new Space();
  space.write("p.yaml", program('["true"]', ", identify: [no-such-program]"));
  const { code, stderr } = await space.cli(["check", "p.yaml"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^p\.yaml:6:\d+: error\[invalid-param\]: call: "no-such-program" failed/);
});

test("no program outlives a run that is killed", async () => {
  using space = new Space();
  const marker = `${61_000 + (process.pid % 1000)}`;
  space.write("p.yaml", program(`[sh, -c, "sleep ${marker} & sleep ${marker}"]`));
  let killed = false;
  const run = await space.run("p.yaml", [], {
    onOutput(stdout, pid) {
      if (killed || !stdout.includes('"state":"started"')) return;
      killed = true;
      void setTimeout(2000).then(() => process.kill(pid, "SIGKILL"));
    },
  });
  expect(run.signal).toBe("SIGKILL");
  const running = () => execFileSync("ps", ["-eo", "args"]).toString().includes(`sleep ${marker}`);
  for (let tries = 0; running() && tries < 50; tries++) await setTimeout(100);
  expect(running()).toBe(false);
});

test("a damaged result is computed again when the pipeline is run", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    `blockspin: 1\nname: test\nuse: [${JSON.stringify(probe)}]\nstages:\n  a: { node: probe }\nresults: [a]\n`,
  );
  await space.run("p.yaml");
  const path = (await space.cli(["show", "p.yaml", "a", "--path"])).stdout.trim();
  space.removePath(path);
  space.write(path.slice(space.folder.length + 1), "damaged");
  const shown = await space.cli(["show", "p.yaml", "a"]);
  expect(shown.stderr).toMatch(
    /^warning\[damaged\]: object .*; it is in quarantine\nerror\[missing-object\]: .*\n {2}= blockspin run p\.yaml --only a computes it again\n$/,
  );
  const run = await space.run("p.yaml");
  expect(run.code, run.stderr).toBe(0);
  expect(run.finished).toMatchObject({ ran: 1, failed: 0 });
});

test("a command that finds a damaged record says so", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    `blockspin: 1\nname: test\nuse: [${JSON.stringify(probe)}]\nstages:\n  a: { node: probe }\n`,
  );
  const { events } = await space.run("p.yaml");
  const key = String(events.find((e) => e["state"] === "ran")!["key"]).slice(7);
  const record = `cache/v1/records/${key.slice(0, 2)}/${key.slice(2)}.json`;
  for (const command of [
    ["plan", "p.yaml"],
    ["why", "p.yaml", "a"],
    ["show", "p.yaml", "a"],
  ]) {
    space.remove(record);
    space.write(record, "{}");
    const { stderr } = await space.cli(command);
    expect(stderr).toMatch(/^warning\[damaged\]: record sha256:\w+: .*; it is in quarantine\n/);
  }
});

test("a node that gives other bytes when it runs again is reported, and its record quarantined", async () => {
  using space = new Space();
  space.write("p.yaml", two.replace("1500", "0"));
  space.write(
    "nodes.js",
    own("return { out: { x: [performance.timeOrigin + performance.now()] } };"),
  );
  expect((await space.run("p.yaml")).code).toBe(0);
  const path = (await space.cli(["show", "p.yaml", "first", "--path"])).stdout.trim();
  space.removePath(path);
  const run = await space.run("p.yaml", ["--set", "stages.second.with.ms=1"]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.inState("ran")).toEqual(["first", "second"]);
  const warned = run.events.filter(
    (e) => e.event === "warning" && e["code"] === "nondeterministic",
  );
  expect(warned.map((e) => e["id"])).toEqual(["first"]);
  // Its record is set aside, and nothing is damaged.
  expect(run.stdout).not.toContain('"code":"damaged"');
  expect((await space.run("p.yaml", ["--set", "stages.second.with.ms=1"])).finished).toMatchObject({
    ran: 0,
    cached: 2,
  });
});

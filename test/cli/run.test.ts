/** The command line as a user meets it: real processes, real stores, a node that obeys its parameters. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { probe, Space } from "../harness/space.ts";

const pipeline = (stages: string, more = "") => `blockspin: 1
name: test
use: [${JSON.stringify(probe)}]
${more}
stages:
${stages}`;

/** Three stages in a row beside one that fails, or does something worse, by its parameter. */
const chain = (bad: string) => {
  // On a busy machine, starting a thread may take long; only sleeping should meet the timeout.
  const timeout = bad.startsWith("sleep") ? 2 : 60;
  return pipeline(`
  first: { node: probe, with: { a: 1, print: hello } }
  bad: { node: probe, inputs: { x: first }, with: { ${bad} }, resources: { timeout: ${timeout}, memory: 64 } }
  after-bad: { node: probe, inputs: { x: bad } }
  good: { node: probe, inputs: { x: first }, with: { a: 2 } }
  after-good: { node: probe, inputs: { x: good } }
`);
};

test("a second run computes nothing; log, why and show report the first", async () => {
  using space = new Space();
  space.write("p.yaml", chain("a: 5"));
  const first = await space.run("p.yaml");
  expect(first.finished).toMatchObject({ ran: 5, cached: 0, failed: 0, skipped: 0 });
  const second = await space.run("p.yaml");
  expect(second.finished).toMatchObject({ ran: 0, cached: 5, failed: 0, skipped: 0 });
  expect((await space.cli(["log", "p.yaml", "first"])).stdout).toBe("hello\n");
  expect((await space.cli(["why", "p.yaml", "first"])).stdout).toBe(
    "first: cached\n  same parameters, inputs and code as a recorded run\n  when it last ran:\n    never computed before\n",
  );
  const shown = await space.cli(["show", "p.yaml", "good", "--csv"]);
  expect(shown.stdout).toMatch(/^digest,number\n[0-9a-f]{64},64\n$/);
});

test("a changed parameter reruns its stage and what depends on its bytes; changing it back nothing", async () => {
  using space = new Space();
  space.write("p.yaml", chain("a: 5"));
  await space.run("p.yaml");
  const changed = await space.run("p.yaml", ["--set", "stages.good.with.a=3"]);
  expect(changed.inState("ran")).toEqual(["after-good", "good"]);
  const back = await space.run("p.yaml");
  expect(back.finished).toMatchObject({ ran: 0, cached: 5 });
});

test("renaming, reordering and commenting runs nothing", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("  a: { node: probe }\n  b: { node: probe, inputs: { x: a } }\n"));
  await space.run("p.yaml");
  space.write(
    "p.yaml",
    pipeline(
      "  # new\n  other: { node: probe, inputs: { x: renamed } }\n  renamed: { node: probe }\n",
    ),
  );
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 2 });
});

test.each([
  ["throws", "fail: true", /asked to fail/],
  ["exhausts its heap", "exhaust: true", /ran out of its heap of 64 MiB; raise resources\.memory/],
  [
    "exceeds its timeout",
    "sleep_ms: 60000",
    /exceeded its timeout of 2 s; raise resources\.timeout/,
  ],
  ["returns the wrong schema", "wrong: true", /column "number"/],
])("an instance that %s fails alone, with its name and parameters", async (_, bad, message) => {
  using space = new Space();
  space.write("p.yaml", chain(bad));
  const run = await space.run("p.yaml", ["--keep-going"]);
  expect(run.code).toBe(1);
  expect(run.finished).toMatchObject({ ran: 3, cached: 0, failed: 1, skipped: 1 });
  expect(run.inState("skipped")).toEqual(["after-bad"]);
  const failure = run.events.find((e) => e["id"] === "bad" && e["state"] === "failed")!;
  expect(failure["error"]).toMatch(message);
  expect(failure["error"]).toContain(`"${bad.split(":")[0]}":`);
  // Failures are not cached: the same run tries it again, and nothing else.
  const again = await space.run("p.yaml", ["--keep-going"]);
  expect(again.finished).toMatchObject({ ran: 0, cached: 3, failed: 1, skipped: 1 });
});

test("after a failure nothing more starts, unless --keep-going", async () => {
  using space = new Space();
  space.write("p.yaml", chain("fail: true"));
  const run = await space.run("p.yaml", ["--jobs", "1", "--set", "stages.bad.with.a=9"]);
  expect(run.code).toBe(1);
  expect(run.finished).toMatchObject({ failed: 1 });
  expect(Number(run.finished!["skipped"])).toBeGreaterThanOrEqual(1);
  const started = run.events.filter((e) => e["state"] === "started").map((e) => e["id"]);
  expect(started).not.toContain("after-bad");
});

test("--only runs a pattern's instances and what they need", async () => {
  using space = new Space();
  space.write("p.yaml", chain("a: 5"));
  const run = await space.run("p.yaml", ["--only", "after-good"]);
  expect(run.inState("ran")).toEqual(["after-good", "first", "good"]);
  expect(run.finished).toMatchObject({ ran: 3, cached: 0 });
});

test("plan has three states and their reasons", async () => {
  using space = new Space();
  space.write("p.yaml", chain("a: 5"));
  await space.run("p.yaml");
  const plan = await space.cli(["plan", "p.yaml", "--json", "--set", "stages.good.with.a=3"]);
  const rows = JSON.parse(plan.stdout) as { id: string; expectedSeconds: number | null }[];
  expect(rows.map(({ expectedSeconds: _, ...row }) => row)).toEqual([
    { id: "first", state: "cached", reason: "same parameters, inputs and code as a recorded run" },
    { id: "bad", state: "cached", reason: "same parameters, inputs and code as a recorded run" },
    {
      id: "after-bad",
      state: "cached",
      reason: "same parameters, inputs and code as a recorded run",
    },
    { id: "good", state: "run", reason: "params.a: 2 → 3" },
    { id: "after-good", state: "unknown", reason: "waits for good (params.a: 2 → 3)" },
  ]);
  const expected = rows.map(({ expectedSeconds }) => expectedSeconds);
  expect(expected).toEqual([0, 0, 0, expect.any(Number), expect.any(Number)]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s stops promptly and keeps finished work",
  async (signal) => {
    using space = new Space();
    space.write(
      "p.yaml",
      pipeline(`
  quick: { node: probe }
  slow: { node: probe, inputs: { x: quick }, with: { sleep_ms: 60000 } }
  later: { node: probe, inputs: { x: slow } }
`),
    );
    let sent = false;
    const run = await space.run("p.yaml", [], {
      onOutput(stdout, pid) {
        if (sent || !stdout.includes('"id":"slow","state":"started"')) return;
        sent = true;
        process.kill(pid, signal);
      },
    });
    expect(run.code).toBe(130);
    expect(run.finished).toMatchObject({ ran: 1, failed: 0, skipped: 2 });
    expect(Number(run.finished!["seconds"])).toBeLessThan(30);
    const plan = JSON.parse((await space.cli(["plan", "p.yaml", "--json"])).stdout);
    expect(plan.map(({ state }: { state: string }) => state)).toEqual(["cached", "run", "unknown"]);
  },
);

test("two processes on one store compute each action once, and neither fails", async () => {
  using space = new Space();
  const stages = Array.from(
    { length: 6 },
    (_, i) => `  stage-${i}: { node: probe, with: { a: ${i}, sleep_ms: 150 } }\n`,
  );
  space.write("p.yaml", pipeline(stages.join("")));
  const runs = await Promise.all([0, 1].map(() => space.run("p.yaml", [], { process: true })));
  for (const run of runs) expect(run.code, run.stderr).toBe(0);
  const ran = runs.map((run) => Number(run.finished!["ran"]));
  expect(ran[0]! + ran[1]!).toBe(6);
});

test("two processes on one store share the work between them", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    pipeline(
      `  a: { node: probe, for: { i: { range: [1, 6] } }, with: { a: "\${i}", sleep_ms: 1500 } }\n`,
    ),
  );
  const start = () => space.run("p.yaml", ["--jobs", "1"], { process: true });
  const runs = await Promise.all([start(), start()]);
  const ran = runs.map(({ finished }) => Number(finished!["ran"]));
  expect(ran[0]! + ran[1]!).toBe(6);
  expect(Math.min(...ran)).toBeGreaterThanOrEqual(2);
});

test("an action of several threads takes as many of the jobs, and no more than there are", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    pipeline(
      `  a: { node: probe, for: { i: [1, 2] }, with: { a: "\${i}", sleep_ms: 300 }, resources: { threads: 9 } }\n`,
    ),
  );
  const { events } = await space.run("p.yaml", ["--jobs", "2"]);
  const states = events.filter((e) => e.event === "instance").map((e) => e["state"]);
  expect(states).toEqual(["started", "ran", "started", "ran"]);
});

test("a lost object is computed again where it is needed, and only there", async () => {
  using space = new Space();
  space.write("p.yaml", chain("a: 5"));
  await space.run("p.yaml");
  const paths = (await space.cli(["show", "p.yaml", "good", "--path"])).stdout.trim().split("\n");
  for (const path of paths) space.removePath(path);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 5 });
  const run = await space.run("p.yaml", ["--set", "stages.after-good.with.a=7"]);
  expect(run.inState("ran")).toEqual(["after-good", "good"]);
});

test("a damaged object goes to quarantine and is computed again", async () => {
  using space = new Space();
  space.write("p.yaml", chain("a: 5"));
  await space.run("p.yaml");
  const [path] = (await space.cli(["show", "p.yaml", "good", "--path"])).stdout.trim().split("\n");
  const bytes = readFileSync(path!);
  bytes[bytes.length >> 1]! ^= 1;
  space.removePath(path!);
  space.write(path!.slice(space.folder.length + 1), bytes);
  const run = await space.run("p.yaml", ["--set", "stages.after-good.with.a=7"]);
  expect(run.code).toBe(0);
  expect(run.inState("ran")).toEqual(["after-good", "good"]);
  expect(run.events.some((e) => e.event === "warning" && e["code"] === "lost-input")).toBe(true);
  const again = await space.run("p.yaml");
  expect(again.finished).toMatchObject({ ran: 0 });
});

test("a command that computes and draws nothing loads neither Arrow nor TensorFlow nor Vega", async () => {
  using space = new Space();
  space.write("p.yaml", `${chain("a: 5")}figures: { f: { data: good, mark: point } }\n`);
  await space.run("p.yaml");
  const log = space.path("modules.txt");
  const hook = new URL("../fixtures/log-modules.mjs", import.meta.url).href;
  for (const args of [
    ["run", "p.yaml"],
    ["plan", "p.yaml"],
    ["why", "p.yaml", "good"],
    ["check", "p.yaml"],
    ["nodes"],
    ["schema"],
    ["cache", "stats"],
    ["show", "p.yaml", "--figure"],
    ["--help"],
  ]) {
    const ended = await space.cli(args, { node: ["--import", hook], env: { MODULE_LOG: log } });
    expect(ended.code, ended.stderr).toBe(0);
  }
  const loaded = readFileSync(log, "utf8");
  expect(loaded).toContain("dist/cli/main.js");
  const drawing = /vega|resvg|preact|dagre/;
  expect(loaded).not.toMatch(drawing);
  expect(loaded).not.toMatch(/apache-arrow|hyparquet|zstddec|tensorflow|chokidar/);
});

test("the warnings of a result are printed whenever it is used, alike ones once", async () => {
  const stages = `stages:
  lattices:
    node: ising-sampler
    for: { seed: [1, 2, 3] }
    with: { size: 4, betas: [0.4], samples: 30, algorithm: wolff, seed: "\${seed}" }
  entropy: { node: entropy, inputs: { configurations: lattices }, with: { estimators: [cond5] } }
`;
  using space = new Space();
  space.write("p.yaml", `blockspin: 1\nname: p\n${stages}`);
  for (const state of ["ran", "cached"]) {
    const { events, inState } = await space.run("p.yaml");
    const warned = events.filter(({ event }) => event === "warning");
    expect(warned.map(({ code }) => code)).toEqual(Array(3).fill("few-windows"));
    expect(warned.map(({ id }) => id).sort()).toEqual(
      inState(state).filter((id) => id.startsWith("entropy")),
    );
  }
  const { stderr } = await space.cli(["run", "p.yaml"]);
  expect(stderr.match(/^warning\[few-windows\]: .*/gm)).toEqual([
    expect.stringMatching(/entropy\[seed=\d\]: cond5 at 1 beta: /),
    "warning[few-windows]: entropy: 2 more of these; --verbose prints them",
  ]);
});

/** `blockspin accept`: a code change that does not matter, on record and revocable. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const module = fileURLToPath(new URL("../fixtures/number-node.js", import.meta.url));
const code = readFileSync(module, "utf8");

const pipeline = `blockspin: 1
name: test
use: [./nodes.js]
stages:
  data: { node: number, for: { seed: [1, 2] }, with: { seed: "\${seed}" } }
  train: { node: number, inputs: { data: data }, with: { gain: 2 } }
`;

/** A store with the results of code that has been edited since: a comment, say. */
async function edited(): Promise<Space> {
  const space = new Space();
  space.write("nodes.js", code);
  space.write("p.yaml", pipeline);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 4 });
  space.write("nodes.js", `// An edit that does not matter.\n${code}`);
  return space;
}

const states = async (space: Space) => {
  const plan = JSON.parse((await space.cli(["plan", "p.yaml", "--json"])).stdout);
  return plan.map(({ state }: { state: string }) => state);
};
const because = ["--reason", "only a comment"];

test("accepted results are cached, descendants by content, and say by whom and why", async () => {
  using space = await edited();
  expect(await states(space)).toEqual(["run", "run", "unknown", "unknown"]);
  // data first: until its bytes are known, nothing can be said of train.
  const early = await space.cli(["accept", "p.yaml", "train", ...because]);
  expect(early).toMatchObject({
    code: 2,
    stderr:
      "error: the inputs of train[seed=1] are not known yet\n" +
      "  = accept or run these first: data\n",
  });
  const done = await space.cli(["accept", "p.yaml", "data", "train", ...because]);
  expect(done.stdout).toBe("accepted data x 2\naccepted train x 2\nwhat had changed: code\n");
  expect(await states(space)).toEqual(["cached", "cached", "cached", "cached"]);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 4 });
  const why = (await space.cli(["why", "p.yaml", "data[seed=1]"])).stdout;
  expect(why).toMatch(
    /^data\[seed=1\]: cached\n {2}accepted: only a comment\n {2}by \S+@\S+, 20\S+Z, as equal to sha256:/,
  );
  const plan = (await space.cli(["plan", "p.yaml"])).stdout;
  expect(plan).toContain("accepted data x 2\n           accepted: only a comment\n");
  expect(plan).toContain("4 cached (4 accepted); 0 run");
  const again = await space.cli(["accept", "p.yaml", "data", ...because]);
  expect(again.stdout).toBe("nothing to accept: all of these are computed\n");
});

test("accept --revoke takes it back, and the instance runs", async () => {
  using space = await edited();
  await space.cli(["accept", "p.yaml", "data", "train", ...because]);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 4 });
  const revoked = await space.cli(["accept", "p.yaml", "data[seed=2]", "--revoke"]);
  expect(revoked.stdout).toBe("revoked data[seed=2]\n");
  expect(await states(space)).toEqual(["cached", "run", "cached", "unknown"]);
  expect((await space.cli(["why", "p.yaml", "data[seed=2]"])).stdout).toContain(
    "its record is in quarantine; parameters, inputs and code are as before\n",
  );
  const run = await space.run("p.yaml");
  // The bytes came out the same, so what was accepted downstream holds.
  expect(run.finished).toMatchObject({ ran: 1, cached: 3 });
  const nothing = await space.cli(["accept", "p.yaml", "data[seed=2]", "--revoke"]);
  expect(nothing).toMatchObject({ code: 2, stderr: "error: none of these were accepted\n" });
});

test("accept refuses where more than the code differs, and says what", async () => {
  using space = await edited();
  space.write("p.yaml", pipeline.replace("gain: 2", "gain: 3"));
  await space.cli(["accept", "p.yaml", "data", ...because]);
  const refused = await space.cli(["accept", "p.yaml", "train", ...because]);
  expect(refused).toMatchObject({
    code: 2,
    stderr:
      "error: cannot accept the earlier result of train[seed=1]: it differs in params.gain (2 → 3)\n" +
      "  = only version, code, identity, salt and the content of a program's files may differ\n",
  });
  expect(await states(space)).toEqual(["cached", "cached", "run", "run"]);
});

test("accept refuses results whose tables the new code does not declare", async () => {
  using space = await edited();
  space.write("nodes.js", code.replaceAll("x: f64", "x: f32").replace("f64,", "f32,"));
  const refused = await space.cli(["accept", "p.yaml", "data", ...because]);
  expect(refused).toMatchObject({
    code: 2,
    stderr:
      "error: cannot accept the earlier result of data[seed=1]: " +
      'output "summary" has other columns now\n',
  });
});

test("accept finds a result in the store where the journal is gone", async () => {
  using space = await edited();
  space.remove("cache/v1/runs");
  await space.cli(["accept", "p.yaml", "data", "train", ...because]);
  expect(await states(space)).toEqual(["cached", "cached", "cached", "cached"]);
});

test.each([
  [["data"], 'error: accepting needs a reason\n  = --reason "only a comment changed"\n'],
  [["nothing", ...because], 'error: unknown stage "nothing"\n  = stages: data, train\n'],
  [
    ["data", ...because],
    "error: data[seed=1] has no earlier result\n  = blockspin run computes it\n",
  ],
])("accept %j says what is wrong", async (args, message) => {
  using space = new Space();
  space.write("nodes.js", code);
  space.write("p.yaml", pipeline);
  const ended = await space.cli(["accept", "p.yaml", ...args]);
  expect(ended).toMatchObject({ code: 2, stdout: "", stderr: message });
});

test("another content of a program's files is another version of its code", async () => {
  using space = new Space();
  const program = "cp inputs/rows.arrow outputs/out.arrow\n";
  space.write("program.sh", program);
  space.write(
    "p.yaml",
    `blockspin: 1
name: test
stages:
  rows: { node: ising-sampler, with: { size: 4, betas: [0.4], samples: 2 } }
  copy:
    node: command
    inputs: { rows: rows.configurations }
    with: { argv: [sh, program.sh], files: [program.sh], outputs: { out: { beta: float64 } } }
`,
  );
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 2 });
  space.write("program.sh", `# a comment\n${program}`);
  const done = await space.cli(["accept", "p.yaml", "copy", ...because]);
  expect(done).toMatchObject({
    code: 0,
    stdout: "accepted copy\nwhat had changed: params.files.program.sh.file\n",
  });
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 2 });
  space.write(
    "p.yaml",
    (await import("node:fs"))
      .readFileSync(space.path("p.yaml"), "utf8")
      .replace("argv: [sh,", "argv: [sh, -e,"),
  );
  expect((await space.cli(["accept", "p.yaml", "copy", ...because])).stderr).toContain(
    "it differs in params.argv",
  );
});

/** Output that nobody reads, or that cannot be written. */
import { expect, test } from "vitest";
import { probe, Space } from "../../harness/space.ts";

function makeSpace(): Space {
  const space = new Space();
  space.write(
    "p.yaml",
    `blockspin: 1
name: test
use: [${JSON.stringify(probe)}]
stages:
  a: { node: probe, for: { i: [1, 2, 3] }, with: { a: "\${i}", sleep_ms: 100 } }
  b: { node: probe, inputs: { x: { from: a, collect: all } } }
results: [b]
`,
  );
  return space;
}

test.each([
  ["progress", ["--verbose"], { stderr: "closed" }],
  ["events", ["--json"], { stdout: "closed" }],
] as const)("a run whose %s nobody reads goes on to its end", async (_, args, unread) => {
  using space = makeSpace();
  const { code } = await space.cli(["run", "p.yaml", "--jobs", "1", ...args], unread);
  expect(code).toBe(0);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 4 });
});

test("a failure to print is reported without a stack; a run goes on", async () => {
  using space = makeSpace();
  const message = /^error: cannot write to standard output: ENOSPC: [^\n]*\n$/;
  const run = await space.cli(["run", "p.yaml", "--json"], { stdout: "full" });
  expect(run.stderr).toMatch(message);
  expect(run.code).toBe(1);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 4 });
  const shown = await space.cli(["show", "p.yaml", "b", "--csv"], { stdout: "full" });
  expect(shown.stderr).toMatch(message);
  expect(shown.code).toBe(1);
});

test("a command that only prints ends well when its reader has seen enough", async () => {
  using space = makeSpace();
  await space.run("p.yaml");
  const { code, stderr } = await space.cli(["why", "p.yaml", "a"], { stdout: "closed" });
  expect(stderr).toBe("");
  expect(code).toBe(0);
});

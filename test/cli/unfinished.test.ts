/** A process in which nothing is left that could go on says what has not ended, and fails. */
import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { main, probe, Space } from "../harness/space.ts";

const start = pathToFileURL(main.replace(/main\.js$/, "start.js")).href;

/** Node ends such a process with exit code 13, and says nothing that a person understands. */
function ended(space: Space, script: string): Promise<{ code: unknown; stderr: string }> {
  const path = space.write("script.mjs", script);
  return new Promise((resolve) => {
    const env = { PATH: process.env["PATH"], HOME: space.folder, NO_COLOR: "1" };
    execFile(process.execPath, [path], { cwd: space.folder, env }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}

test("a run whose actions never come back names them", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    `blockspin: 1
name: test
use: [${JSON.stringify(probe)}]
stages:
  first: { node: probe, for: { item: [1, 2, 3] }, with: { a: "\${item}" } }
  second: { node: probe, inputs: { x: first }, with: { a: 4 } }
`,
  );
  const script = `
    import { start } from ${JSON.stringify(start)};
    const never = { execute: () => new Promise(() => {}), close: async () => {} };
    await start(["run", "p.yaml", "--jobs", "3"], { executors: { local: () => never } });
  `;
  const { code, stderr } = await ended(space, script);
  expect(stderr).toMatch(/^error: blockspin run cannot go on: it waits for what will never come/m);
  for (const item of [1, 2, 3]) {
    expect(stderr).toContain(`  first[item=${item}] has begun and not ended\n`);
  }
  expect(stderr).toContain("  3 instances had not begun\n");
  expect(code).toBe(1);
});

test("so does a command that asks a node type which never answers", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    "blockspin: 1\nname: test\nuse: [./nodes.js]\nstages:\n  own: { node: mine }\n",
  );
  space.write(
    "nodes.js",
    `import { defineNode, f64, table, Type } from "blockspin";
    export const mine = defineNode({
      type: "mine", version: 1, summary: "A test.", params: Type.Object({}), inputs: {},
      outputs: { out: table({ x: f64 }) },
      identify: () => new Promise(() => {}),
      async run() { return { out: { x: [1] } }; },
    });
    `,
  );
  const { code, stderr } = await space.cli(["plan", "p.yaml"], { process: true });
  expect(stderr).toMatch(/^error: blockspin plan cannot go on: /);
  expect(code).toBe(1);
});

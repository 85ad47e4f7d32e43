/** Failures that are nobody's bug: a message, and no stack. */
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { backendProblem } from "../../src/learn/backend/backend.ts";
import { Space } from "../harness/space.ts";

const nodes = (body: string, more = "") => `
import { defineNode, f64, File, table, Type } from "blockspin";
export const mine = defineNode({
  type: "mine", version: 1, summary: "A test.",
  params: Type.Object({ ms: Type.Number({ default: 0 }), file: Type.Optional(File()) }),
  inputs: {}, moreInputs: table({}), outputs: { out: table({ x: f64 }) }, ${more}
  async run({ params }) { ${body} },
});
`;
const wait = "await new Promise((resolve) => setTimeout(resolve, params.ms));";
const one = "return { out: { x: [1] } };";
const pipeline = (stages: string) =>
  `blockspin: 1\nname: test\nuse: [./nodes.js]\nstages:\n${stages}`;

const missing = await backendProblem("tensorflow");

test.runIf(missing)("without tensorflow, nothing starts that would need it later", async () => {
  using space = new Space();
  space.write("nodes.js", nodes(one, "backend: true,"));
  space.write("p.yaml", pipeline("  a: { node: mine }\n"));
  const { code, stderr } = await space.cli(["run", "p.yaml", "--backend", "tensorflow"]);
  expect(stderr).toBe(
    `error: backend "tensorflow" cannot be used: ${missing}\n  = blockspin nodes --backends\n`,
  );
  expect(code).toBe(2);
  expect((await space.cli(["runs", "p.yaml", "--json"])).stdout).toBe("[]\n");
});

test.each([
  ["return;", /^returned no object with its outputs \(out\)\n/],
  ["return { out: null };", /^returned no output "out"\n/],
])("a node whose run does %j fails with a message", async (body, message) => {
  using space = new Space();
  space.write("nodes.js", nodes(body));
  space.write("p.yaml", pipeline("  a: { node: mine }\n"));
  const run = await space.run("p.yaml");
  const failed = run.events.find((e) => e["state"] === "failed");
  expect(failed?.["error"]).toMatch(message);
  expect(failed?.["log"]).toEqual([]);
});

test("a file that is deleted while the pipeline runs is named", async () => {
  using space = new Space();
  space.write("nodes.js", nodes(`${wait} ${one}`));
  space.write("data.txt", "1");
  space.write(
    "p.yaml",
    pipeline(`  a: { node: mine, with: { ms: 1000 } }
  b: { node: mine, inputs: { x: a }, with: { file: data.txt } }
`),
  );
  const run = await space.run("p.yaml", [], {
    onOutput: (stdout) => {
      if (stdout.includes('"id":"a","state":"started"'))
        void setTimeout(0).then(() => space.remove("data.txt"));
    },
  });
  const failed = run.events.find((e) => e["state"] === "failed");
  expect(failed?.["error"]).toMatch(/^a file can no longer be read: ENOENT.*data\.txt/);
  expect(failed?.["log"]).toEqual([]);
});

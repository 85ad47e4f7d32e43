/** `blockspin nodes` and `blockspin schema`: what there is to write in a pipeline. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const own = `import { defineNode, f64, File, table, Type } from "blockspin";
export const mine = defineNode({
  type: "mine", version: 3, summary: "A test.",
  params: Type.Object({
    rate: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    tags: Type.Optional(Type.Array(Type.Union([Type.String(), Type.Integer({ minimum: 2 })]))),
    data: Type.Optional(File()),
    step: Type.Object({ by: Type.Number(), at: Type.Optional(Type.Number()) }, { default: { by: 1 } }),
  }),
  inputs: {}, outputs: { out: table({ x: f64 }) },
  run: () => ({ out: { x: [1] } }),
});
`;

test("nodes TYPE says what every parameter takes, of own node types too", async () => {
  using space = new Space();
  space.write("own.js", own);
  const { stdout } = await space.cli(["nodes", "mine", "--use", "own.js"]);
  expect(stdout).toContain("mine (version 3)\n");
  for (const line of [
    "rate: number > 0, <= 1 (required)",
    "tags: list of (string | integer >= 2) (optional)",
    "data: file (optional)",
    'step: { by, at? } (default {"by":1})',
  ]) {
    expect(stdout).toContain(`  ${line}\n`);
  }
  expect(stdout).toContain("\n  out:\n      x  float64\n");
  const sampler = (await space.cli(["nodes", "ising-sampler"])).stdout;
  expect(sampler).toMatch(
    / {2}algorithm: "[\w-]+"( \| "[\w-]+")* \| "metropolis".* \(default "wolff"\)/,
  );
  const unknown = await space.cli(["nodes", "mine"]);
  expect(unknown.stderr).toMatch(/^error: unknown node type "mine"\n.*--use FILE/);
  const none = await space.cli(["nodes", "--use", "none.js"]);
  expect(none.stderr).toMatch(/^error: none\.js: module ".*none\.js" does not exist\n$/);
  expect(none.code).toBe(2);
});

test("schema TYPE prints the schema that editors use", async () => {
  using space = new Space();
  space.write("own.js", own);
  const { stdout } = await space.cli(["schema", "ising-sampler"]);
  expect(stdout).toBe(readFileSync("schemas/ising-sampler.schema.json", "utf8"));
  const mine = await space.cli(["schema", "mine", "--use", "own.js"]);
  expect(JSON.parse(mine.stdout)).toMatchObject({ title: "mine", required: ["rate"] });
  expect(mine.stdout).not.toContain("x-blockspin");
});

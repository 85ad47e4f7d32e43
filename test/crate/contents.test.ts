/** What a crate holds of a run: the code that its keys cover, and who read what. */
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CrateDocument } from "../harness/crate-rules.ts";
import { Space } from "../harness/space.ts";

const space = new Space();
afterAll(() => space[Symbol.dispose]());

beforeAll(async () => {
  space.write("package.json", "{}");
  space.write("half.js", "exports.half = (x) => x / 2;\n");
  space.write(
    "nodes.cjs",
    `const { half } = require("./half");
const column = { columns: { x: { type: "float64" } } };
exports.source = {
  type: "source",
  version: 1,
  summary: "One number.",
  params: { type: "object", properties: { x: { type: "number" } }, required: ["x"] },
  inputs: {},
  outputs: { out: column },
  async run({ params }) {
    return { out: { x: [half(params.x)] } };
  },
};
exports.total = {
  type: "total",
  version: 1,
  summary: "A sum.",
  params: { type: "object", properties: {} },
  inputs: { numbers: column },
  outputs: { out: column },
  async run({ inputs }) {
    const { columns } = await inputs.numbers.table();
    return { out: { x: [columns.x.reduce((sum, x) => sum + x, 0)] } };
  },
};
`,
  );
  space.write(
    "p.yaml",
    `blockspin: 1
name: p
use: [./nodes.cjs]
stages:
  numbers: { node: source, for: { n: [2, 4] }, with: { x: "\${n}" } }
  # The same bytes as numbers[n=4], and read by nobody.
  other: { node: source, with: { x: 4 } }
  sum: { node: total, inputs: { numbers: { from: numbers, collect: all } } }
results: [sum]
`,
  );
  const ran = await space.run("p.yaml");
  expect(ran.code, ran.stderr).toBe(0);
  const written = await space.cli([
    "export",
    "--crate",
    "crate",
    "p.yaml",
    "numbers",
    "other",
    "sum",
    "--license",
    "MIT",
  ]);
  expect(written.code, written.stderr).toBe(0);
});

function entity(id: string) {
  const text = readFileSync(space.path("crate/ro-crate-metadata.json"), "utf8");
  return (JSON.parse(text) as CrateDocument)["@graph"].find((one) => one["@id"] === id);
}

test("an action lists the members of an input that it collected, and no twin of them", () => {
  expect(entity("#action/sum")!["object"]).toEqual([
    { "@id": "data/numbers_n=2.out.arrow" },
    { "@id": "data/numbers_n=4.out.arrow" },
  ]);
});

test("a file that a module requires is in the crate, as it is in the key", () => {
  expect(entity("workflow/half.js")).toBeDefined();
  expect(existsSync(space.path("crate/workflow/half.js"))).toBe(true);
});

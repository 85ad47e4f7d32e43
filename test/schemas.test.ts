/** The committed schemas are those of the node types, and they accept what the engine accepts. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { pipelineJsonSchema, schemaFiles } from "../src/engine/document/index.ts";
import { nodeTypes } from "../src/nodes/index.ts";
import { nodeTypes as testTypes } from "./engine/expand/nodes.ts";

test("schemas/ is up to date: npm run build writes it", () => {
  const files = schemaFiles(nodeTypes);
  const committed = readdirSync("schemas").filter((name) => name.endsWith(".schema.json"));
  expect(committed.sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) expect(readFileSync(`schemas/${name}`, "utf8")).toBe(text);
});

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => `${folder}/${name}`);
}

test.each(yamlFiles("pipelines"))("%s is valid for an editor", (path) => {
  const check = new Ajv({ strict: false }).compile(pipelineJsonSchema(nodeTypes));
  check(parse(readFileSync(path, "utf8")));
  expect(check.errors).toBe(null);
});

const check = new Ajv({ strict: false, allErrors: true }).compile(pipelineJsonSchema(testTypes));

/** Paths of what an editor underlines. */
function wrong(stages: string): string[] {
  check(parse(`{ blockspin: 1, stages: { a: ${stages} } }`));
  return [...new Set((check.errors ?? []).map(({ instancePath }) => instancePath))].sort();
}

test("a parameter may be a reference, a range or a value of its type, and nothing else", () => {
  const reference = `"\${x}"`;
  const betas = (value: string) => wrong(`{ node: sampler, with: { size: 4, betas: ${value} } }`);
  for (const value of ["[0.1]", reference, `[0.1, ${reference}]`]) expect(betas(value)).toEqual([]);
  expect(betas("{ from: 0, to: 1, step: 0.1 }")).toEqual([]);
  expect(betas("[red]")).toContain("/stages/a/with/betas/0");
  expect(betas("{ form: 0 }")).toContain("/stages/a/with/betas");
});

test("parameters may be left to the defaults, and unknown ones are told of", () => {
  expect(wrong("{ node: sampler, with: { size: 4 } }")).toEqual([]);
  expect(wrong("{ node: sampler }")).toEqual([]);
  const own = JSON.parse(schemaFiles(testTypes).get("sampler.schema.json")!);
  expect(own.required).toEqual(["size"]);
  expect(wrong("{ node: sampler, with: { size: 4, sise: 4 } }")).toContain("/stages/a/with");
});

test("input ports complete per node type", () => {
  expect(wrong("{ node: decimator, inputs: { configurations: b } }")).toEqual([]);
  expect(wrong("{ node: decimator, inputs: { configuration: b } }")).toContain("/stages/a/inputs");
  expect(
    wrong(
      "{ node: trainer, with: { layers: [{ dense: 2 }], seed: 1 }, inputs: { x: b, more: c } }",
    ),
  ).toEqual([]);
});

test("layers may be lists within a list, as the engine flattens them", () => {
  expect(wrong("{ node: trainer, with: { layers: [[{ dense: 2 }]], seed: 1 } }")).toEqual([]);
});

test("keys of the top that begin with x- are free, and others are not", () => {
  const keys = (key: string) => check(parse(`{ blockspin: 1, stages: {}, ${key}: &a { b: 1 } }`));
  expect(keys("x-base")).toBe(true);
  expect(keys("base")).toBe(false);
});

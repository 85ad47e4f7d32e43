import { expect, test } from "vitest";
import { loadUserNodes } from "../../../src/engine/modules/modules.ts";
import { Space } from "../../harness/space.ts";

/** A node type in a module of its own, without the package. */
const moduleOf = (traits: string) => `export const mine = {
  type: "mine", version: 1, summary: "Mine.", inputs: { rows: { columns: {} } },
  params: { type: "object", properties: { names: {}, steps: {} } },
  outputs: { path: { columns: { x: { type: "float64" } } } }, run: () => ({}), ${traits}
};`;

async function flawOf(traits: string): Promise<string | undefined> {
  using space = new Space();
  const path = space.write("nodes.js", moduleOf(traits));
  const { diagnostics } = await loadUserNodes([{ path, span: undefined as never }], []);
  return diagnostics[0]?.message;
}

test.each([
  ['splits: "name"', "splits must name a parameter"],
  ['maps: "names"', "maps must name an input port"],
  ["checkpoint: { columns: {} }", "a checkpoint is of use only with grows"],
  ['grows: { by: "step", extends: ["path"] }', "grows.by must name a parameter"],
  ['grows: { by: "steps" }', "grows.extends must be a list of output ports"],
  ['grows: { by: "steps", extends: ["paths"] }', 'grows.extends names no output port "paths"'],
  [
    'grows: { by: "steps", extends: [] }, checkpoint: { columns: {} }, outputs: { checkpoint: {} }',
    "no output port can be called checkpoint",
  ],
  ["figures: { A: { mark: {} } }", 'figures: "A" must be kebab-case'],
  [
    "figures: { a: {} }",
    'figures.a: figure "a" draws nothing (it has one of mark, layer, facet, repeat, concat, hconcat, vconcat, tiles, image)',
  ],
  ['figures: { a: { mark: "line", port: "way" } }', 'figures.a: there is no output port "way"'],
  [
    'figures: { a: { mark: "line", encoding: { x: { field: "y" } } } }',
    'figures.a: path has no column "y" (known: x)',
  ],
  ['figures: { a: { mrk: "line" } }', 'figures.a: unknown key "mrk" (did you mean "mark"?)'],
])("a node type with %s cannot be used", async (traits, flaw) => {
  expect(await flawOf(traits)).toBe(`cannot use node type "mine": ${flaw}`);
});

test("a node type whose traits name what is there can be used", async () => {
  const traits = 'splits: "names", grows: { by: "steps", extends: ["path"] }, maps: "rows"';
  expect(await flawOf(`${traits}, checkpoint: { columns: {} }`)).toBeUndefined();
});

const seed = '{ "x-blockspin": "seed" }';
const params = (properties: string) => `params: { type: "object", properties: { ${properties} } }`;

test.each([
  ["outputs: {}", "outputs must have a port: nothing else is kept"],
  ["outputs: { out: {} }", "outputs.out must be table({ … })"],
  ["outputs: { out: { columns: { x: 1 } } }", "outputs.out must be table({ … })"],
  ["outputs: { out: { columns: {} } }", "outputs.out: a table needs at least one column"],
  [
    'outputs: { out: { columns: { x: { type: "toString" } } } }',
    'outputs.out: column "x": unknown type toString',
  ],
  ['outputs: { ["__proto__"]: { columns: {} } }', "no port can be called __proto__"],
  ["inputs: { rows: {} }", "inputs.rows must be table({ … })"],
  ["notes: null", "notes must be an object of ports, each with a text for a column"],
  ['notes: { out: "x" }', "notes must be an object of ports, each with a text for a column"],
  ["typical: {}", "typical must have params"],
  [params(`a: ${seed}, b: ${seed}`), "params have several seeds (a, b): declare one, which may be"],
  [
    params(`a: { anyOf: [${seed}, { type: "null" }] }`),
    'Seed() must be a parameter of its own, not a part of "a"',
  ],
])("a node type with %s could only fail later", async (traits, flaw) => {
  expect(await flawOf(traits)).toContain(`cannot use node type "mine": ${flaw}`);
});

const concludes = (columns: string, more = 'verdicts: { YES: "It is." }') =>
  `concludes: { port: "path", columns: ${columns}, ${more} }`;

test.each([
  ["concludes: true", "concludes.port must name an output port"],
  [concludes("[]"), "concludes.columns must be an object of names of columns"],
  [concludes('{ name: "x" }'), "concludes.columns must name the columns name and verdict"],
  [
    concludes('{ name: "x", verdict: "x" }', "verdicts: []"),
    "concludes.verdicts must be an object",
  ],
  [
    concludes('{ name: "x", verdict: "x" }', 'verdicts: { YES: "" }, undecided: ["NO"]'),
    'concludes.undecided has "NO", which is not in verdicts',
  ],
  [
    concludes('{ name: "x", verdict: "x" }', 'verdicts: { YES: "" }, divided: ["BOTH"]'),
    'concludes.divided has "BOTH", which is not in verdicts',
  ],
  [
    concludes('{ name: "x", verdict: "x" }', 'verdicts: {}, facts: { port: "f", columns: {} }'),
    "concludes.facts.columns must name the columns name and verdict",
  ],
  [
    concludes(
      '{ name: "x", verdict: "x" }',
      'verdicts: {}, facts: { port: "f", columns: { name: "x", verdict: "x" } }',
    ),
    'concludes.facts names no output port "f"',
  ],
  [
    concludes(
      '{ name: "x", verdict: "x" }',
      'verdicts: {}, facts: { port: "path", columns: { name: "x", verdict: "z" } }',
    ),
    'concludes.facts.columns.verdict: port "path" has no column "z"',
  ],
  [
    concludes('{ name: "x", verdict: "y" }'),
    'concludes.columns.verdict: port "path" has no column "y"',
  ],
  [concludes('{ name: "x", verdict: "more.x" }'), 'concludes names no output port "more"'],
])("a node type with %s cannot be used", async (traits, flaw) => {
  expect(await flawOf(traits)).toContain(`cannot use node type "mine": ${flaw}`);
  expect(await flawOf(concludes('{ name: "x", verdict: "path.x" }'))).toBeUndefined();
});

test("a module that two files name is loaded once; two modules with one node type clash", async () => {
  using space = new Space();
  const [path, other] = ["nodes.js", "others.js"].map((name) => space.write(name, moduleOf("")));
  const span = undefined as never;
  const twice = await loadUserNodes(
    [
      { path: path!, span },
      { path: path!, span },
    ],
    [],
  );
  expect(twice.diagnostics).toEqual([]);
  expect(twice.value?.map(({ type }) => type.type)).toEqual(["mine"]);
  const both = await loadUserNodes(
    [
      { path: path!, span },
      { path: other!, span },
    ],
    [],
  );
  expect(both.diagnostics.map(({ message }) => message)).toEqual([
    'cannot use node type "mine": there is such a node type already',
  ]);
});

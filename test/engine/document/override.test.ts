import { resolve } from "node:path";
import { expect, test } from "vitest";
import { loadDocument, readPipeline } from "../../../src/engine/document/index.ts";
import { renderDiagnostic } from "../../../src/engine/language/diagnostic.ts";
import { get, plain } from "../../../src/engine/language/tree.ts";
import { loadPipeline } from "../../harness/load-pipeline.ts";
import { expand, fileSystem, find, tryExpand } from "../expand/expand.ts";

const base = `
params: { size: 4, betas: [0.1, 0.2] }
derived: { half: { divide: [size, 2] } }
stages:
  lattices: { node: sampler, with: { size: "\${size}", betas: "\${betas}", samples: "\${half}" } }
`;

function params(set: readonly string[]) {
  return find(expand(base, { set }), "lattices").params;
}

test("--set name=value replaces a param, and what is derived from it follows", () => {
  expect(params(["size=8"])).toMatchObject({ size: 8, samples: 4 });
  expect(params(["betas={ from: 0.1, to: 0.3, step: 0.1 }"])).toMatchObject({
    betas: [0.1, 0.2, 0.3],
  });
});

test("--set of a derived param gives it the value", () => {
  expect(params(["half=7"])).toMatchObject({ size: 4, samples: 7 });
});

test("--set with a dotted path replaces the value there, list elements by index", () => {
  expect(params(["stages.lattices.with.size=6"])).toMatchObject({ size: 6, samples: 2 });
  expect(params(["params.betas.1=0.3"])).toMatchObject({ betas: [0.1, 0.3] });
});

test("--set to null removes: a list element, or a key whose default then holds", () => {
  expect(params(["params.betas.0=null"])).toMatchObject({ betas: [0.2] });
  expect(params(["stages.lattices.with.samples=null"])).toMatchObject({ samples: 10 });
});

test("--set makes the mappings on its way where the file has none", () => {
  const text = "stages:\n  lattices: { node: sampler, with: { size: 4 } }\n";
  const set = ["stages.lattices.resources.threads=2", "defaults.sampler.samples=3"];
  const instance = find(expand(text, { set }), "lattices");
  expect(instance.resources).toEqual({ threads: 2 });
  expect(instance.params).toMatchObject({ samples: 3 });
});

test("the last --set wins", () => {
  expect(params(["size=8", "size=10"])).toMatchObject({ size: 10 });
});

test("extends adds to and replaces a section's entries by name, and null removes", () => {
  const files = {
    "base.yaml": `blockspin: 1
name: base
params: { size: 4, seeds: [1, 2] }
stages:
  lattices: { node: sampler, for: { seed: "\${seeds}" }, with: { size: "\${size}", seed: "\${seed}" } }
  coarse: { node: decimator, inputs: { configurations: lattices }, with: { factor: 2 } }
  extra: { node: sampler, with: { size: 4 } }
results: [coarse]
figures:
  kept: { data: lattices, mark: bar }
  gone: { data: extra, mark: bar }
`,
  };
  const graph = expand(
    `blockspin: 1
extends: ./base.yaml
params: { seeds: [3] }
figures:
  gone: null
  more: { data: coarse, mark: point }
stages:
  extra: null
  again: { node: decimator, inputs: { configurations: coarse } }
stages.coarse.with.factor: 1
stages.lattices.with.samples: 7
`,
    { files },
  );
  expect(graph.name).toBe("p");
  expect(
    graph.instances.map(({ id, params: { factor, samples } }) => [id, factor ?? samples]),
  ).toEqual([
    ["lattices[seed=3]", 7],
    ["coarse[seed=3]", 1],
    ["again[seed=3]", 2],
  ]);
  expect(graph.results).toEqual([{ instance: 1, port: "configurations" }]);
  expect(graph.figures.map(({ name }) => name)).toEqual(["kept", "more"]);
});

test("a file that extends may give a value to what is derived below it", () => {
  const files = { "base.yaml": `blockspin: 1${base}` };
  const graph = expand("blockspin: 1\nextends: ./base.yaml\nparams: { half: 9 }\n", { files });
  expect(find(graph, "lattices").params).toMatchObject({ samples: 9 });
});

test("files named in an extended file are relative to it, and use adds up", () => {
  const files = {
    "lib/base.yaml":
      "blockspin: 1\nuse: [./nodes.js]\nstages:\n  a: { node: importer, with: { file: ./a.csv } }\n",
    "lib/a.csv": "below",
    "a.csv": "above",
  };
  const text =
    "blockspin: 1\nextends: lib/base.yaml\nuse: [./mine.js]\nstages:\n  b: { node: importer, with: { file: a.csv } }\n";
  const graph = expand(text, { files });
  expect(find(graph, "a").params["file"]).toEqual({ file: "sha256:below" });
  expect(find(graph, "b").files).toEqual({ "sha256:above": resolve("/project/a.csv") });
  const { readFile } = fileSystem({ ...files, "p.yaml": text });
  const { value } = loadPipeline("/project/p.yaml", { readFile });
  expect(value!.use.map(({ path }) => path)).toEqual(["/project/lib/nodes.js", "/project/mine.js"]);
});

test("an error in what an extended file says points into that file", () => {
  const files = { "lib/base.yaml": "blockspin: 1\nstages:\n  a: { node: samler }\n" };
  const { text } = tryExpand("blockspin: 1\nextends: lib/base.yaml\n", { files });
  expect(text).toContain("/project/lib/base.yaml:3:14: error[unknown-node]");
});

test("an ablation's body is overrides: the document is read as if written so", () => {
  const { readFile } = fileSystem({
    "p.yaml": `blockspin: 1${base}
ablations:
  wide: { size: 8, stages.lattices.with.betas: [0.5] }
  wrong: { size: { a: 1 } }
`,
  });
  const { value: document } = loadDocument("/project/p.yaml", { readFile });
  const pipeline = readPipeline(document!).value!;
  const body = (name: string) =>
    pipeline.ablations.find((ablation) => ablation.name === name)!.overrides;
  const wide = readPipeline(document!, body("wide")).value!;
  expect(plain(wide.params.get("half")!)).toBe(4);
  expect(plain(get(wide.stages.get("lattices")!.with, "betas")!)).toEqual([0.5]);
  const wrong = readPipeline(document!, body("wrong"));
  expect(wrong.diagnostics.map(renderDiagnostic).join("\n")).toMatchInlineSnapshot(`
    "/project/p.yaml:9:18: error[invalid-value]: "size" must be a number or a list of numbers, got a mapping
    9 |   wrong: { size: { a: 1 } }
      |                  ^^^^^^^^
    /project/p.yaml:3:29: note: used here
    3 | derived: { half: { divide: [size, 2] } }
      |                             ^^^^"
  `);
});

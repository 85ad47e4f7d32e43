/** Runs as crates, through the real command line. */
import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { afterAll, expect, test } from "vitest";
import { brokenRules, type CrateDocument } from "../../harness/crate-rules.ts";
import { Space } from "../../harness/space.ts";

/** All tests work in one space, where the pipeline has run twice. */
const files = new Space();
afterAll(() => files[Symbol.dispose]());
const base = `blockspin: 1
name: base
params: { samples: 6 }
use: [../nodes/doubler.js]
stages:
  lattices:
    node: ising-sampler
    for: { seed: [1, 2] }
    with: { size: 4, betas: [0.3, 0.5], samples: "\${samples}", seed: "\${seed}" }
  own: { node: import, with: { size: 2, file: ../own.csv } }
  doubles:
    node: doubler
    inputs: { configurations: lattices.configurations }
`;
const top = `blockspin: 1
name: p
extends: ./base.yaml
results: [doubles]
`;
files.write("pipelines/base.yaml", base);
files.write("pipelines/p.yaml", top);
files.write("own.csv", 'beta,spins\n0.5,"[1,0,1,1]"\n0.5,"[1,1,1,1]"\n');
files.write("nodes/factor.js", "export const factor = 2;\n");
files.write(
  "nodes/doubler.js",
  `import { defineNode, f64, i32, Type, table } from "blockspin";
import { factor } from "./factor.js";
export const doubler = defineNode({
  type: "doubler",
  version: 3,
  summary: "Doubles magnetizations.",
  params: Type.Object({}, { additionalProperties: false }),
  inputs: { configurations: table({ magnetization: i32 }) },
  outputs: { doubled: table({ m: f64 }) },
  async run({ inputs }) {
    const { columns } = await inputs.configurations.table();
    return { doubled: { m: Float64Array.from(columns.magnetization, (m) => factor * m) } };
  },
});
`,
);

test("the pipeline runs, with six samples and then with seven", async () => {
  const { code, stderr } = await files.run("pipelines/p.yaml");
  expect(code, stderr).toBe(0);
  expect((await files.run("pipelines/p.yaml", ["--set", "samples=7"])).code).toBe(0);
});

async function crate(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await files.cli(["export", "--crate", folder, ...args]);
  expect(code, stderr).toBe(0);
  expect(stdout).toBe(`${folder}\n`);
  expect(brokenRules(files.path(folder))).toEqual([]);
  const text = readFileSync(files.path(`${folder}/ro-crate-metadata.json`), "utf8");
  const graph = (JSON.parse(text) as CrateDocument)["@graph"];
  return { text, stderr, entity: (id: string) => graph.find((one) => one["@id"] === id) };
}

const contents = (folder: string) =>
  readdirSync(files.path(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(files.path(folder).length + 1))
    .sort();

const common = [
  "pipeline.schema.json",
  "ro-crate-metadata.json",
  "workflow/nodes/doubler.js",
  "workflow/nodes/factor.js",
  "workflow/own.csv",
  "workflow/pipelines/base.yaml",
  "workflow/pipelines/p.yaml",
];

test("export --crate writes the results of the latest run with all that the pipeline is made of", async () => {
  const seven = ["pipelines/p.yaml", "--set", "samples=7", "--license", "CC-BY-4.0"];
  const { text, stderr, entity } = await crate("supplement", ...seven);
  expect(stderr).toBe("");
  const data = ["data/doubles_seed=1.doubled.arrow", "data/doubles_seed=2.doubled.arrow"];
  expect(contents("supplement")).toEqual([...data, ...common].sort());
  expect(entity("#value/samples")).toMatchObject({ value: 7 });
  expect(entity("#action/doubles%5Bseed%3D1%5D")).toMatchObject({ result: { "@id": data[0] } });
  expect(entity("workflow/nodes/factor.js")).toBeDefined();
  expect(text).not.toContain(files.folder);
  expect(text).not.toContain(JSON.stringify(hostname()));
  expect(text).not.toContain(`@${hostname()}`);
});

test("a crate's pipeline runs where it lies, and makes what the crate has", async () => {
  const { code, stderr } = await files.run("supplement/workflow/pipelines/p.yaml", [
    ...["--set", "samples=7", "--cache", "elsewhere"],
  ]);
  expect(code, stderr).toBe(0);
  const again = await crate(
    "again",
    ...["supplement/workflow/pipelines/p.yaml", "--set", "samples=7", "--cache", "elsewhere"],
  );
  const file = "data/doubles_seed=2.doubled.arrow";
  const metadata = readFileSync(files.path("supplement/ro-crate-metadata.json"), "utf8");
  expect(metadata).toContain(String(again.entity(file)?.["identifier"]));
});

test("export --crate takes an earlier run and the artifacts asked for, as CSV", async () => {
  const asked = ["--run", "latest~1", "--format", "csv", "lattices[seed=2].configurations", "own"];
  const { stderr, entity } = await crate("earlier", "pipelines/p.yaml", ...asked);
  expect(stderr).toBe("warning[license]: the crate states no license; --license adds one\n");
  const names = contents("earlier").filter((name) => name.startsWith("data/"));
  expect(names).toContain("data/lattices_seed=2.configurations.csv");
  expect(names.filter((name) => name.startsWith("data/own."))).not.toEqual([]);
  const file = "data/lattices_seed=2.configurations.csv";
  expect(readFileSync(files.path(`earlier/${file}`), "utf8").split("\n")).toHaveLength(2 + 2 * 6);
  expect(entity(file)).toMatchObject({ encodingFormat: "text/csv" });
  expect(entity("#value/samples")).toMatchObject({ value: 6 });
});

test("export --crate knows the media type of Parquet", async () => {
  const asked = ["--run", "latest~1", "--format", "parquet", "own"];
  const { entity } = await crate("columns", "pipelines/p.yaml", ...asked);
  const [name] = contents("columns").filter((name) => name.startsWith("data/"));
  expect(name).toMatch(/^data\/own\..*\.parquet$/);
  expect(entity(name!)).toMatchObject({ encodingFormat: "application/vnd.apache.parquet" });
});

test("export --crate says what it cannot do, and leaves nothing", async () => {
  const fails = async (args: string[], message: string) => {
    const { code, stderr, stdout } = await files.cli(["export", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(`error: ${message}`);
  };
  const p = "pipelines/p.yaml";
  await fails(["--crate", "x", p], "the pipeline is not the one of run ");
  await fails(["--crate", "supplement", p], '"supplement" is there already');
  await fails(["--crate", "x", p, "--license", "do what"], '"do what" is not a license');
  await fails(["--crate", "x", p, "--run", "latest~2"], 'there is no run "latest~2"');
  await fails(["--crate", "x", p, "--format", "npy"], "a crate holds whole tables");
  await fails(["--crate", "x", p, "--out", "y"], "--crate writes a folder of whole tables");
  await fails([p], "nothing to export is named");
  await fails([p, "own", "--run", "latest"], "--run and --license need --crate");
  files.write("pipelines/q.yaml", base.replace("../own.csv", files.path("own.csv")));
  expect((await files.run("pipelines/q.yaml")).code).toBe(0);
  await fails(["--crate", "x", "pipelines/q.yaml", "own"], "the pipeline names ");
  expect(readdirSync(files.folder).filter((name) => name.startsWith("x"))).toEqual([]);
});

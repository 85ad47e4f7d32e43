/** `blockspin nodes` and `blockspin schema`: what there is to write in a pipeline. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
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

test("nodes TYPE has a line for each column, and JSON has the same", async () => {
  using space = new Space();
  const { stdout } = await space.cli(["nodes", "decimator"]);
  expect(stdout).toMatch(/\n {2}configurations \(main\):\n {6}spins {2}bool\[8,8\] {2}The spins, /);
  expect(stdout).toContain("The lattice shrinks by factor at each step.");
  const more = (await space.cli(["nodes", "correlation"])).stdout;
  expect(more).toMatch(/\n {2}retention, where parameters or inputs ask for it:\n {6}beta /);
  const json = JSON.parse((await space.cli(["nodes", "decimator", "--json"])).stdout);
  expect(json.outputs).toBe(null);
  expect(json.typical.outputs.configurations.columns.spins).toMatchObject({ size: 64 });
  expect(json.notes.configurations.beta).toBe("Inverse temperature J / (k T).");
});

const pipeline = `blockspin: 1
stages:
  lattices: { node: ising-sampler, for: { seed: [1, 2] }, with: { size: 4, betas: [0.3], samples: 2, seed: "\${seed}" } }
  coarse: { node: decimator, inputs: { configurations: lattices }, with: { rule: majority } }
`;

test("show --schema needs no result, and show names the other ports", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const schema = await space.cli(["show", "p.yaml", "lattices", "--schema"]);
  expect(schema.stdout).toMatch(/^column +type +meaning\n.*\nspins +bool\[4,4\] +The spins, /);
  const json = await space.cli(["show", "p.yaml", "lattices.diagnostics", "--schema", "--json"]);
  expect(JSON.parse(json.stdout)).toEqual([
    expect.objectContaining({
      port: "diagnostics",
      schema: expect.objectContaining({ samples: { type: "int32" } }),
      notes: expect.objectContaining({ samples: "Configurations recorded from the chain." }),
    }),
  ]);
  const none = await space.cli(["show", "p.yaml", "lattices.spins", "--schema"]);
  expect([none.code, none.stderr]).toEqual([
    2,
    'error: lattices[seed=1] has no output "spins"\n  = outputs: configurations, diagnostics\n',
  ]);
  await space.run("p.yaml");
  const shown = await space.cli(["show", "p.yaml", "lattices"]);
  expect(shown.stderr).toBe("other ports: lattices.diagnostics\n");
  expect((await space.cli(["show", "p.yaml", "coarse"])).stderr).toBe("");
  expect((await space.cli(["show", "p.yaml", "lattices", "--csv"])).stderr).toBe("");
});

test("schema --pipeline completes stages, ports and axes, and takes what it does not know", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const ended = await space.cli(["schema", "--pipeline", "p.yaml", "--out", "new/p.json"]);
  expect([ended.code, ended.stdout]).toEqual([0, ""]);
  const schema = JSON.parse(readFileSync(space.path("new/p.json"), "utf8"));
  const sources = ["lattices", "lattices.configurations", "lattices.diagnostics"];
  expect(schema.$defs.input.anyOf[0].enum).toEqual([...sources, "coarse", "coarse.configurations"]);
  expect(schema.properties.results.items.anyOf[0].enum).toContain("coarse");
  const check = new Ajv({ strict: false }).compile(schema);
  const valid = (text: string) => check(parse(`${pipeline}${text}`));
  expect(valid("results: [coarse]\n")).toBe(true);
  expect(valid(`results: ["\${x}", other]\n`)).toBe(true);
  expect(valid("results: 3\n")).toBe(false);
});

test("an editor finds a node type's parameters and outputs beside its name", async () => {
  using space = new Space();
  const schema = JSON.parse((await space.cli(["schema"])).stdout);
  const types = schema.$defs.stage.properties.node.anyOf as { const?: string }[];
  const sampler = types.find((type) => type.const === "ising-sampler") as Record<string, string>;
  expect(sampler["markdownDescription"]).toContain('- `algorithm` ("wolff"): How the chains move');
  expect(sampler["markdownDescription"]).toContain("- `configurations` (main): spins, beta, chain");
});

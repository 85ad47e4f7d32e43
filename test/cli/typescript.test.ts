/** Users' node types in TypeScript: `use: [./mine.ts]`. */
import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const mine = `import { defineNode, f64, Type, table } from "blockspin/node";
import { dep } from "dep";
import { double, type Row } from "./lib/double.ts";

export const mine = defineNode({
  type: "mine", version: 1, summary: "A test.",
  params: Type.Object({ fail: Type.Boolean({ default: false }) }), inputs: {},
  outputs: { out: table({ x: f64 }) },
  run({ params }: { params: { fail: boolean } }) {
    const row: Row = { x: double(dep) };
    if (params.fail) (null as unknown as { go(): void }).go();
    console.log(import.meta.url);
    return { out: { x: [row.x satisfies number] } };
  },
});
`;

/** A project without \`"type": "module"\`, as a newcomer has it. */
function project(stages: string): Space {
  const space = new Space();
  space.write("package.json", "{}");
  mkdirSync(space.path("node_modules/dep"), { recursive: true });
  const manifest = { name: "dep", version: "1.2.3", type: "module", exports: "./dep.js" };
  space.write("node_modules/dep/package.json", JSON.stringify(manifest));
  space.write("node_modules/dep/dep.js", "export const dep = 5;\n");
  space.write(
    "lib/double.ts",
    'import type { Unused } from "./types.ts";\nexport interface Row { x: number }\n' +
      "export const double = (x: number): number => 2 * x;\n",
  );
  space.write("lib/types.ts", "export type Unused = string;\n");
  space.write("mine.ts", mine);
  space.write("p.yaml", `blockspin: 1\nname: p\nuse: [./mine.ts]\nstages:\n${stages}`);
  return space;
}

test("a module in TypeScript runs in a worker, with what it imports, from its own place", async () => {
  using space = project("  a: { node: mine }\nresults: [a]\n");
  const first = await space.cli(["run", "p.yaml"]);
  expect(first.stderr).toContain("1 ran");
  expect(first.stdout).toContain("10");
  const { stdout } = await space.cli(["log", "p.yaml", "a"]);
  expect(stdout).toMatch(/^file:.*\/mine\.ts\n$/);
});

test("the files as written are in the key, and not those of which only types are used", async () => {
  using space = project("  a: { node: mine }\n");
  await space.run("p.yaml", [], { process: true });
  space.write("lib/types.ts", "export type Unused = number;\n");
  expect((await space.run("p.yaml", [], { process: true })).inState("ran")).toEqual([]);
  space.write(
    "lib/double.ts",
    "export type Row = { x: number };\nexport const double = (x: number) => 2 * x;\n",
  );
  expect((await space.run("p.yaml", [], { process: true })).inState("ran")).toEqual(["a"]);
  space.write("mine.ts", mine.replace(" as unknown as ", " as  unknown as "));
  expect((await space.run("p.yaml", [], { process: true })).inState("ran")).toEqual(["a"]);
});

test("a failure points at the line and column of the file as written", async () => {
  using space = project("  a: { node: mine, with: { fail: true } }\n");
  expect((await space.cli(["run", "p.yaml"])).code).toBe(1);
  const { stdout } = await space.cli(["log", "p.yaml", "a"]);
  expect(stdout).toMatch(/at Object\.run \(file:.*\/mine\.ts:11:\d+\)/);
});

/** Name, code, and what is printed of it. */
const flawed: [string, string, string[]][] = [
  [
    "enum.ts",
    'const 縦: string = "😀";\n  enum A { b }\n',
    [
      "enum.ts:2:3: error",
      "TypeScript enum is not supported",
      "2 |   enum A { b }",
      "erasableSyntaxOnly",
    ],
  ],
  [
    "space.mts",
    "namespace A { export const b = 1; }",
    ["space.mts:1:1: error", "erasableSyntaxOnly"],
  ],
  [
    "property.ts",
    "class A {\n  constructor(private x: number) {}\n}",
    ["property.ts:2:23: error", "parameter property is not supported", "erasableSyntaxOnly"],
  ],
  [
    "syntax.ts",
    "const a: number = 1;\nconst b = ;\n",
    ["syntax.ts:2:11: error", "Expression expected"],
  ],
  [
    "later.ts",
    "const a: number = 1;\nlet b: string;\nlet b = 2;\n",
    ["later.ts:3:5: error", "'b' has already been declared"],
  ],
  [
    "top.ts",
    "const a: any = 1;\n\na.b.c;",
    ["top.ts:3:5: error", "Cannot read properties of undefined"],
  ],
  [
    "tsx.tsx",
    "export const a = <div/>;",
    ["p.yaml:3:", ".tsx would have to be translated", "write .ts, without JSX"],
  ],
  ["old.cts", "export const a = 1;", ["p.yaml:3:", ".cts would be CommonJS", "write .ts or .mts"]],
  [
    "js-name.ts",
    '\nimport { double } from "./lib/double.js";',
    ["js-name.ts:2:1: error", "there is no file", 'name the file as it is: "double.ts"'],
  ],
  [
    "no-ending.ts",
    'import { double } from "./lib/double";',
    ["no-ending.ts:1:1: error", 'name the file as it is: "double.ts"'],
  ],
  [
    "a-type.ts",
    'import { Row } from "./lib/double.ts";',
    ["a-type.ts:1:10: error", "if Row is a type, write: import type { Row }"],
  ],
  [
    "hidden.ts",
    'const x: string = "a";\nawait import(x);',
    ["hidden.ts:2:7: error", "2 | await import(x);"],
  ],
];

test.each(flawed)(
  "%s: what cannot be loaded is an error at its place",
  async (name, code, texts) => {
    using space = project("  a: { node: mine }\n");
    space.write(name, code);
    space.write("p.yaml", `blockspin: 1\nname: p\nuse: [./${name}]\nstages: {}\n`);
    const { code: exit, stderr } = await space.cli(["check", "p.yaml"]);
    expect(exit).toBe(2);
    for (const text of texts) expect(stderr).toContain(text);
  },
);

test("JavaScript that imports TypeScript works, and so does nodes --use", async () => {
  using space = project("  a: { node: mine }\n");
  space.write("all.js", 'export * from "./mine.ts";\n');
  const { stdout, code } = await space.cli(["nodes", "mine", "--use", "all.js"]);
  expect(code).toBe(0);
  expect(stdout).toContain("mine (version 1)");
});

test("a process of its own strips types too", async () => {
  using space = project("  a: { node: mine }\n");
  space.write(
    "mine.ts",
    mine.replace('summary: "A test.",', 'summary: "A test.", isolation: "process",'),
  );
  expect((await space.run("p.yaml")).inState("ran")).toEqual(["a"]);
});

test("without TypeScript, the stripper is not loaded", async () => {
  using space = project("  a: { node: mine }\n");
  space.write("mine.js", "export const mine = 1;\n");
  const hook = new URL("../fixtures/log-required.mjs", import.meta.url).href;
  const loaded = async (use: string) => {
    const env = { MODULE_LOG: space.path(`${use}.txt`) };
    await space.cli(["nodes", "--use", use], { node: ["--import", hook], env });
    return (await import("node:fs")).readFileSync(env.MODULE_LOG, "utf8");
  };
  expect(await loaded("mine.ts")).toContain("wasm-typescript");
  expect(await loaded("mine.js")).not.toContain("wasm-typescript");
});

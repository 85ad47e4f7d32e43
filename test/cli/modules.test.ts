/** Users' own modules, in a folder that is not a package. */
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const node = (
  type: string,
  more = "",
) => `import { defineNode, f64, Seed, Type, table } from "blockspin";
export const mine = defineNode({
  type: "${type}", version: 1, summary: "A test.", params: Type.Object({ lot: Seed({ default: 1 }) }),
  inputs: {}, outputs: { out: table({ x: f64 }) }, ${more}
  run: ({ random }) => ({ out: { x: [random("x").float64()] } }),
});
`;

/** Name, code, and where its error is: the text that it points at, and what it says. */
const flawed: [string, string, string][] = [
  ["a.js", "export const x = 1;\n\tconst = 5;\n", "a.js:2:8 = Unexpected token '='"],
  ["b.js", 'import "./lib/c.js";', "lib/c.js:3:3 b Unexpected identifier 'b'"],
  ["d.cjs", "let a;\nlet a;\n", "d.cjs:2:5 a Identifier 'a' has already been declared"],
  ["e.mjs", 'import "fs";\nlet a = "b;\n', 'e.mjs:2:9 "b; Invalid or unexpected token'],
  ["f.js", "export const f = () => {\n", "f.js:2:1  Unexpected end of input"],
  [
    "g.js",
    '\nimport { no } from "./lib/yes.js";',
    "g.js:2:10 no The requested module './lib/yes.js' does not provide an export named 'no'",
  ],
  [
    "h.js",
    '\nimport { no } from "./no.js";',
    'h.js:2:1 import { no } from "./no.js" there is no fi',
  ],
  ["i.js", "export const x = 1;\nexport const y = x.z.t;", "i.js:2:22 t Cannot read properties of"],
  ["j.js", 'import { f } from "./lib/f.js";\nf();', "lib/f.js:2:3 g g is not defined"],
  ["k.js", 'export const x = JSON.parse("{");', "k.js:1:23 p Expected property name"],
  ["l.js", "export const x = Type.Object({});", "l.js:1:18 T Type is not defined"],
];

test("what is wrong with a module points at its line and column", async () => {
  using space = new Space();
  space.write("package.json", "{}");
  space.write("lib/c.js", "export const f = {\n  a: 1\n  b: 2 };");
  space.write("lib/yes.js", "export const yes = 1;");
  space.write("lib/f.js", "export const f = () => {\n  g();\n};");
  for (const [name, code] of flawed) space.write(name, code);
  const use = flawed.map(([name]) => `./${name}`).join(", ");
  space.write("p.yaml", `blockspin: 1\nname: test\nuse: [${use}]\nstages: {}\n`);
  const { stderr, code } = await space.cli(["check", "p.yaml"]);
  expect(code).toBe(2);
  const shown =
    /^(.*:\d+:\d+): error\[invalid-module\]: cannot load this module: (.*)\n\d+ \| (.*)\n *\| (.*)$/gm;
  const found = [...stderr.matchAll(shown)].map(([, place, reason, text, carets]) => {
    const start = carets!.indexOf("^");
    return `${place} ${text!.slice(start, carets!.length)} ${reason}`;
  });
  for (const [i, [, , expected]] of flawed.entries()) expect(found[i]).toContain(expected);
  expect(stderr.match(/p\.yaml:3:\d+: note: used here/g)).toHaveLength(flawed.length);
  const nodes = await space.cli(["nodes", "--use", "a.js"]);
  expect(nodes.stderr).toMatch(/^a\.js:2:8: error.*\n2 \| \tconst = 5;\n {2}\| \t {6}\^\n$/);
});

test("a folder that does not say what its modules are is nobody's trouble", async () => {
  using space = new Space();
  space.write("package.json", "{}");
  space.write("a.js", node("mine"));
  space.write("b.js", node("yours", 'isolation: "process",'));
  const stages = "  a: { node: mine }\n  b: { node: yours, with: { lot: 2 } }\n";
  space.write("p.yaml", `blockspin: 1\nname: test\nuse: [./a.js, ./b.js]\nstages:\n${stages}`);
  const commands = [["check"], ["plan"], ["run"], ["show"], ["log"]].map(([command]) =>
    command === "show" || command === "log" ? [command, "p.yaml", "b"] : [command!, "p.yaml"],
  );
  for (const command of commands) {
    const { stdout, stderr, code } = await space.cli(command);
    expect(stdout + stderr).not.toContain("MODULE_TYPELESS");
    expect(stdout + stderr).not.toContain("Reparsing");
    expect(code).toBe(0);
  }
});

test("a module in a package of CommonJS says how Node would read it as what it is", async () => {
  using space = new Space();
  space.write("package.json", '{ "type": "commonjs" }');
  space.write("a.js", node("mine"));
  space.write("b.js", "export const x = 1;\n");
  for (const [name, reason] of [
    ["a.js", "Cannot use import statement outside a module"],
    ["b.js", "Unexpected token 'export'"],
  ] as const) {
    space.write("p.yaml", `blockspin: 1\nname: test\nuse: [./${name}]\nstages: {}\n`);
    const { stderr, code } = await space.cli(["check", "p.yaml"], { process: true });
    expect(code).toBe(2);
    expect(stderr).toContain(
      `${name}:1:1: error[invalid-module]: cannot load this module: ${reason}`,
    );
    expect(stderr).toContain('= write "type": "module" in the package.json of this file');
  }
});

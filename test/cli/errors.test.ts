/** What a person sees when the command line, a module or the store is wrong: whole messages. */
import { existsSync, mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const pipeline = `blockspin: 1
name: test
stages:
  lattices: { node: ising-sampler, with: { size: 4, betas: [0.3], samples: 2, seed: 1 } }
`;

async function stderrOf(space: Space, args: readonly string[]) {
  const { code, stderr, stdout } = await space.cli(args);
  return { code, stdout, text: stderr.replaceAll(space.folder, "~") };
}

test.each([
  [["run", "nowhere.yaml"], 2, 'error[file-not-found]: there is no file "nowhere.yaml"\n'],
  [["show", "p.yaml", "latices"], 2, 'error: unknown stage "latices"\n  = stages: lattices\n'],
  [
    ["run", "p.yaml", "--only", "lattices[beta=1]"],
    2,
    'error: unknown axis "beta": stage "lattices" has no such axis\n  = write lattices alone\n',
  ],
  [
    ["show", "p.yaml", "lattices"],
    2,
    "error: lattices has not been computed\n  = blockspin run p.yaml --only lattices\n",
  ],
  [
    ["why", "p.yaml", "[]"],
    2,
    'error: invalid instance pattern "[]"\n  = write stage or stage[axis=value,…], either with .port\n',
  ],
  [
    ["nodes", "sampler"],
    2,
    /^error: unknown node type "sampler"\n {2}= node types: ising-sampler, /,
  ],
  [["rum", "p.yaml"], 2, /^error: unknown command 'rum'\n\(Did you mean run\?\)/],
  [["run", "p.yaml", "--jobs", "none"], 2, /argument 'none' is invalid\. expected 1, 2, 3, …/],
] as const)("blockspin %j says what is wrong", async (args, code, message) => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const ended = await stderrOf(space, args);
  if (typeof message === "string") expect(ended.text).toBe(message);
  else expect(ended.text).toMatch(message);
  expect(ended).toMatchObject({ code, stdout: "" });
});

test("a store that cannot be written is an error before anything runs", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  space.write("taken", "a file");
  const ended = await stderrOf(space, ["run", "p.yaml", "--cache", "taken"]);
  expect(ended.text).toBe(
    'error[store-unwritable]: cannot write store "~/taken": not a directory (ENOTDIR)\n',
  );
  expect(ended).toMatchObject({ code: 1, stdout: "" });
});

test("a store of a newer format is an error", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  mkdirSync(space.path("cache/v2"), { recursive: true });
  const ended = await stderrOf(space, ["run", "p.yaml"]);
  expect(ended.text).toBe(
    'error[store-version]: store "~/cache" has format 2; this version reads format 1\n',
  );
  expect(ended).toMatchObject({ code: 1, stdout: "" });
});

test("a bad configuration file is an error", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  space.write("blockspin.config.yaml", "cahce: elsewhere\n");
  const ended = await stderrOf(space, ["run", "p.yaml"]);
  expect(ended.text).toBe(
    [
      '~/blockspin.config.yaml:1:1: error[invalid-config]: unknown key "cahce"',
      "1 | cahce: elsewhere",
      "  | ^^^^^",
      "  = keys: cache, jobs, executor, cluster, remotes, trust\n",
    ].join("\n"),
  );
  expect(ended).toMatchObject({ code: 2, stdout: "" });
});

test("an unknown executor is refused before planning", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  space.write("blockspin.config.yaml", "jobs: 2\nexecutor: slurmy\n");
  const ended = await stderrOf(space, ["run", "p.yaml"]);
  expect(ended.text).toBe(
    [
      '~/blockspin.config.yaml:2:11: error[invalid-config]: unknown executor "slurmy"',
      "2 | executor: slurmy",
      "  |           ^^^^^^",
      "  = executors: local\n",
    ].join("\n"),
  );
  expect(ended).toMatchObject({ code: 2, stdout: "" });
  expect(existsSync(space.path("cache"))).toBe(false);
});

const withModule = `blockspin: 1
name: test
use: [./nodes.js]
stages:
  a: { node: mine }
`;
const at = "p.yaml:3:7: error[invalid-module]: ";
const excerpt = "\n3 | use: [./nodes.js]\n  |       ^^^^^^^^^^\n";

/** An error that points into the module, and says where that is used. */
const located = (place: string, reason: string, code: string, hint?: string) =>
  `nodes.js:${place}: error[invalid-module]: cannot load this module: ${reason}\n${code}\np.yaml:3:7: note: used here${excerpt}${hint === undefined ? "" : `  = ${hint}\n`}`;

test.each([
  [undefined, `${at}module "~/nodes.js" does not exist${excerpt}`],
  [
    "export const x = 1;\n",
    `${at}exports no node type${excerpt}  = export what defineNode(…) returns\n`,
  ],
  ["throw 'up';\n", `${at}cannot load this module: it threw up${excerpt}`],
  [
    "export const = 1;\n",
    located("1:14", "Unexpected token '='", "1 | export const = 1;\n  |              ^"),
  ],
  [
    "const name = './other.js';\nexport const x = await import(name);\n",
    located(
      "2:24",
      "import() of something other than a literal: its code cannot be part of the key",
      "2 | export const x = await import(name);\n  |                        ^^^^^^^^^^^^",
    ),
  ],
  [
    'import "no-such-package";\n',
    located(
      "1:1",
      'cannot find package "no-such-package"',
      '1 | import "no-such-package";\n  | ^^^^^^^^^^^^^^^^^^^^^^^^',
      "npm install no-such-package",
    ),
  ],
  [
    'import "@/other.js";\n',
    located(
      "1:1",
      'cannot find package "@/other.js"',
      '1 | import "@/other.js";\n  | ^^^^^^^^^^^^^^^^^^^',
      "paths of tsconfig.json are not read: write where the file is, such as ./b.ts",
    ),
  ],
  [
    "@mine class A {}\n",
    located(
      "1:1",
      "Invalid or unexpected token",
      "1 | @mine class A {}\n  | ^",
      "JavaScript has no decorators: call the function instead",
    ),
  ],
])("a module of node types that cannot be used is an error (%j)", async (code, message) => {
  using space = new Space();
  space.write("p.yaml", withModule);
  if (code !== undefined) space.write("nodes.js", code);
  const ended = await stderrOf(space, ["check", "p.yaml"]);
  expect(ended.text).toBe(message);
  expect(ended).toMatchObject({ code: 2, stdout: "" });
});

/** What is code of a user's module, and what cannot be: a change must make its results stale. */
import { expect, test } from "vitest";
import { codeDigest } from "../../../src/engine/modules/code-digest.ts";
import { CodeError } from "../../../src/engine/modules/code-error.ts";
import { Space } from "../../harness/space.ts";

/** Whether a module's digest is another once one of the files has other content. */
async function notices(files: Readonly<Record<string, string>>, changed: string, text: string) {
  using space = new Space();
  for (const [name, code] of Object.entries(files)) space.write(name, code);
  const before = await codeDigest(space.path("nodes.js"));
  space.write(changed, text);
  return (await codeDigest(space.path("nodes.js"))) !== before;
}

async function refusal(files: Readonly<Record<string, string>>): Promise<string> {
  using space = new Space();
  for (const [name, code] of Object.entries(files)) space.write(name, code);
  const error: unknown = await codeDigest(space.path("nodes.js")).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(CodeError);
  return (error as Error).message.replaceAll(space.folder, "~");
}

const entry = 'import cj from "./c.cjs";\nexport const x = cj;\n';

test.each([
  ["literally", 'module.exports = require("./d.cjs");', "d.cjs"],
  ["in other quotes", "const d = require ( `./d.cjs`, );", "d.cjs"],
  ["from the module object", "module.require('./d.cjs')", "d.cjs"],
  ["without an ending", 'const d = require("./d");', "d.js"],
  ["as JSON", 'const d = require("./d");', "d.json"],
  ["as a folder", 'const d = require("./d");', "d/index.js"],
  ["behind what looks like a comment", 'const u = "//"; require("./d.cjs");', "d.cjs"],
])("code that CommonJS requires %s is part of the digest", async (_, code, file) => {
  const files = { "nodes.js": entry, "c.cjs": code, [file]: "0" };
  expect(await notices(files, file, "1")).toBe(true);
});

test("so is code that this code requires, and a file in its stead", async () => {
  const files = { "nodes.js": entry, "c.cjs": 'require("./d")', "d/index.js": 'require("../e")' };
  expect(await notices({ ...files, "e.js": "0" }, "e.js", "1")).toBe(true);
  expect(await notices(files, "d.js", "1")).toBe(true);
  expect(await notices(files, "e.js", "1")).toBe(true);
});

test("a .js file that is not a module may require, too", async () => {
  const files = {
    "nodes.js": 'import cj from "./old/c.js";\nexport const x = cj;\n',
    "old/package.json": '{ "type": "commonjs" }',
    "old/c.js": 'module.exports = require("./d.js");',
    "old/d.js": "0",
  };
  expect(await notices(files, "old/d.js", "1")).toBe(true);
});

test.each([
  "require(name)",
  'require("./" + name)',
  "require(`./$" + "{name}`)",
  'require("./d.cjs" + name)',
  "const r = require\nr(name)",
  "const r = require;",
  'module["require"](name)',
  'require.resolve("./d.cjs")',
])("%j could be any code, and is refused", async (code) => {
  const message = await refusal({ "nodes.js": entry, "c.cjs": `// one\n${code}` });
  const line = "~/c.cjs:2: require() of something other than a literal";
  expect(message).toBe(`${line}: its code cannot be part of the key`);
});

test("createRequire() is refused, in modules and elsewhere", async () => {
  const code = 'import { createRequire } from "node:module";\n';
  const said = "createRequire() hides code that cannot be part of the key; import the file instead";
  expect(await refusal({ "nodes.js": code })).toBe(`~/nodes.js:1: ${said}`);
  const files = { "nodes.js": entry, "c.cjs": '\nrequire("module").createRequire(__filename)' };
  expect(await refusal(files)).toBe(`~/c.cjs:2: ${said}`);
});

test("a required folder with a package.json is refused: that says which file it is", async () => {
  const files = { "nodes.js": entry, "c.cjs": 'require("./d")', "d/package.json": "{}" };
  expect(await refusal(files)).toBe(
    "~/c.cjs: require() of a folder with a package.json: name its file",
  );
});

test("what has the word and requires nothing is let through", async () => {
  const code = [
    "// all of these require care; required or not",
    '"function" === typeof require && require.main === module;',
    'try { require("not-there"); require("./not-there") } catch {}',
    'require("fs"); require("node:path"); require("vitest");',
  ].join("\n");
  using space = new Space();
  space.write("nodes.js", entry);
  space.write("c.cjs", code);
  space.write("node_modules/vitest/package.json", '{ "version": "1.0.0" }');
  await codeDigest(space.path("nodes.js"));
});

test("modules have no require: there it is a name like another", async () => {
  using space = new Space();
  space.write("nodes.js", "const require = (x) => x;\nexport const x = require(1);\n");
  await codeDigest(space.path("nodes.js"));
});

// Puts dist/engine/typebox.js and the modules that it imports into one file: 200 would take half of the
// time in which the command line starts.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = new URL("../", import.meta.url);
const file = fileURLToPath(new URL("dist/engine/typebox.js", root));
const license = readFileSync(new URL("node_modules/@sinclair/typebox/license", root), "utf8");
await build({
  input: file,
  platform: "node",
  output: { file, format: "esm", banner: `/*!\n${license.trim()}\n*/` },
});

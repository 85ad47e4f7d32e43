/** Writes docs/node-types.md from the built node types; a file that is up to date stays untouched. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const dist = new URL("../dist/", import.meta.url);
const page = new URL("../docs/node-types.md", import.meta.url);
const reference = new URL("cli/print/reference.js", dist);

if (existsSync(reference)) {
  const { nodeTypes } = await import(new URL("nodes/index.js", dist).href);
  const { referencePage } = await import(reference.href);
  const text = referencePage(nodeTypes);
  if (!existsSync(page) || readFileSync(page, "utf8") !== text) writeFileSync(page, text);
}

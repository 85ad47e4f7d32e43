/** Writes schemas/ from the built node types; a file that is up to date stays untouched. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const dist = new URL("../dist/", import.meta.url);
const schemas = new URL("../schemas/", import.meta.url);
const nodes = new URL("nodes/index.js", dist);

if (existsSync(nodes)) {
  const { nodeTypes } = await import(nodes.href);
  const { schemaFiles } = await import(new URL("engine/document/index.js", dist).href);
  const files = schemaFiles(nodeTypes);
  mkdirSync(schemas, { recursive: true });
  for (const name of readdirSync(schemas)) {
    if (name.endsWith(".schema.json") && !files.has(name)) rmSync(new URL(name, schemas));
  }
  for (const [name, text] of files) {
    const path = new URL(name, schemas);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }
}

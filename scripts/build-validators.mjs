/** Writes dist/engine/language/validators.cjs: the shipped schemas, compiled to functions. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const dist = new URL("../dist/", import.meta.url);
const { nodeTypes } = await import(new URL("nodes/index.js", dist).href);
const { builtinValidators } = await import(new URL("engine/document/index.js", dist).href);

const path = new URL("engine/language/validators.cjs", dist);
const text = builtinValidators(nodeTypes);
if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);

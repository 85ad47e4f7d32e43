/**
 * Puts the modules that a plan needs into one file, dist/chunks/pack.cjs, and beside it what V8 makes of them:
 * its code of all functions that these commands call. See load.cjs.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const { start, load, names, asFunction, packed, keep } = createRequire(import.meta.url)(
  join(dist, "chunks/load.cjs"),
);
const validators = "engine/language/validators";

/** Calls commands that find nothing to do, in this process. */
async function callCommands(cache) {
  const file = join(root, "pipelines/smoke.yaml");
  const place = [file, "--cache", cache];
  const write = process.stdout.write;
  process.stdout.write = () => true;
  // A function that is not called for a while would lose its code; and the flags are part of what is kept.
  setFlagsFromString("--no-flush-bytecode");
  const { run } = load("cli/program");
  for (const command of ["check", "run", "plan"]) await run([command, ...place]);
  await run(["run", "--json", ...place]);
  load(validators);
  load("index");
  setFlagsFromString("--flush-bytecode");
  process.stdout.write = write;
}

/** Reading a text with any other character takes five times as long, and twice the memory. */
function ascii(text) {
  return text.replaceAll(/[^\0-\x7f]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

async function build() {
  const cache = mkdtempSync(join(tmpdir(), "blockspin-build-"));
  try {
    // What they print is of interest only where one fails, and then stands in the error.
    const quiet = { encoding: "utf8", stdio: "pipe" };
    const call = (...args) => execFileSync(process.execPath, args, quiet);
    const self = fileURLToPath(import.meta.url);
    call(join(dist, "cli/main.js"), "run", join(root, "pipelines/smoke.yaml"), "--cache", cache);
    const listed = JSON.parse(call(self, "list", cache));
    const modules = listed.map((name) => [name, join(dist, `${name}.cjs`)]);
    const texts = modules.map(
      ([name, path]) => `${JSON.stringify(name)}${asFunction(readFileSync(path, "utf8"))}`,
    );
    writeFileSync(packed, ascii(`"use strict";({${texts.join(",\n")}})\n`));
    for (const [, path] of modules) rmSync(path);
    const back = relative(join(dist, "engine/language"), join(dist, "chunks/load.cjs"));
    const stub = `module.exports = require("${back}").load("${validators}");\n`;
    writeFileSync(join(dist, `${validators}.cjs`), stub);
    call(self, "code", cache);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

const [verb, cache] = process.argv.slice(2);
if (verb === undefined) await build();
else {
  start("cli/start");
  await callCommands(cache);
  if (verb === "list") process.stdout.write(JSON.stringify(names()));
  else keep();
}

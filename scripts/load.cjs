/**
 * Runs modules of dist/, with what V8 made of them before. Most of a short process would be the compiling of what
 * it needs, so the modules of which every start needs some lie in one file, and beside it lies that file's code as
 * V8 keeps it: for this very file, this V8 and the flags below. Any other is a miss, and V8 compiles. Made by
 * scripts/build-code.mjs; copied to dist/chunks/ by scripts/bundle.mjs. Knows no module.
 */
"use strict";
const { createHash } = require("node:crypto");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join, posix } = require("node:path");
const { setFlagsFromString } = require("node:v8");
const vm = require("node:vm");

const dist = dirname(__dirname);
const external = createRequire(__filename);
const packed = join(__dirname, "pack.cjs");
const kept = `${packed}.${process.versions.v8}-${process.arch}.code`;
const loaded = new Map();
let pack;

/** The exports of a module, by its path in dist/ without `.cjs`. */
function load(name) {
  const known = loaded.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  pack ??= openPack();
  const path = join(dist, `${name}.cjs`);
  const run = pack.modules[name] ?? wrapped(path);
  const folder = posix.dirname(name);
  const required = (id) =>
    id.startsWith(".") ? load(posix.join(folder, id).slice(0, -".cjs".length)) : external(id);
  run(module.exports, required, module, path, (id) => import(id));
  return module.exports;
}

/** Loads what a process is for. */
function start(name) {
  // Packages that are ECMAScript modules alone are required here.
  if (!process.features.require_module) {
    const needs = "blockspin needs Node 20.19, 22.13 or newer";
    process.stderr.write(`error: ${needs}, and this is ${process.version}\n`);
    process.exit(1);
  }
  // V8 compiles a function once it has run for so long. Most processes end in seconds, and with its default, a
  // quarter of this, spend a fifth of their CPU time compiling; loops of minutes start a few ms later. Node 22 has
  // another flag, and says so of this one.
  if (process.versions.node.startsWith("20.")) setFlagsFromString("--interrupt-budget=300000");
  return load(name);
}

function openPack() {
  if (!existsSync(packed)) return { modules: {} };
  const bytes = readFileSync(packed);
  const script = compile(packed, bytes.latin1Slice(), codeFor(bytes));
  return { script, modules: script.runInThisContext() };
}

/** V8 believes what it is given, so a digest of both comes first: one flipped bit could end the process. */
function codeFor(text) {
  if (!existsSync(kept)) return undefined;
  const all = readFileSync(kept);
  const code = all.subarray(32);
  return digestOf(text, code).equals(all.subarray(0, 32)) ? code : undefined;
}

function digestOf(text, code) {
  return createHash("sha256").update(text).update(code).digest();
}

/** Keeps what V8 has made of the pack until now. */
function keep() {
  const code = pack.script.createCachedData();
  writeFileSync(kept, Buffer.concat([digestOf(readFileSync(packed), code), code]));
}

/** A chunk as what follows a function's name. Scripts cannot `import()`, so bundle.mjs calls that `IMPORT`. */
function asFunction(text) {
  return `(exports, require, module, __filename, IMPORT) {${text}\n}`;
}

function wrapped(path) {
  return compile(
    path,
    `"use strict";(function ${asFunction(readFileSync(path, "utf8"))})`,
  ).runInThisContext();
}

function compile(filename, text, cachedData) {
  return new vm.Script(text, { filename, cachedData });
}

module.exports = { load, start, asFunction, packed, keep, names: () => [...loaded.keys()] };

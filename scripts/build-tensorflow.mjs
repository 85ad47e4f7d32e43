/**
 * Builds @tensorflow/tfjs-node where the library that its installer downloads cannot be had: on a cluster,
 * or on a machine without a network. Uses a TensorFlow that is there:
 *
 *   node scripts/build-tensorflow.mjs TENSORFLOW
 *
 * TENSORFLOW is a wheel (tensorflow_cpu-….whl), the folder of the installed Python package
 * (…/site-packages/tensorflow), or the C library unpacked (a folder with lib/ and include/). Linux only;
 * takes a C++ compiler, make, and a Python for node-gyp. Knows nothing of Blockspin, but for its list of
 * backends, which it prints at the end.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "node_modules/@tensorflow/tfjs-node");
const version = "4.22.0";

/** A problem that a person can act on. */
class Trouble extends Error {}

try {
  build(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Trouble)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}

function build(given) {
  if (given.length !== 1) {
    throw new Trouble("usage: node scripts/build-tensorflow.mjs WHEEL_OR_FOLDER");
  }
  if (process.platform !== "linux") throw new Trouble(`is for Linux, not ${process.platform}`);
  const source = resolve(given[0]);
  if (!existsSync(source)) throw new Trouble(`${given[0]} is not there`);
  const library = source.endsWith(".whl") ? undefined : libraryIn(source);
  requirePackage();
  const deps = join(target, "deps");
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, "lib"), { recursive: true });
  if (library) link(library, deps);
  else unpack(source, deps);
  nameLibraries(join(deps, "lib"));
  compile();
  const main = join(root, "dist/cli/main.js");
  if (existsSync(main)) run("the list of backends", process.execPath, main, "nodes", "--backends");
}

/** Where a folder has its libraries and headers. */
function libraryIn(folder) {
  if (!statSync(folder).isDirectory())
    throw new Trouble(`${folder} is neither a wheel nor a folder`);
  const include = join(folder, "include");
  const lib = existsSync(join(folder, "lib")) ? join(folder, "lib") : folder;
  if (!existsSync(join(include, "tensorflow/c/c_api.h"))) {
    throw new Trouble(`${folder} has no include/tensorflow/c/c_api.h: not a TensorFlow`);
  }
  if (libraries(lib).length === 0) throw new Trouble(`${folder} has no libtensorflow`);
  linksOf(libraries(lib));
  return { lib, include };
}

function libraries(folder) {
  return readdirSync(folder).filter((name) => /^libtensorflow(_cc|_framework)?\.so/.test(name));
}

/** The package without its installer, which would download. */
function requirePackage() {
  if (existsSync(join(target, "binding.gyp"))) return;
  const what = `@tensorflow/tfjs-node@${version}`;
  run("npm install", "npm", "install", "--no-save", "--ignore-scripts", what);
  if (!existsSync(join(target, "binding.gyp"))) throw new Trouble(`npm did not install ${what}`);
}

/** Large files stay where they are. */
function link({ lib, include }, deps) {
  for (const name of libraries(lib)) symlinkSync(join(lib, name), join(deps, "lib", name));
  symlinkSync(include, join(deps, "include"));
}

/** A wheel is a zip file of several hundred MB; Python, which node-gyp needs anyway, reads it in parts. */
function unpack(wheel, deps) {
  const script = `
import os, shutil, sys, zipfile
wheel, deps = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.endswith("/"): continue
        if name.startswith("tensorflow/include/"): path = name[len("tensorflow/"):]
        elif name.startswith("tensorflow/libtensorflow"): path = "lib/" + os.path.basename(name)
        else: continue
        path = os.path.join(deps, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(name) as source, open(path, "wb") as target: shutil.copyfileobj(source, target)
`;
  run("unpacking", process.env["PYTHON"] ?? "python3", "-c", script, wheel, deps);
  if (libraries(join(deps, "lib")).length === 0) throw new Trouble(`${wheel} has no libtensorflow`);
}

/** The names that the addon links against and looks for when it starts, and what they stand for. */
function linksOf(names) {
  const find = (...patterns) =>
    patterns.flatMap((pattern) => names.filter((name) => pattern.test(name)))[0];
  const framework = find(/_framework\.so\.\d+$/, /_framework/);
  const whole = find(/^libtensorflow\.so\.\d+$/, /^libtensorflow(_cc)?\.so/);
  if (!framework || !whole) throw new Trouble(`found no whole TensorFlow, but ${names.join(", ")}`);
  return {
    "libtensorflow.so": whole,
    "libtensorflow.so.2": whole,
    "libtensorflow_framework.so": framework,
    "libtensorflow_framework.so.2": framework,
  };
}

function nameLibraries(lib) {
  for (const [name, to] of Object.entries(linksOf(libraries(lib)))) {
    if (!existsSync(join(lib, name))) symlinkSync(to, join(lib, name));
  }
}

/** With the headers that came with Node, where they are, as node-gyp would download them. */
function compile() {
  const prefix = dirname(dirname(process.execPath));
  const gyp = [
    join(prefix, "lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js"),
    join(root, "node_modules/node-gyp/bin/node-gyp.js"),
    process.env["npm_config_node_gyp"] ?? "",
  ].find((path) => path !== "" && existsSync(path));
  if (!gyp)
    throw new Trouble("node-gyp, which comes with npm, was not found: set npm_config_node_gyp");
  const headers = existsSync(join(prefix, "include/node/node_api.h"))
    ? [`--nodedir=${prefix}`]
    : [];
  const binding = join(target, "lib/napi-v8");
  const options = [
    "--module_name=tfjs_binding",
    `--module_path=${binding}`,
    "--napi_build_version=8",
  ];
  mkdirSync(binding, { recursive: true });
  run("node-gyp", process.execPath, gyp, "rebuild", ...headers, "-C", target, ...options);
  const made = join(binding, "tfjs_binding.node");
  if (!existsSync(made)) cpSync(join(target, "build/Release/tfjs_binding.node"), made);
}

function run(what, program, ...options) {
  const { error, status } = spawnSync(program, options, { cwd: root, stdio: "inherit" });
  if (error) throw new Trouble(`${what}: ${error.message}`);
  if (status !== 0) throw new Trouble(`${what} ended with ${status}`);
}

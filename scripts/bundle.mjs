/**
 * Bundles src/ into dist/, beside the declarations that tsc writes. One build, so that a class exists once,
 * whichever entry it is reached through. Its chunks are CommonJS, which load.cjs runs; an entry is an ECMAScript
 * module that takes its exports from there.
 */
import { chmodSync, copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { init, parse } from "es-module-lexer";
import { build } from "rolldown";

await init();
const root = fileURLToPath(new URL("..", import.meta.url));
const src = join(root, "src");
const dist = join(root, "dist");

/** What package.json names, and what is loaded by its URL. */
const entries = [
  ...["index", "engine/node-type", "nodes/index"],
  ...["engine/run/executors/thread-worker", "engine/modules/strip-types"],
];
const processes = [
  ...["cli/main", "cli/watch/child", "report/figures/process"],
  ...["executors/process-worker", "cluster/schedulers/processes-runner"].map(
    (name) => `engine/run/${name}`,
  ),
];
/** What scripts, tests and benchmarks import. */
const inner = [
  ...["cli/program", "cli/start", "cli/print/reference", "engine/document/index"],
  ...["engine/plan/key", "engine/plan/plan", "engine/run/schedule"],
  ...["local", "process", "thread"].map((name) => `engine/run/executors/${name}`),
  ...["exact/plane", "sampling/local", "coarse-graining", "entropy", "domains"].map(
    (name) => `lattice/${name}`,
  ),
  ...["lattice/correlation/lags", "lattice/correlation/two-point", "random/index"],
  ...["learn/backend/backend", "learn/rows", "learn/training/optimizer", "learn/training/train"],
  "report/page/index",
  ...["store/digest", "store/journal", "store/store", "store/tables"],
];

/** Packages of which every start needs a part, or each worker thread. */
const inlined = [
  ...["apache-arrow", "flatbuffers", "tslib"],
  ...["@sinclair/typebox", "commander", "es-module-lexer", "fastest-levenshtein"],
  ...["p-graph", "p-limit", "picocolors", "yaml", "yocto-queue"],
];
const packageOf = (id) => /^(?:@[^/]+\/)?[^/]+/.exec(id)[0];

/** Chunks lie elsewhere than sources: makes `import.meta.url` the place of a module's source. */
const places = {
  name: "places",
  transform: (code, id) =>
    id.startsWith(src)
      ? code.replaceAll("import.meta.url", `PLACE("${relative(src, id).replace(/tsx?$/, "js")}")`)
      : null,
  renderChunk: (chunk, { fileName }) =>
    withoutImports(chunk).replaceAll(/PLACE\("(.+?)"\)/g, (_, place) => {
      const from = `require("node:url").pathToFileURL(__filename)`;
      return `new URL("${relative(dirname(fileName), place)}", ${from}).href`;
    }),
};

/** Calls `IMPORT` where a chunk calls `import`: it runs as a script, which has none. */
function withoutImports(code) {
  const dynamic = parse(code)[0].filter(({ type }) => type === "dynamic");
  return dynamic.reduceRight(
    (text, { importStart: at }) => `${text.slice(0, at)}IMPORT${text.slice(at + "import".length)}`,
    code,
  );
}

const { output } = await build({
  input: Object.fromEntries(
    [...entries, ...processes, ...inner].map((name) => [name, join(src, `${name}.ts`)]),
  ),
  platform: "node",
  external: (id) => /^[@\w]/.test(id) && !inlined.includes(packageOf(id)),
  plugins: [places],
  output: {
    ...{ dir: dist, cleanDir: true, format: "cjs" },
    ...{ entryFileNames: "[name].cjs", chunkFileNames: "chunks/[name].cjs" },
  },
});

const loader = "chunks/load.cjs";
copyFileSync(join(root, "scripts/load.cjs"), join(dist, loader));
for (const { name, exports, isEntry } of output) {
  if (isEntry) writeFileSync(join(dist, `${name}.js`), entryText(name, exports));
}

/** A module that runs a chunk, and has its exports. */
function entryText(name, exports) {
  const verb = processes.includes(name) ? "start" : "load";
  const up = relative(join(dist, dirname(name)), join(dist, loader));
  const names = exports.length > 0 ? `export const { ${exports.join(", ")} } = ` : "";
  return [
    ...(name === "cli/main" ? ["#!/usr/bin/env node"] : []),
    `import { createRequire } from "node:module";`,
    `const { ${verb} } = createRequire(import.meta.url)("${up.startsWith(".") ? up : `./${up}`}");`,
    `${names}${verb}("${name}");\n`,
  ].join("\n");
}

/** The compiler of users' schemas: one file takes a quarter of the time that ajv's own sixty take. */
await build({
  input: join(root, "node_modules/ajv/dist/ajv.js"),
  platform: "node",
  output: { file: join(dist, "engine/language/ajv.cjs"), format: "cjs", minify: true },
});

/** What the report's page holds: one script and one style sheet, which are read when a page is made. */
const page = "report/page";
await build({
  input: join(src, page, "client/main.ts"),
  platform: "browser",
  output: { file: join(dist, page, "client.js"), format: "iife", minify: true },
});
const style = join(src, page, "style");
const parts = readFileSync(join(style, "index.css"), "utf8").matchAll(/@import "(.+)";/g);
writeFileSync(
  join(dist, page, "style.css"),
  [...parts].map(([, part]) => readFileSync(join(style, part), "utf8")).join("\n"),
);

const licenses = [...inlined, "ajv", "fast-deep-equal", "fast-uri", "json-schema-traverse"].map(
  (name) => {
    const folder = join(root, "node_modules", name);
    const files = readdirSync(folder).filter((file) => /^licen[cs]e|notice/i.test(file));
    const texts = files
      .sort()
      .map((file) => `${readFileSync(join(folder, file), "utf8").trim()}\n`);
    return [`${name}\n`, ...texts].join("\n");
  },
);
writeFileSync(join(dist, "chunks", "LICENSES.txt"), licenses.join(`\n${"-".repeat(80)}\n\n`));
// A project that links this package runs the file itself; npm makes it executable only when it installs.
chmodSync(join(dist, "cli/main.js"), 0o755);

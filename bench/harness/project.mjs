/** A pipeline in a folder of its own, and sides that call the command line on it. Knows no job. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { timedNode } from "./sides.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const main = join(here, "../../dist/cli/main.js");

/**
 * @param {string} folder
 * @param {string} text of the pipeline file
 */
export function project(folder, text) {
  mkdirSync(folder, { recursive: true });
  const [file, cache] = [join(folder, "pipeline.yaml"), join(folder, "cache")];
  writeFileSync(file, text);
  writeFileSync(join(folder, "blockspin.config.yaml"), "trust: anyone\n");
  const output = join(folder, "output");
  let aside = 0;
  const call = (command, ...options) => {
    const place = command === "check" ? [] : ["--cache", cache];
    const context = { cwd: folder, output, out: join(folder, "usage") };
    return timedNode([main, command, file, ...place, ...options], context);
  };
  return {
    file,
    cache,
    call,
    /** What the last call printed. */
    printed: () => readFileSync(output, "utf8"),
    empty: () => rmSync(cache, { recursive: true, force: true }),
    /** For a minute after files are removed, ext4 passes by each of their inodes whenever it makes one. */
    putAside: () => existsSync(cache) && renameSync(cache, join(folder, `old-${++aside}`)),
    /** A side that calls the command once a repetition. */
    side: (units, options, before = () => {}) => ({
      version: "",
      async once() {
        await before();
        return { units, ...call(...options) };
      },
    }),
  };
}

/** One of the files in `bench/pipelines/`. */
export function projectOf(folder, name) {
  const made = project(folder, "");
  copyFileSync(join(here, "../pipelines", `${name}.yaml`), made.file);
  return made;
}

/** For every stage, the stages that it reads: two, if there are two before it. */
const stages = [[], [0], [1, 0], [2, 1], [3, 2]];

/** A pipeline of so many instances that do almost nothing, in chains of five. */
export function tinyProject(folder, instances) {
  const lines = stages.map((reads, k) => {
    const inputs = reads.map((j, i) => `${"ab"[i]}: s${j}`).join(", ");
    return reads.length === 0
      ? `  s${k}: { node: tiny, for: { item: "\${items}" }, with: { value: "\${item}" } }`
      : `  s${k}: { node: tiny, inputs: { ${inputs} }, with: { value: ${10 * instances * k} } }`;
  });
  const text = [
    "blockspin: 1",
    "name: bench",
    `use: [${JSON.stringify(relative(folder, join(here, "tiny-node.mjs")))}]`,
    `params: { items: { from: 1, to: ${instances / stages.length}, step: 1 } }`,
    "stages:",
    ...lines,
  ];
  return project(folder, `${text.join("\n")}\n`);
}

/** The same graph for ninja; its rule is a shell command. */
export function ninjaFile(instances, rule) {
  const lines = ["rule tiny", `  command = ${rule}`];
  for (const [k, reads] of stages.entries()) {
    for (let i = 1; i <= instances / stages.length; i++) {
      lines.push(`build s${k}-${i}: tiny ${reads.map((j) => `s${j}-${i}`).join(" ")}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** And for Snakemake: a rule a stage. */
export function snakemakeFile(instances) {
  const last = stages.length - 1;
  const count = instances / stages.length;
  const rules = stages.map((reads, k) => {
    const inputs = reads.map((j) => `"s${j}-{i}"`).join(", ");
    const input = reads.length ? `    input: ${inputs}\n` : "";
    return `rule s${k}:\n${input}    output: "s${k}-{i}"\n    shell: ": > {output}"\n`;
  });
  return `rule all:\n    input: expand("s${last}-{i}", i=range(${count}))\n\n${rules.join("\n")}`;
}

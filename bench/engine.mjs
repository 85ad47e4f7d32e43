/**
 * The engine's own time: whole processes that find nothing to do, and instances that do almost nothing,
 * against ninja on a graph of the same shape.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { fillStore } from "./fill-store.mjs";
import { compare, digits, onClock } from "./measure.mjs";

const sizes = [100, 1000, 10_000];

/** At most this many instances are run; a larger graph gets the records that a run would leave. */
const mostRun = 1000;

/** For every stage, the stages that it reads: two, if there are two before it. */
const stages = [[], [0], [1, 0], [2, 1], [3, 2]];

const jobs = String(availableParallelism());

export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), "blockspin-bench-"));
  try {
    const version = ninjaVersion();
    const node = side(() => output(process.execPath, ["--eval", "0"]));
    const rows = [{ what: "Node itself, an empty program", show, ...(await compare(node)) }];
    for (const size of sizes) {
      rows.push(...(await compareSize(join(folder, String(size)), version !== undefined, size)));
    }
    const peer = version ? `ninja ${version}` : "ninja, which is not on the PATH";
    return { title: `whole processes by the clock, against ${peer}, ${jobs} jobs`, rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const show = (seconds) => `${digits(1000 * seconds)} ms`;

async function compareSize(folder, hasNinja, size) {
  mkdirSync(folder);
  const ours = blockspin(folder, size);
  const peer = hasNinja ? ninja(folder, size) : undefined;
  if (size > mostRun) await fillStore(ours.file, ours.cache);
  const cold = { ours: onClock(ours.run), peer: peer && onClock(peer.run) };
  ours.requireIdle();
  peer?.requireIdle();
  const idle = (command) =>
    compare(side(ours[command]), peer && side(peer[command]), size > mostRun ? 3 : 5);
  const run = await idle("run");
  const rows = [{ what: `run, nothing to do, ${size} instances`, show, ...run }];
  if (size > mostRun) {
    rows.push({ what: `plan, nothing to do, ${size} instances`, show, ...(await idle("plan")) });
  }
  if (size !== mostRun) return rows;
  const each = { ours: (cold.ours - run.ours) / size, peer: peer && (cold.peer - run.peer) / size };
  const ratio = peer && each.peer / each.ours;
  return [{ what: `each of ${size} instances that run`, show, ...each, ratio }, ...rows];
}

const side = (work) => async () => onClock(work);

function blockspin(folder, size) {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const main = join(here, "../dist/cli/main.js");
  const [file, cache] = [join(folder, "pipeline.yaml"), join(folder, "cache")];
  const lines = stages.map((reads, k) => {
    const inputs = reads.map((j, i) => `${"ab"[i]}: s${j}`).join(", ");
    return reads.length === 0
      ? `  s${k}: { node: tiny, for: { item: "\${items}" }, with: { value: "\${item}" } }`
      : `  s${k}: { node: tiny, inputs: { ${inputs} }, with: { value: ${1000 * k} } }`;
  });
  const text = [
    "blockspin: 1",
    "name: bench",
    `use: [${JSON.stringify(relative(folder, join(here, "tiny-node.mjs")))}]`,
    `params: { items: { from: 1, to: ${size / stages.length}, step: 1 } }`,
    "stages:",
    ...lines,
  ];
  writeFileSync(file, `${text.join("\n")}\n`);
  const call = (command, ...options) =>
    output(process.execPath, [main, command, file, "--cache", cache, ...options]);
  return {
    file,
    cache,
    plan: () => call("plan"),
    run: () => call("run", "--jobs", jobs),
    requireIdle() {
      const { ran, cached } = JSON.parse(call("run", "--json").trim().split("\n").at(-1));
      if (ran !== 0 || cached !== size) throw new Error(`${ran} ran and ${cached} were cached`);
    },
  };
}

/**
 * If there are more targets than are run, their files are made here, in order, and the rule counts as a
 * generator. Then ninja does not look for commands in its log, which is to its advantage.
 */
function ninja(folder, size) {
  const build = join(folder, "ninja");
  mkdirSync(build, { recursive: true });
  const lines = ["rule tiny", "  command = echo $in > $out"];
  if (size > mostRun) lines.push("  generator = 1");
  for (const [k, reads] of stages.entries()) {
    for (let i = 1; i <= size / stages.length; i++) {
      lines.push(`build s${k}-${i}: tiny ${reads.map((j) => `s${j}-${i}`).join(" ")}`);
      if (size > mostRun) writeFileSync(join(build, `s${k}-${i}`), "");
    }
  }
  writeFileSync(join(build, "build.ninja"), `${lines.join("\n")}\n`);
  const call = (...options) => output("ninja", ["-C", build, ...options]);
  return {
    plan: () => call("-n"),
    run: () => call("-j", jobs),
    requireIdle() {
      if (!call().includes("no work to do")) throw new Error("ninja finds work to do");
    },
  };
}

function ninjaVersion() {
  try {
    return output("ninja", ["--version"]).trim();
  } catch {
    return undefined;
  }
}

function output(program, options) {
  const stdio = ["ignore", "pipe", "ignore"];
  return execFileSync(program, options, { encoding: "utf8", stdio, maxBuffer: 1 << 28 });
}

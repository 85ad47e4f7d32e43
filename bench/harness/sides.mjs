/** The kinds of sides: work in this process, a whole process each time, a program that waits. Knows no job. */
import { spawn, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Missing } from "./measure.mjs";
import { readUsage } from "./usage.mjs";

/** The Python that has the peers. */
export const python = process.env["BLOCKSPIN_BENCH_PYTHON"] ?? "python3";

/** One thread for each library that would take more. */
const threads = ["OMP", "OPENBLAS", "MKL", "NUMBA", "NUMEXPR"];
const oneThread = Object.fromEntries(threads.map((name) => [`${name}_NUM_THREADS`, "1"]));

/**
 * Work in this process, all of whose threads count.
 *
 * @param {number} units in what `work` does; `work` may return others, with a check
 * @param {() => unknown} work
 * @param {() => unknown} before every repetition; not counted
 * @returns {import("./measure.mjs").Side}
 */
export function inProcess(units, work, before = () => {}, version = "") {
  return {
    version,
    async once() {
      await before();
      const [start, began] = [process.cpuUsage(), performance.now()];
      const returned = await work();
      const wall = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(start);
      return { cpu: (user + system) / 1e6, wall, units, ...returned };
    },
  };
}

/**
 * A whole process and its children, as bash counts them. Throws if it fails.
 *
 * @param {readonly string[]} command
 * @param {{ env?: object, cwd?: string, output?: string }} [options] Its output goes to a file.
 */
export function timed(command, { env = {}, cwd, output = "/dev/null" } = {}) {
  const format = `TIMEFORMAT='%3R %3U %3S'; { time "$@" 2>&3 >"$OUTPUT"; } 3>&2 2>&1`;
  const bash = ["-c", format, "bash", ...command];
  const done = spawnSync("bash", bash, {
    ...{ cwd, encoding: "utf8", maxBuffer: 1 << 28 },
    env: { ...process.env, ...env, OUTPUT: output },
  });
  if (done.error) throw done.error;
  if (done.status !== 0) {
    const [name] = command.slice(-1);
    throw new Error(`… ${name} ended with ${done.status}: ${done.stderr.trim().slice(-600)}`);
  }
  const [wall, user, system] = done.stdout.trim().split(" ").map(Number);
  return { cpu: user + system, wall };
}

/** The same for a Node program of ours, with its largest memory. */
export function timedNode(command, { out, ...options }) {
  rmSync(out, { force: true });
  const hook = fileURLToPath(new URL("usage.mjs", import.meta.url));
  const env = { ...options.env, BLOCKSPIN_BENCH_USAGE: out };
  const taken = timed([process.execPath, "--import", hook, ...command], { ...options, env });
  return { ...taken, peak: readUsage(out) };
}

/**
 * A program that says that it is ready, and does the work each time it is asked (see `peers/serve.py`).
 * Throws `Missing` if it lacks a library.
 *
 * @param {readonly string[]} command
 * @returns {Promise<import("./measure.mjs").Side>}
 */
export async function waiting(command) {
  const [program, ...options] = command;
  const env = { ...process.env, ...oneThread };
  const child = spawn(program, options, { env, stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text) => {
    errors = `${errors}${text}`.slice(-600);
  });
  child.stdin.on("error", () => {});
  const failed = new Promise((_, reject) => {
    child.once("error", () => reject(new Missing(`${program} is not on the PATH`)));
    child.once("close", () => reject(new Error(`${options[0]} ended: ${errors.trim()}`)));
  });
  failed.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value } = await Promise.race([lines.next(), failed]);
    return value === undefined ? await failed : JSON.parse(value);
  };
  const { missing, version } = await answer();
  if (missing) throw new Missing(missing);
  return {
    version,
    async once() {
      child.stdin.write("again\n");
      return await answer();
    },
    close: () => child.stdin.end(),
  };
}

/** A script among the peers, on the Python that has the libraries. */
export function script(name, ...options) {
  const path = fileURLToPath(new URL(`../peers/${name}.py`, import.meta.url));
  return () => waiting([python, path, ...options.map(String)]);
}

/** The version of a program on the PATH; throws `Missing` without it. */
export function versionOf(program, ...options) {
  const done = spawnSync(program, options.length ? options : ["--version"], { encoding: "utf8" });
  if (done.error || done.status !== 0) throw new Missing(`${program} is not on the PATH`);
  return `${program} ${done.stdout.trim().split(/\s+/).at(-1)}`;
}

/**
 * Runs benchmarks: `npm run bench`, or `npm run bench -- JOB…`. Prints the results, and writes those of all
 * jobs to results.md and results.json. A job is a file in jobs/ and runs in a process of its own.
 * Asserts no time: machines differ. Says what failed, and ends with 1 then.
 *
 *   --quick        do as little as shows that it works
 *   --out FOLDER   where to write, of some jobs too
 *
 * BLOCKSPIN_BENCH_PYTHON is the Python that has the peers' libraries (python3).
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine } from "./harness/machine.mjs";
import { markdown } from "./harness/report.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(join(here, "jobs")).map((file) => file.replace(/\.mjs$/, ""));

/** Of one job, in minutes. */
const most = 10;

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean" }, out: { type: "string" } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`unknown benchmark "${unknown}"; there are ${names.join(", ")}\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "blockspin-bench-"));
try {
  const out = values.out ?? (positionals.length || values.quick ? undefined : here);
  const results = measure(positionals.length ? positionals : names, (sofar) => write(out, sofar));
  process.stdout.write(markdown(results));
  const failed = results.jobs.some(({ rows }) => rows.some((row) => row.failed));
  if (failed) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function write(out, results) {
  if (out === undefined) return;
  writeFileSync(join(out, "results.md"), markdown(results));
  writeFileSync(join(out, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
}

/** Hands over what there is after each job, so that a run that is stopped leaves something. */
function measure(asked, keep) {
  const began = performance.now();
  const results = {
    ...{ date: new Date().toISOString(), quick: values.quick === true },
    ...{ machine: describeMachine(), load: [load()] },
  };
  results.jobs = [];
  for (const name of asked) {
    results.jobs.push({ job: name, ...perform(name, results.machine) });
    results.load[1] = load();
    results.minutes = (performance.now() - began) / 60_000;
    keep(results);
  }
  return results;
}

/** What is wrong with a job is a row of its own, and the others go on. */
function perform(name, machine) {
  const began = performance.now();
  process.stderr.write(`${name} …`);
  const out = join(folder, `${name}.json`);
  writeFileSync(`${out}.machine`, JSON.stringify(machine));
  const options = [join(here, "harness/job.mjs"), name, out, ...(values.quick ? ["--quick"] : [])];
  const { status, signal, stderr } = spawnSync(process.execPath, options, {
    ...{ encoding: "utf8", timeout: most * 60_000, stdio: ["ignore", "ignore", "pipe"] },
  });
  const seconds = (performance.now() - began) / 1000;
  process.stderr.write(` ${seconds.toFixed(0)} s\n`);
  const done = existsSync(out) ? JSON.parse(readFileSync(out, "utf8")) : { method: "", rows: [] };
  if (status !== 0) {
    const reason = signal ? `stopped after ${seconds.toFixed(0)} s` : errorOf(stderr);
    done.rows.push({ name: "the rest", goals: [], failed: reason });
  }
  return { title: name, seconds, ...done };
}

/** The line that names the error, without the stack. */
function errorOf(text) {
  return /^.*Error.*$/m.exec(text)?.[0] ?? text.trim().slice(-600);
}

function load() {
  return Number(loadavg()[0].toFixed(1));
}

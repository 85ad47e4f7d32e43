/** Kills a run at a chosen point, then checks that the next one is clean and correct. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Opened, openPipeline, planPipeline, runPipeline } from "../../dist/index.js";
import type { Executor } from "../../src/engine/run/executors/executor.ts";
import { lend } from "./lend.ts";
import type { Space } from "./space.ts";

const hook = new URL("../fixtures/kill-after.mjs", import.meta.url).href;

const small = fileURLToPath(new URL("../fixtures/small.yaml", import.meta.url));

/** Lines that a run after a crash must not print: its store must be clean. */
const complaint = /^error|^warning\[(damaged|lost-input|nondeterministic)\]/;

/** The small pipeline, or a part of it, with some of its knobs turned down. */
export interface Small {
  readonly set: readonly string[];
  /** Patterns of instances; none for the whole pipeline. */
  readonly only: readonly string[];
  readonly jobs: number;
}

function args({ set, only, jobs }: Small, cache: string): string[] {
  const wanted = only.length > 0 ? ["--only", ...only] : [];
  return [...set.flatMap((s) => ["--set", s]), ...wanted, "--cache", cache, "--jobs", `${jobs}`];
}

/**
 * Runs and counts file operations. With `k`, the run dies at the k-th; else it records all of them in
 * `<name>.log`.
 */
export async function runCounted(space: Space, of: Small, name: string, k?: number) {
  const counter = space.path(`${name}.count`);
  const env = {
    KILL_COUNTER: counter,
    NODE_OPTIONS: `--import ${hook}`,
    ...(k === undefined ? { RECORD: space.path(`${name}.log`) } : { KILL_AFTER: String(k) }),
  };
  const ended = await space.run(small, args(of, space.path(name)), { env, process: true });
  const operations = existsSync(counter) ? statSync(counter).size : 0;
  space.remove(`${name}.count`);
  return { ...ended, operations };
}

/** Runs; kills the run after some milliseconds, if they are given. */
export async function runUntil(space: Space, of: Small, name: string, killAfterMs?: number) {
  return await space.run(small, args(of, space.path(name)), {
    onStart: (pid) => {
      if (killAfterMs === undefined) return;
      setTimeout(() => {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It ended before its time.
        }
      }, killAfterMs);
    },
  });
}

/** The expected outputs of each instance: `outputsIn` the store of a run that was not killed. */
type Expected = ReadonlyMap<string, string | undefined>;

/** Runs the command line after a crash, and returns what is wrong; an empty list is good. */
export async function afterCrash(
  space: Space,
  of: Small,
  name: string,
  expected: Expected,
): Promise<string[]> {
  const cache = space.path(name);
  const again = await space.cli(["run", small, ...args(of, cache)]);
  const problems = again.code === 0 ? [] : [`exit code ${again.code}: ${again.stderr}`];
  problems.push(...again.stderr.split("\n").filter((line) => complaint.test(line)));
  return [...problems, ...differences(await outputsIn(of, cache), expected), ...leftIn(cache)];
}

/**
 * The same through the library, in this process, whose code is warm: it takes a fraction of a second
 * instead of seconds.
 */
export async function afterCrashHere(
  of: Small,
  cache: string,
  executor: Executor,
  expected: Expected,
): Promise<string[]> {
  const problems: string[] = [];
  const { set, only, jobs } = of;
  const opened = await openPipeline(small, { set: [...set], cache });
  // The caller closes it after many runs.
  const { counts, store } = await runPipeline(opened, {
    ...{ only, jobs, executors: lend(executor) },
    onEvent: (event) => {
      if (event.event !== "warning") return;
      const line = `warning[${event.code}]: ${event.message}`;
      if (complaint.test(line)) problems.push(line);
    },
  });
  await store.close();
  if (counts.failed + counts.skipped > 0) problems.push(JSON.stringify(counts));
  return [...problems, ...differences(await outputsOf(opened, only), expected), ...leftIn(cache)];
}

function differences(outputs: Expected, expected: Expected): string[] {
  return [...outputs].flatMap(([id, digests]) => {
    if (digests === undefined) return [`${id} is stale`];
    return digests === expected.get(id) ? [] : [`${id} has other bytes`];
  });
}

/** What no run may leave behind. */
function leftIn(cache: string): string[] {
  return ["claims", "quarantine"].flatMap((shelf) => {
    const left = existsSync(`${cache}/v1/${shelf}`) ? readdirSync(`${cache}/v1/${shelf}`) : [];
    return left.length > 0 ? [`left in ${shelf}: ${left.join(", ")}`] : [];
  });
}

/** The digests of what each instance put out; undefined for one that is not up to date. */
export async function outputsIn({ set, only }: Small, cache: string) {
  return outputsOf(await openPipeline(small, { set: [...set], cache }), only);
}

async function outputsOf(opened: Opened, only: readonly string[]) {
  const { plan } = await planPipeline(opened, only);
  return new Map(
    opened.graph.instances.flatMap(({ id }, index): [string, string | undefined][] => {
      const planned = plan[index];
      if (!planned) return [];
      const outputs = Object.entries(planned.record?.outputs ?? {});
      const digests = outputs.map(([port, { digest }]) => [port, digest]).sort();
      return [[id, planned.record && JSON.stringify(digests)]];
    }),
  );
}

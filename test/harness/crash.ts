/** Kills a run at a chosen point, then checks that the next one is clean and correct. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Opened, openPipeline, planPipeline, runPipeline } from "../../dist/index.js";
import type { Executor } from "../../src/engine/run/executor.ts";
import type { Space } from "./space.ts";

const hook = new URL("../fixtures/kill-after.mjs", import.meta.url).href;

const smoke = fileURLToPath(new URL("../../pipelines/smoke.yaml", import.meta.url));

/** What a run may say of its numbers after a crash, but not of its store. */
const complaint = /^error|^warning\[(damaged|lost-input|nondeterministic)\]/;

/** The smoke pipeline with some of its knobs turned down. */
export interface Smoke {
  readonly set: readonly string[];
  readonly jobs: number;
}

function args({ set, jobs }: Smoke, cache: string): string[] {
  return [...set.flatMap((s) => ["--set", s]), "--cache", cache, "--jobs", String(jobs)];
}

/**
 * Runs with the counter on, and dies at the k-th file operation if `k` is given; else records them
 * all in `<name>.log`.
 */
export async function runCounted(space: Space, of: Smoke, name: string, k?: number) {
  const counter = space.path(`${name}.count`);
  const env = {
    KILL_COUNTER: counter,
    NODE_OPTIONS: `--import ${hook}`,
    ...(k === undefined ? { RECORD: space.path(`${name}.log`) } : { KILL_AFTER: String(k) }),
  };
  const ended = await space.run(smoke, args(of, space.path(name)), { env });
  const operations = existsSync(counter) ? statSync(counter).size : 0;
  space.remove(`${name}.count`);
  return { ...ended, operations };
}

/** Runs, and is killed after some milliseconds, if they are given. */
export async function runUntil(space: Space, of: Smoke, name: string, killAfterMs?: number) {
  return await space.run(smoke, args(of, space.path(name)), {
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

/** What must hold of a run after a crash, by the command line; an empty list is good. */
export async function afterCrash(
  space: Space,
  of: Smoke,
  name: string,
  expected: string,
): Promise<string[]> {
  const cache = space.path(name);
  const again = await space.cli(["run", smoke, ...args(of, cache)]);
  const problems = again.code === 0 ? [] : [`exit code ${again.code}: ${again.stderr}`];
  problems.push(...again.stderr.split("\n").filter((line) => complaint.test(line)));
  if (again.stdout !== expected) problems.push(`other results:\n${again.stdout}`);
  return [...problems, ...(await problemsIn(of, cache))];
}

/**
 * The same by the library, in this process, whose code is warm: a fraction of a second instead of
 * some. The bytes of every output are compared, not only those of the results.
 */
export async function afterCrashHere(
  of: Smoke,
  cache: string,
  executor: Executor,
  expected: ReadonlyMap<string, string>,
): Promise<string[]> {
  const problems: string[] = [];
  const { set, jobs } = of;
  const opened = await openPipeline(smoke, { set: [...set], cache });
  const { counts, store } = await runPipeline(opened, {
    ...{ jobs, executor },
    onEvent: (event) => {
      if (event.event !== "warning") return;
      const line = `warning[${event.code}]: ${event.message}`;
      if (complaint.test(line)) problems.push(line);
    },
  });
  await store.close();
  if (counts.failed + counts.skipped > 0) problems.push(JSON.stringify(counts));
  for (const [id, bytes] of await outputsOf(opened)) {
    if (bytes === undefined) problems.push(`${id} is stale`);
    else if (bytes !== expected.get(id)) problems.push(`${id} has other bytes`);
  }
  return [...problems, ...leftIn(cache)];
}

/** What no run may leave behind. */
async function problemsIn(of: Smoke, cache: string): Promise<string[]> {
  const stale = [...(await outputsIn(of, cache))].filter(([, bytes]) => bytes === undefined);
  return [...stale.map(([id]) => `${id} is stale`), ...leftIn(cache)];
}

function leftIn(cache: string): string[] {
  return ["claims", "quarantine"].flatMap((shelf) => {
    const left = existsSync(`${cache}/v1/${shelf}`) ? readdirSync(`${cache}/v1/${shelf}`) : [];
    return left.length > 0 ? [`left in ${shelf}: ${left.join(", ")}`] : [];
  });
}

/** The digests of what each instance put out; undefined for one that is not up to date. */
export async function outputsIn({ set }: Smoke, cache: string) {
  return outputsOf(await openPipeline(smoke, { set: [...set], cache }));
}

async function outputsOf(opened: Opened): Promise<Map<string, string>> {
  const { plan } = await planPipeline(opened);
  return new Map(
    opened.graph.instances.map(({ id }, index) => {
      const record = plan[index]?.record;
      const outputs = Object.entries(record?.outputs ?? {});
      const digests = outputs.map(([port, { digest }]) => [port, digest]).sort();
      return [id, record && JSON.stringify(digests)] as [string, string];
    }),
  );
}

/** The printed results of a pipeline that is up to date. */
export async function resultsOf(space: Space, of: Smoke, cache: string): Promise<string> {
  return (await space.cli(["run", smoke, ...args(of, cache)])).stdout;
}

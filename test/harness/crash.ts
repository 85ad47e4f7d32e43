/** Kills a run at a chosen point, then checks that the next one is clean and correct. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Space } from "./space.ts";

const hook = new URL("../fixtures/kill-after.mjs", import.meta.url).href;

export const smoke = fileURLToPath(new URL("../../pipelines/smoke.yaml", import.meta.url));

/** Runs with the counter on, and dies at the k-th file operation if `k` is given. */
export async function runCounted(space: Space, name: string, k?: number) {
  const counter = space.path(`${name}.count`);
  const env = {
    KILL_COUNTER: counter,
    NODE_OPTIONS: `--import ${hook}`,
    ...(k === undefined ? {} : { KILL_AFTER: String(k) }),
  };
  const ended = await space.run(smoke, ["--cache", space.path(name)], { env });
  return { ...ended, operations: existsSync(counter) ? statSync(counter).size : 0 };
}

/** Runs, and is killed after some milliseconds, if they are given. */
export async function runUntil(space: Space, name: string, killAfterMs?: number) {
  return await space.run(smoke, ["--cache", space.path(name)], {
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

/** What must hold of a run after a crash; an empty list is good. */
export async function afterCrash(space: Space, name: string, expected: string): Promise<string[]> {
  const problems: string[] = [];
  const cache = space.path(name);
  const again = await space.cli(["run", smoke, "--cache", cache]);
  if (again.code !== 0) problems.push(`exit code ${again.code}: ${again.stderr}`);
  const complaints = again.stderr
    .split("\n")
    .filter((line) => /error|quarantine|damaged/.test(line));
  problems.push(...complaints);
  if (again.stdout !== expected) problems.push(`other results:\n${again.stdout}`);
  const plan = await space.cli(["plan", smoke, "--cache", cache, "--json"]);
  if (/"state": "(run|unknown)"/.test(plan.stdout)) problems.push("something is still stale");
  const claims = `${cache}/v1/claims`;
  if (existsSync(claims) && readdirSync(claims).length > 0) problems.push("claims are left");
  return problems;
}

/** The printed results of a pipeline that is up to date. */
export async function resultsOf(space: Space, cache: string): Promise<string> {
  return (await space.cli(["run", smoke, "--cache", cache])).stdout;
}

/**
 * Runs actions in child processes: those that start programs of their own, or load a backend that
 * must not share a process. The child leads a process group, so that stopping it stops its children.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Action, ActionHooks, ActionResult } from "../action.ts";
import { clipLine } from "../log.ts";
import { give, receive, settle } from "./channel.ts";
import { ActionFailure } from "./executor.ts";
import { makeScratch, removeScratch } from "./scratch.ts";

/** How to kill each running process group, and its folder: nothing may outlive this process. */
const groups = new Map<(signal: NodeJS.Signals) => void, string>();
process.on("exit", () => {
  for (const kill of groups.keys()) kill("SIGKILL");
  for (const scratch of groups.values()) removeScratch(scratch);
});

/** From the polite signal to the one that cannot be ignored. */
const graceMs = 2000;

export async function executeInProcess(
  action: Action,
  memory: number | undefined,
  hooks: ActionHooks,
): Promise<ActionResult> {
  const scratch = makeScratch();
  const child = spawn(
    process.execPath,
    [
      ...(memory === undefined ? [] : [`--max-old-space-size=${memory}`]),
      fileURLToPath(new URL("./process-worker.js", import.meta.url)),
    ],
    {
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, TMPDIR: scratch },
    },
  );
  const ended = exitOf(child);
  // Awaited below; until then a failed start must not count as unhandled.
  ended.catch(() => {});
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  groups.set(kill, scratch);
  const stop = () => {
    kill("SIGTERM");
    setTimeout(() => kill("SIGKILL"), graceMs).unref();
  };
  hooks.signal.addEventListener("abort", stop, { once: true });
  if (hooks.signal.aborted) stop();
  // A child that dies early closes the pipe; its exit says more than the EPIPE.
  child.stdin!.on("error", () => {});
  // The pipe stays open: the child watches it, and ends its group when this process is gone.
  give(child.stdin!, action);
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on("line", (line) => hooks.log(clipLine(line)));
  }
  try {
    const outcome = await receive(child.stdio[3] as Readable, hooks);
    const [code, signal] = await ended;
    if (hooks.signal.aborted) throw hooks.signal.reason;
    if (outcome) return settle(outcome);
    throw new ActionFailure(
      signal ? `its process was killed by ${signal}` : `its process ended with exit code ${code}`,
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined
      ? error
      : new ActionFailure(`its process could not be started: ${(error as Error).message}`);
  } finally {
    hooks.signal.removeEventListener("abort", stop);
    groups.delete(kill);
    kill("SIGKILL");
    removeScratch(scratch);
  }
}

function exitOf(child: ReturnType<typeof spawn>): Promise<[number | null, string | null]> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code, signal) => resolve([code, signal]));
    child.once("error", reject);
  });
}

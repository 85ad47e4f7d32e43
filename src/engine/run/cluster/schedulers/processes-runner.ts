/**
 * The process that runs the tasks of one batch on this machine, some at a time. Does to them what a
 * cluster would do: warns and ends what takes too long, kills what takes too much memory, and ends all on
 * SIGTERM, or on SIGUSR2 all that has not begun.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { startOf, thisProcess } from "../../../../store/process-identity.ts";
import { logPath, scriptPath } from "../batch.ts";
import { type RunnerOrder, type RunnerState, statePath } from "./processes.ts";

const memoryEveryMs = 500;
const graceMs = 10_000;

const { folder, tasks, atOnce, seconds, memory } = JSON.parse(process.argv[2]!) as RunnerOrder;

type Task = {
  -readonly [K in keyof RunnerState["tasks"][number]]: RunnerState["tasks"][number][K];
};
const states: Task[] = Array.from({ length: tasks }, () => ({ state: "queued", how: "queued" }));
const children = new Set<ChildProcess>();
let next = 0;
let cancelled = false;

function write(): void {
  const state: RunnerState = { runner: thisProcess(), tasks: states };
  const path = statePath(folder);
  try {
    writeFileSync(`${path}.new`, JSON.stringify(state));
    renameSync(`${path}.new`, path);
  } catch {
    // Its head has all that it waits for, and removed the folder.
  }
}

function cancel(): void {
  cancelled = true;
  for (const state of states) {
    if (state.state === "queued") Object.assign(state, { state: "ended", how: "CANCELLED" });
  }
  write();
}

async function run(task: number): Promise<void> {
  const state = states[task]!;
  const log = openSync(logPath(folder, task), "a");
  const child = spawn("bash", [scriptPath(folder)], {
    cwd: folder,
    env: { ...process.env, BLOCKSPIN_TASK: String(task) },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  children.add(child);
  const { pid = 0 } = child;
  Object.assign(state, { state: "running", how: "running" });
  state.process = { pid, start: startOf(pid)?.start ?? null };
  write();
  let ended: string | undefined;
  const end = (why: string, signal: NodeJS.Signals) => {
    ended ??= why;
    child.kill(signal);
  };
  const warningMs = seconds === undefined ? 0 : Math.min(60, seconds / 4) * 1000;
  const timers =
    seconds === undefined
      ? []
      : [
          setTimeout(() => child.kill("SIGUSR1"), seconds * 1000 - warningMs),
          setTimeout(() => end("TIMEOUT", "SIGKILL"), seconds * 1000),
        ];
  const watching =
    memory === undefined
      ? undefined
      : setInterval(() => {
          if (mebibytesOf(pid) > memory) end("OUT_OF_MEMORY", "SIGKILL");
        }, memoryEveryMs);
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  for (const timer of timers) clearTimeout(timer);
  clearInterval(watching);
  children.delete(child);
  const how =
    ended ?? (signal ? `killed by ${signal}` : code === 0 ? "COMPLETED" : `exit code ${code}`);
  Object.assign(state, { state: "ended", how });
  write();
}

/** What a process holds in memory; 0 where /proc does not say. */
function mebibytesOf(pid: number): number {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, "utf8")
      .split(" ")
      .map(Number);
    return ((resident - shared) * 4096) / 2 ** 20;
  } catch {
    return 0;
  }
}

async function lane(): Promise<void> {
  for (let task = next++; task < tasks && !cancelled; task = next++) {
    if (states[task]!.state === "queued") await run(task);
  }
}

process.on("SIGUSR2", cancel);
process.on("SIGTERM", () => {
  cancel();
  for (const child of children) {
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), graceMs).unref();
  }
});
// Who started this process goes away, and its terminal with it.
process.on("SIGHUP", () => {});
write();
process.stdout.on("error", () => {});
process.stdout.write("begun\n");
void Promise.all(Array.from({ length: Math.min(atOnce, tasks) }, lane));

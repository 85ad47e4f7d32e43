/**
 * Jobs as processes of this machine: the scheduler that needs nothing installed. A small process for each
 * batch starts its tasks (`processes-runner.ts`), so they outlive whoever submitted them.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { namesIn } from "../../../../store/files.ts";
import { isAlive, type ProcessIdentity, thisProcess } from "../../../../store/process-identity.ts";
import { type Listed, Refused, type Scheduler, type Submission } from "./scheduler.ts";

/** What a runner writes of itself and its tasks. */
export interface RunnerState {
  readonly runner: ProcessIdentity;
  readonly tasks: readonly {
    readonly state: Listed["state"];
    readonly how: string;
    readonly process?: Pick<ProcessIdentity, "pid" | "start">;
  }[];
}

export const statePath = (folder: string) => join(folder, "processes.json");

/** What a runner is told: for how many seconds and with how many MiB each task may run. */
export interface RunnerOrder {
  readonly folder: string;
  readonly tasks: number;
  readonly atOnce: number;
  readonly seconds: number | undefined;
  readonly memory: number | undefined;
}

/** @param batches - the folder with the folders of runs */
export function processes(batches: string, poll = 1): Scheduler {
  const statesOf = (run: string) =>
    namesIn(join(batches, run)).flatMap((batch) => {
      const state = readState(join(batches, run, batch));
      return state?.runner.machine === thisProcess().machine ? [{ batch, ...state }] : [];
    });
  return {
    name: "processes",
    shell: { task: "$BLOCKSPIN_TASK", job: "process $$", host: "" },
    pace: { list: poll, outcomes: { least: Math.min(0.1, poll), most: Math.min(1, poll) } },
    tasksMax: 1000,

    async submit({ folder, tasks, request }: Submission): Promise<void> {
      const { cpus, seconds, memory } = request;
      const atOnce = Math.max(1, Math.floor(availableParallelism() / cpus));
      const order: RunnerOrder = { folder, tasks, atOnce, seconds, memory };
      const program = fileURLToPath(new URL("./processes-runner.js", import.meta.url));
      const runner = spawn(process.execPath, [program, JSON.stringify(order)], {
        cwd: folder,
        detached: true,
        stdio: ["ignore", "pipe", "ignore"],
      });
      // It says one line when its state is written.
      const [said] = (await Promise.race([
        once(runner.stdout, "data"),
        once(runner, "exit"),
        once(runner, "error"),
      ])) as unknown[];
      runner.unref();
      runner.stdout.destroy();
      if (!Buffer.isBuffer(said)) throw new Refused(`its process did not start: ${said}`, true);
    },

    async list(runs: readonly string[]): Promise<Listed[]> {
      return runs.flatMap((run) =>
        statesOf(run).flatMap(({ batch, runner, tasks }) => {
          const orphaned = !isAlive(runner);
          return tasks.map(({ state, how, process }, task): Listed => {
            const job = process ? `process ${process.pid}` : `${batch}-${task}`;
            const listed = { run, batch, task, job, host: runner.host };
            if (!orphaned || state === "ended") return { ...listed, state, how };
            if (process && isAlive(process))
              return { ...listed, state: "running", how: "orphaned" };
            return { ...listed, state: "ended", how: "its runner was killed" };
          });
        }),
      );
    },

    async cancel(run: string, queued: boolean): Promise<void> {
      for (const { runner } of statesOf(run)) {
        if (isAlive(runner)) process.kill(runner.pid, queued ? "SIGUSR2" : "SIGTERM");
      }
    },
  };
}

function readState(folder: string): RunnerState | undefined {
  try {
    return JSON.parse(readFileSync(statePath(folder), "utf8")) as RunnerState;
  } catch {
    return undefined;
  }
}

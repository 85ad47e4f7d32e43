/**
 * Slurm: a batch is one array, a task one element of it. Calls sbatch, squeue and scancel, and needs no
 * accounting. The name of an array is the run's, its comment the batch's, so whatever was submitted is
 * found again, even if the answer of sbatch was lost.
 */
import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { scriptPath } from "../batch.ts";
import {
  type Listed,
  Refused,
  type Request,
  type Scheduler,
  type Submission,
} from "./scheduler.ts";

const exec = promisify(execFile);

const nameOf = (run: string) => `blockspin-${run}`;

/** Of everybody else's jobs it need not even hear. */
const own = `--user=${process.getuid?.() ?? userInfo().username}`;

/** From the signal to the end of the time, in seconds. */
const warningOf = (limit = Number.POSITIVE_INFINITY) => Math.min(60, Math.floor(limit / 4));

/** Above its limit of jobs, sbatch sleeps and tries again for ever. */
const timeoutMs = 60_000;

/** What passes by itself; any other refusal is a mistake in the options, or unknown. */
const passing =
  /contact slurm controller|socket timed out|connection|temporarily|try again|MaxSubmit|QOSMax|AssocMax|AssocGrp|QOSGrp|job limit|too many/i;

const queued = new Set([
  "PENDING",
  "CONFIGURING",
  "REQUEUED",
  "REQUEUE_HOLD",
  "REQUEUE_FED",
  "RESV_DEL_HOLD",
  "SPECIAL_EXIT",
]);
const running = new Set([
  "RUNNING",
  "COMPLETING",
  "SUSPENDED",
  "STOPPED",
  "SIGNALING",
  "STAGE_OUT",
  "RESIZING",
]);

export function slurm(poll = 30): Scheduler {
  return {
    name: "slurm",
    shell: {
      task: "$SLURM_ARRAY_TASK_ID",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: for the shell.
      job: "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}",
      host: "$SLURMD_NODENAME",
    },
    pace: { list: poll, outcomes: { least: Math.min(1, poll), most: Math.min(10, poll) } },
    // The default of MaxArraySize is 1001.
    tasksMax: 1000,

    async submit({ run, batch, folder, tasks, request }: Submission): Promise<void> {
      await call("sbatch", [
        ...["--parsable", `--job-name=${nameOf(run)}`, `--comment=${batch}`],
        ...[`--array=0-${tasks - 1}`, `--output=${join(folder, "logs", "%a.log")}`],
        ...[`--chdir=${folder}`, "--no-requeue", "--open-mode=append", "--ntasks=1"],
        ...optionsOf(request),
        scriptPath(folder),
      ]);
    },

    async list(runs: readonly string[]): Promise<Listed[]> {
      const names = runs.map(nameOf).join(",");
      const format = "%j|%k|%K|%F|%T|%r|%N";
      const text = await call("squeue", [
        own,
        `--name=${names}`,
        "-t",
        "all",
        "-r",
        "-h",
        "-o",
        format,
      ]);
      return text.split("\n").flatMap((line): Listed[] => {
        const [name = "", batch = "", task, id, state = "", reason = "", host = ""] =
          line.split("|");
        if (!name.startsWith("blockspin-") || !/^\d+$/.test(task ?? "")) return [];
        const said = reason === "None" || reason === "" ? state : `${state}, ${reason}`;
        return [
          {
            ...{ run: name.slice("blockspin-".length), batch, task: Number(task) },
            ...{ job: `${id}_${task}`, how: said, host },
            state: queued.has(state) ? "queued" : running.has(state) ? "running" : "ended",
          },
        ];
      });
    },

    async cancel(run: string, onlyQueued: boolean): Promise<void> {
      const states = onlyQueued ? ["--state=PENDING"] : [];
      await call("scancel", [own, `--name=${nameOf(run)}`, ...states]);
    },
  };
}

/** The options of the configuration come last, and win. */
function optionsOf({ cpus, memory, seconds, options }: Request): string[] {
  const given = new Set(Object.keys(options));
  const limit = seconds === undefined || given.has("time") ? undefined : Math.ceil(seconds / 60);
  // A job without a limit may have one from its partition, so the warning is always asked for.
  return [
    `--signal=B:USR1@${warningOf(seconds)}`,
    ...(given.has("cpus-per-task") ? [] : [`--cpus-per-task=${cpus}`]),
    ...(memory === undefined || given.has("mem") || given.has("mem-per-cpu")
      ? []
      : [`--mem=${memory}M`]),
    ...(limit === undefined ? [] : [`--time=${Math.max(1, limit)}`]),
    ...Object.entries(options).flatMap(([name, value]) => {
      if (value === false) return [];
      return value === true ? [`--${name}`] : [`--${name}=${value}`];
    }),
  ];
}

async function call(program: string, args: readonly string[]): Promise<string> {
  try {
    const options = { timeout: timeoutMs, maxBuffer: 1 << 28 };
    return (await exec(program, [...args], options)).stdout;
  } catch (error) {
    const {
      stderr = "",
      code,
      killed,
    } = error as Error & {
      stderr?: string;
      code?: string | number;
      killed?: boolean;
    };
    if (code === "ENOENT")
      throw new Refused(`${program} is not on the PATH of this machine`, false);
    if (killed) throw new Refused(`${program} did not answer within a minute`, true);
    const said = stderr.trim().split("\n").at(-1) || String((error as Error).message);
    throw new Refused(said, passing.test(stderr));
  }
}

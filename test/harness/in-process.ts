/**
 * Runs the command line in this process: arguments, a folder and an environment in; the printed text
 * and an exit code out. One command at a time, since a process has one of each. Starting Node for every
 * command, and a worker thread for every run, would take most of the tests' time.
 */
import { afterAll } from "vitest";
import { run } from "../../dist/cli/program.js";
import { LocalExecutor } from "../../dist/engine/run/executors/local.js";
import { lend } from "./lend.ts";

export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a terminal shows them. */
  readonly terminal: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** By environment: a thread keeps the one that it started with. No code in a thread reads HOME. */
const executors = new Map<string, LocalExecutor>();
afterAll(() => Promise.all([...executors.values()].map((executor) => executor.close())));

/** The command line limits how many actions run at a time; these are enough for all limits. */
function executorIn({ HOME: _, ...env }: Environment): LocalExecutor {
  const name = JSON.stringify(env);
  const found = executors.get(name) ?? new LocalExecutor(8);
  executors.set(name, found);
  return found;
}

let last: Promise<unknown> = Promise.resolve();

/** @param become - makes this process another user's, and returns what ends that */
export function callHere(
  args: readonly string[],
  folder: string,
  env: Environment,
  become: () => () => void = () => () => {},
): Promise<Called> {
  const called = last.then(() => call(args, folder, env, become));
  last = called.catch(() => {});
  return called;
}

async function call(
  args: readonly string[],
  folder: string,
  env: Environment,
  become: () => () => void,
): Promise<Called> {
  const before = { folder: process.cwd(), env: { ...process.env } };
  const printed = { stdout: "", stderr: "", terminal: "" };
  const restore = (["stdout", "stderr"] as const).map((name) => {
    const write = process[name].write;
    process[name].write = ((text: string | Uint8Array, ...more: unknown[]) => {
      const piece = typeof text === "string" ? text : Buffer.from(text).toString();
      printed[name] += piece;
      printed.terminal += piece;
      const done = more.find((one) => typeof one === "function") as (() => void) | undefined;
      if (done) setImmediate(done);
      return true;
    }) as typeof write;
    return () => {
      process[name].write = write;
    };
  });
  process.chdir(folder);
  setEnvironment(env);
  restore.unshift(become());
  try {
    return { code: await run(args, { executors: lend(executorIn(env)) }), ...printed };
  } finally {
    for (const put of restore) put();
    process.chdir(before.folder);
    setEnvironment(before.env);
  }
}

/** Changes `process.env` in place: threads copy the process's variables, not an object in its place. */
function setEnvironment(env: Environment): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) process.env[name] = value;
  }
}

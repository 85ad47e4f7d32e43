/**
 * The command line in this very process, as a person would call it: arguments, a folder and an
 * environment in; what is printed and an exit code out. One at a time, since a process has one of each.
 * Starting Node for every command would take most of the time of the tests, and starting a worker
 * thread for every run the rest.
 */
import { afterAll } from "vitest";
import { run } from "../../dist/cli/program.js";
import { LocalExecutor } from "../../dist/engine/run/executors/local.js";
import { lend } from "./lend.ts";

export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A thread has the environment of the moment in which it starts. Nothing that runs in one asks for HOME. */
const executors = new Map<string, LocalExecutor>();
afterAll(() => Promise.all([...executors.values()].map((executor) => executor.close())));

/** How many actions run at a time is the command line's to say. */
function executorIn({ HOME: _, ...env }: Environment): LocalExecutor {
  const name = JSON.stringify(env);
  const found = executors.get(name) ?? new LocalExecutor(8);
  executors.set(name, found);
  return found;
}

let last: Promise<unknown> = Promise.resolve();

/** @param become - goes on as another user, and returns what goes back */
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
  const printed = { stdout: "", stderr: "" };
  const restore = (["stdout", "stderr"] as const).map((name) => {
    const write = process[name].write;
    process[name].write = ((text: string | Uint8Array, ...more: unknown[]) => {
      printed[name] += typeof text === "string" ? text : Buffer.from(text).toString();
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

/** In place: threads inherit the variables of the process, not the object that holds them. */
function setEnvironment(env: Environment): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) process.env[name] = value;
  }
}

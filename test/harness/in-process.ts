/**
 * The command line in this very process, as a person would call it: arguments, a folder and an
 * environment in; what is printed and an exit code out. One at a time, since a process has one of each.
 * Starting Node for every command would take most of the time of the tests.
 */
import { run } from "../../dist/cli/program.js";

export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let last: Promise<unknown> = Promise.resolve();

export function callHere(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Called> {
  const called = last.then(() => call(args, folder, env));
  last = called.catch(() => {});
  return called;
}

async function call(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
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
  try {
    return { code: await run(args), ...printed };
  } finally {
    process.chdir(before.folder);
    setEnvironment(before.env);
    for (const put of restore) put();
  }
}

/** In place: threads inherit the variables of the process, not the object that holds them. */
function setEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) process.env[name] = value;
  }
}

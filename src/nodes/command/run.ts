/** Runs a program to its end in a folder. Knows nothing of what it is given and what it writes. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { ActionError } from "../../engine/node-type.ts";

/** What a program printed may still be on its way when it has ended. */
const drainMs = 500;

export async function runProgram(
  [program, ...args]: readonly string[],
  options: {
    folder: string;
    env: Readonly<Record<string, string>>;
    log(line: string): void;
    signal: AbortSignal;
  },
): Promise<void> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program!, args, {
    cwd: options.folder,
    env: { PATH, HOME, LANG: "C.UTF-8", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    signal: options.signal,
  });
  let last = "";
  const reading = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      if (stream === child.stderr && line.trim() !== "") last = line;
      options.log(line);
    }
  });
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(`cannot start ${program}: ${error.message}`));
    child.once("exit", (code, killed) => {
      if (killed) resolve(`${program} was killed by ${killed}`);
      else resolve(code === 0 ? undefined : `${program} ended with exit code ${code}`);
    });
  });
  // A program may leave children that hold its pipes open: what they still print does not matter.
  await Promise.race([Promise.all(reading), setTimeout(drainMs, undefined, { ref: false })]);
  if (failure !== undefined) {
    throw new ActionError(last === "" ? failure : `${failure}: ${last.slice(0, 500)}`);
  }
}

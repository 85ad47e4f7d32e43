/** Runs a program to its end in a folder. Knows nothing of what it is given and what it writes. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { ActionError } from "../../engine/node-type.ts";
import { adviceFor, cannotStart } from "./advice.ts";

/** The last line that was printed; of Node, which prints more below an error, the error. */
function reasonIn(lines: readonly string[]): string | undefined {
  const last = lines.at(-1);
  if (!last?.startsWith("Node.js v")) return last;
  return lines.findLast((line) => /^(Uncaught )?\w*Error\b/.test(line)) ?? last;
}

/** The reason is near the end of what a program printed. */
const adviceLines = 50;

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
  const lines: string[] = [];
  const shorten = (line: string) => line.replaceAll(`${options.folder}/`, "");
  const reading = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      if (stream === child.stderr && line.trim() !== "") lines.push(shorten(line));
      if (lines.length > adviceLines) lines.shift();
      options.log(line);
    }
  });
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(cannotStart(program!, error)));
    child.once("exit", (code, killed) => {
      if (killed) resolve(`${program} was killed by ${killed}`);
      else resolve(code === 0 ? undefined : `${program} ended with exit code ${code}`);
    });
  });
  // A program may leave children that hold its pipes open: what they still print does not matter.
  await Promise.race([Promise.all(reading), setTimeout(drainMs, undefined, { ref: false })]);
  if (failure !== undefined) {
    const last = reasonIn(lines);
    const advice = adviceFor(lines);
    const said = last === undefined ? failure : `${failure}: ${last.slice(0, 500)}`;
    throw new ActionError(advice === undefined ? said : `${said}; ${advice}`);
  }
}

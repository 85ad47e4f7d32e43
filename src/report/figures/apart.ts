/**
 * Has a process of its own draw. A specification may ask for a billion of anything: then this process
 * is ended, and not the one that runs a pipeline.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answered, Tasks } from "./tasks.ts";

/** MiB of heap; the largest pictures take about half of it. */
const memory = 1024;
const idleMs = 10_000;

let child: ChildProcess | undefined;
let idle: NodeJS.Timeout | undefined;
let last: Promise<unknown> = Promise.resolve();
process.on("exit", () => child?.kill("SIGKILL"));

/** One task at a time. Rejects with what a person may read. */
export function apart<K extends keyof Tasks>(
  name: K,
  args: Parameters<Tasks[K]>,
  seconds: number,
): ReturnType<Tasks[K]> {
  const done = last.then(() => ask(name, args, seconds));
  last = done.catch(() => {});
  return done as ReturnType<Tasks[K]>;
}

async function ask(name: string, args: readonly unknown[], seconds: number): Promise<unknown> {
  clearTimeout(idle);
  child ??= start();
  const drawing = child;
  hold(drawing, true);
  let late = false;
  const over = new AbortController();
  const { signal: listening } = over;
  const limit = setTimeout(() => {
    late = true;
    drawing.kill("SIGKILL");
  }, 1000 * seconds);
  try {
    const ended = once(drawing, "exit", { signal: listening }).then(([code, signal]): Answered => {
      const isFull = signal === "SIGABRT" || code === 134;
      if (late) return { error: `it takes more than ${seconds} seconds` };
      return { error: isFull ? `it takes more than ${memory} MiB` : "what draws has stopped" };
    });
    const answered = once(drawing, "message", { signal: listening }).then(
      ([answer]) => answer as Answered,
    );
    drawing.send({ name, args });
    const answer = await Promise.race([answered, ended]);
    if ("error" in answer) throw new Error(answer.error);
    return answer.result;
  } finally {
    clearTimeout(limit);
    over.abort();
    hold(drawing, false);
    idle = setTimeout(() => child?.kill("SIGKILL"), idleMs).unref();
  }
}

function start(): ChildProcess {
  const started = fork(fileURLToPath(new URL("./process.js", import.meta.url)), {
    ...{ serialization: "advanced", stdio: "ignore" },
    execArgv: [`--max-old-space-size=${memory}`],
  });
  started.on("exit", () => {
    if (child === started) child = undefined;
  });
  return started;
}

/** This process waits for the other while that draws, and only then. */
function hold(drawing: ChildProcess, yes: boolean): void {
  if (yes) drawing.ref();
  else drawing.unref();
  const channel = drawing.channel;
  if (yes) channel?.ref();
  else channel?.unref();
}

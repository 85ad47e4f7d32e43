/** The code of the process that draws: one task after the other, as its parent asks. */
import { Worker } from "node:worker_threads";
import { type Answered, type Asked, tasks } from "./tasks.ts";

process.on("message", async ({ name, args }: Asked) => {
  process.send!(
    await answer(tasks[name] as (...args: readonly unknown[]) => Promise<unknown>, args),
  );
});
process.on("disconnect", () => process.exit());
// Ctrl-C is for the parent, which may go on to draw.
process.on("SIGINT", () => {});
// Who draws without end hears of nothing: a thread watches whether the parent still lives.
const watch = `
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.kill(process.pid, "SIGKILL"), 2000);
`;
new Worker(watch, { eval: true }).unref();

async function answer(
  task: (...args: readonly unknown[]) => Promise<unknown>,
  args: readonly unknown[],
): Promise<Answered> {
  try {
    return { result: await task(...args) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** `blockspin work`: what a job of a cluster calls on its node. Not for people, so `--help` does not list it. */
import type { Command } from "commander";
import { workTask } from "../index.ts";
import { natural } from "./options.ts";
import { underway } from "./unfinished.ts";

export function define(command: Command) {
  command
    .argument("<batch>", "folder of the batch")
    .argument("<task>", "which of its tasks", natural);
  return work;
}

async function work(batch: string, task: number): Promise<number> {
  const forget = underway(() => [`  task ${task} of the batch in ${JSON.stringify(batch)}`]);
  await workTask(batch, task);
  forget();
  return 0;
}

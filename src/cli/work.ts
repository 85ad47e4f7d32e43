/** `blockspin work`: what a job of a cluster calls on its node. Not for people, so `--help` does not list it. */
import type { Command } from "commander";
import { workTask } from "../index.ts";
import { natural } from "./options.ts";

export function define(command: Command) {
  command
    .argument("<batch>", "folder of the batch")
    .argument("<task>", "which of its tasks", natural);
  return work;
}

async function work(batch: string, task: number): Promise<number> {
  await workTask(batch, task);
  return 0;
}

/** The schedulers by name, as `--on` and `cluster:` have them. A new one is a file and a line. */
import { own } from "../../../own.ts";
import type { ClusterSettings } from "../../../project/cluster-settings.ts";
import { UsageError } from "../../../usage-error.ts";
import { processes } from "./processes.ts";
import type { Scheduler } from "./scheduler.ts";
import { slurm } from "./slurm.ts";

type Make = (settings: ClusterSettings, batches: string) => Scheduler;

const schedulers: Readonly<Record<string, Make>> = {
  processes: ({ poll }, batches) => processes(batches, poll),
  slurm: ({ poll }) => slurm(poll),
};

/**
 * @param name - `cluster` for the one that the configuration names
 * @param batches - the folder with the folders of runs
 */
export function makeScheduler(name: string, settings: ClusterSettings, batches: string): Scheduler {
  const meant = name === "cluster" ? settings.scheduler : name;
  const make = meant === undefined ? undefined : own(schedulers, meant);
  if (make) return make(settings, batches);
  const names = Object.keys(schedulers).sort().join(", ");
  const hint = `schedulers: ${names}; or cluster, with cluster.scheduler in blockspin.config.yaml`;
  if (meant !== undefined) throw new UsageError(`unknown scheduler ${JSON.stringify(meant)}`, hint);
  throw new UsageError("--on cluster: the configuration names no scheduler", hint);
}

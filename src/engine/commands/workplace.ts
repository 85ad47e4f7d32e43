/** Where the actions of a run are obtained: on this machine, or in jobs of a cluster. */
import type { Store } from "../../store/store.ts";
import type { Event } from "../events.ts";
import type { Opened } from "../open/open.ts";
import { Cluster, type ClusterOptions } from "../run/cluster/cluster.ts";
import { makeScheduler } from "../run/cluster/schedulers/index.ts";
import { type Executors, makeExecutor } from "../run/executors/index.ts";
import { Here, type HereOptions } from "../run/here.ts";
import type { Workplace } from "../run/workplace.ts";

export interface Workplaces {
  readonly jobs?: number | undefined;
  /** A scheduler that jobs are submitted to; this machine if undefined. */
  readonly on?: string | undefined;
  /** The executors that a configuration may name (default: those that ship). */
  readonly executors?: Executors;
  /** Called when all that can be submitted is. */
  onSubmitted?(): void;
}

/** More visits than slots: some wait for other processes, and a slot holds as many small actions. */
const visitsPerJob = 128;
/** As many actions are in flight on a cluster. */
const visitsOnCluster = 20_000;

/** How much happens at once. */
export interface Capacity {
  /** Actions. */
  readonly jobs: number;
  /** Instances that are looked after. */
  readonly visits: number;
}

export interface Chosen extends Capacity {
  open(store: Store, how: Omit<HereOptions, "store" | "executor" | "jobs" | "recorded">): Workplace;
  /** Ends what was begun before a workplace was opened. */
  close(): Promise<void>;
}

/** Refuses an unknown executor or scheduler before anything else happens. */
export function chooseWorkplace(
  opened: Opened,
  options: Workplaces,
  emit: (event: Event) => void,
): Chosen {
  const { on, onSubmitted } = options;
  if (on === undefined) {
    const { jobs = opened.jobs } = options;
    const executor = makeExecutor(opened.executor, jobs, options.executors);
    return {
      ...{ jobs, visits: visitsPerJob * jobs, close: () => executor.close() },
      open: (store, how) => new Here({ ...how, store, executor, jobs, recorded: true }),
    };
  }
  const settings = opened.cluster;
  const jobs = settings.max_jobs * settings.slots;
  // Its folder is known once the store is opened; an unknown name is refused now.
  makeScheduler(on, settings, "");
  return {
    ...{ jobs, visits: visitsOnCluster, close: async () => {} },
    open: (store, { publishEvery, signal }) => {
      const scheduler = makeScheduler(on, settings, store.shelf("batches"));
      const onProblem: ClusterOptions["onProblem"] = (it) => emit({ event: "warning", ...it });
      return new Cluster({
        store,
        scheduler,
        settings,
        publishEvery,
        signal,
        onSubmitted,
        onProblem,
      });
    },
  };
}

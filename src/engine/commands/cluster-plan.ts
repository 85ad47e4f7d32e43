/** Which jobs a plan would submit to a cluster, as far as is known now. Calls no scheduler. */
import { type Graph, producers } from "../graph.ts";
import type { Opened } from "../open/open.ts";
import { pack } from "../run/cluster/pack.ts";
import { limitOf, type Wish, wishOf } from "../run/cluster/request.ts";
import { makeScheduler } from "../run/cluster/schedulers/index.ts";
import { unknownSeconds } from "../run/cluster/typical.ts";
import type { Planning } from "./plan.ts";

/** Jobs that ask for the same. */
export interface PlannedJobs extends Wish {
  readonly count: number;
  /** Instances that they compute. */
  readonly instances: number;
  /** Seconds of the longest limit, if blockspin sets one. */
  readonly limit: number | undefined;
  /** Expected seconds of all of them together, and of the longest. */
  readonly seconds: number;
  readonly longest: number;
  /** Of how many instances nothing is known; they count as a minute each. */
  readonly unknown: number;
}

interface Load {
  readonly seconds: number;
  readonly most: number;
  readonly known: boolean;
  readonly timeout: number | undefined;
}

/** Throws `UsageError` for an unknown scheduler. Instances that wait for each other share no job. */
export function planJobs(opened: Opened, { plan, expected }: Planning, on: string): PlannedJobs[] {
  const { graph, cluster } = opened;
  makeScheduler(on, cluster, "");
  const seconds = expected();
  const depths = depthsOf(graph, plan);
  const bins = new Map<string, { wish: Wish; loads: Map<number, Load[]> }>();
  for (const [index, depth] of depths) {
    const { stage, node, resources } = graph.instances[index]!;
    const wish = wishOf({ stage, type: node.type.type, resources }, cluster);
    const name = JSON.stringify(wish);
    const bin = bins.get(name) ?? { wish, loads: new Map() };
    bins.set(name, bin);
    const known = seconds[index];
    const load = {
      ...{ seconds: known?.seconds ?? unknownSeconds, known: known !== undefined },
      ...{ most: Number.POSITIVE_INFINITY, timeout: resources.timeout },
    };
    bin.loads.set(depth, [...(bin.loads.get(depth) ?? []), load]);
  }
  return [...bins.values()].map(({ wish, loads }) => {
    const own = limitOf(wish, [], 0);
    const tasks = [...loads.values()].flatMap((of) => pack(of, { ...cluster, limit: own }));
    const all = tasks.flat();
    const longest = tasks.reduce((most, task) => Math.max(most, sum(task) / cluster.slots), 0);
    return {
      ...{ ...wish, count: tasks.length, instances: all.length, longest, seconds: sum(all) },
      limit: limitOf(
        wish,
        all.map(({ timeout }) => timeout),
        longest,
      ),
      unknown: all.filter(({ known }) => !known).length,
    };
  });
}

const sum = (loads: readonly Load[]) => loads.reduce((total, { seconds }) => total + seconds, 0);

/** How many stale instances each stale one waits for, one after another. */
function depthsOf({ instances }: Graph, plan: Planning["plan"]): ReadonlyMap<number, number> {
  const depths = new Map<number, number>();
  for (const [index, planned] of plan.entries()) {
    if (!planned || planned.state === "cached") continue;
    const before = Object.values(instances[index]!.inputs).flatMap(producers);
    depths.set(index, Math.max(0, ...before.map((i) => (depths.get(i) ?? -1) + 1)));
  }
  return depths;
}

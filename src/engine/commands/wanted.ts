/** The actions that a plan may run, so that another run knows which of its own are still of use. */
import type { Opened } from "../open/open.ts";
import { leavesOf } from "../run/divide.ts";
import { jobOf } from "../run/job.ts";
import type { Planning } from "./plan.ts";

/** Keys of all whose inputs are known, and of the parts that they are divided into. */
export function wantedKeys(
  { graph, facts }: Opened,
  { plan, store }: Pick<Planning, "plan" | "store">,
): Set<string> {
  const keys = new Set<string>();
  for (const [index, planned] of plan.entries()) {
    if (planned?.state !== "run") continue;
    const known = { key: planned.key!, preimage: planned.preimage! };
    const job = jobOf(graph.instances[index]!, known, (i) => plan[i]!.record!, facts, store);
    keys.add(job.action.key);
    for (const leaf of leavesOf(job)) keys.add(leaf.action.key);
  }
  return keys;
}

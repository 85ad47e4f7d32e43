/** What a job asks the scheduler for: the resources of a stage, and the options of the configuration. Pure. */

import type { Resources } from "../../graph.ts";
import { own } from "../../own.ts";
import type { ClusterSettings } from "../../project/cluster-settings.ts";
import type { Request } from "./schedulers/scheduler.ts";

/** What actions have in common that may share a job. */
export type Wish = Omit<Request, "seconds">;

export function wishOf(
  { stage, type, resources }: { stage: string; type: string; resources: Resources },
  { slots, memory_overhead, options, types, stages }: ClusterSettings,
): Wish {
  const { threads = 1, memory } = resources;
  return {
    cpus: Math.max(1, Math.ceil(threads)) * slots,
    memory: memory === undefined ? undefined : memory * slots + memory_overhead,
    options: { ...options, ...own(types, type), ...own(stages, stage) },
  };
}

/** Seconds to start Node and to load code, and for what is expected too short. */
const marginSeconds = 120;

/**
 * How long a job may run: as long as the configuration says, else as follows from `resources.timeout` if
 * every action has one. Undefined leaves it to the site.
 *
 * @param expected - seconds of work in the longest job
 */
export function limitOf(
  { options }: Wish,
  timeouts: readonly (number | undefined)[],
  expected: number,
): number | undefined {
  const written = own(options, "time");
  if (written !== undefined) return secondsOf(String(written));
  let longest = 0;
  for (const timeout of timeouts) {
    if (timeout === undefined) return undefined;
    longest = Math.max(longest, timeout);
  }
  // What does not end in time is submitted again, so not every action needs room for its timeout.
  return longest === 0 ? undefined : Math.ceil(longest + 2 * expected + marginSeconds);
}

/** `90` (minutes), `1:30` (minutes and seconds), `4:00:00`, `2-12`, `2-12:30`, `2-12:30:00`. */
export function secondsOf(time: string): number | undefined {
  const match = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(time.trim());
  if (!match) return undefined;
  const [days, a, b, c] = match
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  if (days !== undefined) return days * 86400 + a! * 3600 + (b ?? 0) * 60 + (c ?? 0);
  if (c !== undefined) return a! * 3600 + b! * 60 + c;
  return a! * 60 + (b ?? 0);
}

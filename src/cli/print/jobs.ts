/** Prints which jobs a plan would submit to a cluster. */
import type { PlannedJobs } from "../../index.ts";
import { duration } from "../../text/duration.ts";
import { plural } from "../../text/plural.ts";
import { out } from "./terminal.ts";

/** `at most 17 jobs: 1 core, 1536 MiB, limit 1 h 05 min; about 2 h 46 min of work, 10 min the longest` */
export function printJobs(jobs: readonly PlannedJobs[]): void {
  for (const { count, cpus, memory, limit, options, seconds, longest, unknown } of jobs) {
    const asks = [
      plural(cpus, "core"),
      ...(memory === undefined ? [] : [`${memory} MiB`]),
      ...(limit === undefined ? [] : [`limit ${duration(limit)}`]),
      ...Object.entries(options).map(([name, value]) => `${name}=${value}`),
    ].join(", ");
    const guessed = unknown > 0 ? `; nothing is known of ${plural(unknown, "instance")}` : "";
    const work = `about ${duration(seconds)} of work, ${duration(longest)} in the longest`;
    out.print(`${plural(count, "job")}: ${asks}; ${work}${guessed}`);
  }
}

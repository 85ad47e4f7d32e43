/** Describes what a remote gave and took, in a line. */
import type { Shared } from "../../index.ts";
import { size } from "./size.ts";

/** Returns no line if nothing happened. */
export function sharedLines({ remote, pulled, pushed, ignored, waiting }: Shared): string[] {
  const amount = ({ records, objects, bytes }: Shared["pulled"], verb: string) =>
    records + objects === 0
      ? []
      : [`${count(records, "record")} and ${count(objects, "object")} (${size(bytes)}) ${verb}`];
  const reasons = [
    ...(ignored.unsigned ? [`${ignored.unsigned} unsigned`] : []),
    ...(ignored.unknown ? [`${ignored.unknown} signed by keys that are not trusted`] : []),
    ...(ignored.damaged ? [`${ignored.damaged} damaged or tampered with`] : []),
  ];
  const parts = [
    ...amount(pulled, "pulled"),
    ...amount(pushed, "pushed"),
    ...(reasons.length > 0 ? [`ignored ${reasons.join(", ")}`] : []),
    ...(waiting > 0
      ? [`${count(waiting, "upload")} left for the next run or blockspin cache push`]
      : []),
  ];
  return parts.length === 0 ? [] : [`remote ${remote}: ${parts.join("; ")}`];
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

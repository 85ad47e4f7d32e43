/** Describes what a remote gave and took, in a line. */
import type { Opened, Shared } from "../../index.ts";
import { size } from "./size.ts";

/**
 * Returns no line if nothing happened.
 *
 * @param remotes - as they are configured
 */
export function sharedLines(
  { remote, pulled, pushed, ignored, waiting, strangers }: Shared,
  remotes: Opened["settings"]["remotes"],
): string[] {
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
  if (parts.length === 0) return [];
  return [
    `remote ${remote}: ${parts.join("; ")}`,
    ...trustHint(strangers, listOf(remote, remotes)),
  ];
}

/** At most so many signers are named. */
const maxStrangers = 5;

/** The names and keys that a remote lists under its own `trust:`, and no others count. */
function listOf(remote: string, remotes: Opened["settings"]["remotes"]) {
  const trust = remotes.find(({ name }) => name === remote)?.trust;
  return Array.isArray(trust) ? { remote } : undefined;
}

/** The lines of the configuration that make records of these signers count. */
function trustHint(strangers: Shared["strangers"], own: { remote: string } | undefined): string[] {
  if (strangers.length === 0) return [];
  const lines = strangers.slice(0, maxStrangers).map(({ key, name }) => {
    const shown = /^[A-Za-z][\w-]*$/.test(name) ? name.toLowerCase() : "name";
    return `      ${shown}: ${key}`;
  });
  const more = strangers.length - lines.length;
  return [
    "  = if you know the signer and trust the key, write in blockspin.config.yaml:",
    "    trust:",
    ...lines,
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...(own ? [`    and the name in the list trust: of remotes: ${own.remote}:`] : []),
  ];
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

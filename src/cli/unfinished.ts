/**
 * What is under way in this process, in words. Node ends a process in which nothing is left that could go
 * on, also while somebody waits; then this is all that can still be said.
 */
import { plural } from "../text/plural.ts";
import { err } from "./print/terminal.ts";

const tasks = new Set<() => readonly string[]>();

/** @param describe - lines that say what has not ended. Returns what ends it. */
export function underway(describe: () => readonly string[]): () => void {
  tasks.add(describe);
  return () => void tasks.delete(describe);
}

/** At most so many are named. */
const namesMost = 10;

/** Lines that name what is left of a run, by the last state of each instance that anything was said of. */
export function leftOf(states: ReadonlyMap<string, string>, all: number): string[] {
  const started = [...states].flatMap(([id, state]) => (state === "started" ? [id] : []));
  const waiting = all - states.size;
  const more = started.length - namesMost;
  return [
    ...started.slice(0, namesMost).map((id) => `  ${id} has begun and not ended`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(waiting > 0 ? [`  ${plural(waiting, "instance")} had not begun`] : []),
  ];
}

/**
 * From now on, a process with nothing left to do says so and fails, where Node would end it without a word.
 * Returns what ends that.
 */
export function failUnfinished(command: string): () => void {
  const fail = () => {
    err.print(
      `error: ${command} cannot go on: it waits for what will never come, and nothing else is left to do`,
      ...[...tasks].flatMap((describe) => describe()),
      "  = what is finished is kept, and the same command goes on from there; this is a bug to report",
    );
    process.exit(1);
  };
  process.once("beforeExit", fail);
  return () => process.off("beforeExit", fail);
}

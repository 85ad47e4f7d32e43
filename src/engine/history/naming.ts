/** Gives runs names, and notes, when they begin or later. A run with a name is kept by `cache gc`. */
import { appendToJournal } from "../../store/journal.ts";
import type { Store } from "../../store/store.ts";
import { printable } from "../../text/printable.ts";
import { UsageError } from "../usage-error.ts";
import type { NamedEvent, Naming } from "./about.ts";
import { listRuns, type PastRun } from "./runs.ts";

const maxLength = 200;

/** Throws `UsageError` for a name that a command could not tell from something else. */
export function checkRunName(name: string): void {
  const problem = problemOf(name);
  if (problem === undefined) return;
  throw new UsageError(`a run cannot be called ${JSON.stringify(name)}: ${problem}`);
}

function problemOf(name: string): string | undefined {
  if (name.trim() === "") return "a name is not empty";
  if (name !== name.trim()) return "a name neither begins nor ends with a blank";
  if (name.length > maxLength) return `a name has at most ${maxLength} characters`;
  if (printable(name) !== name || name.includes("\t")) return "a name is one line of plain text";
  if (/^latest(~\d+)?$/.test(name)) return "that is how commands count back";
  if (/^\d{8}T\d{9}Z/.test(name)) return "that is how the names of journals begin";
  return name.startsWith("-") ? "that is how options begin" : undefined;
}

/** The line of the journal; undefined if nothing is given. Throws `UsageError`. */
export function namedEvent({ name, note }: Naming): NamedEvent | undefined {
  if (name !== undefined && name !== null) checkRunName(name);
  if (name === undefined && note === undefined) return undefined;
  return {
    event: "named",
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
  };
}

/** Names a run that is in the journal. Throws `UsageError` or `StoreError`. */
export function nameRun(store: Store, pipeline: string, run: PastRun, naming: Naming): void {
  const event = namedEvent(naming);
  if (event) appendToJournal(store, pipeline, run.name, event);
}

/** Runs that have a name already, the newest first: they keep it, and the newest is meant by it. */
export function runsCalled(store: Store, pipeline: string, name: string): PastRun[] {
  return listRuns(store, pipeline).filter(({ called }) => called === name);
}

/** The code of a worker thread: one action at a time, several in a message where they are small. */
import { parentPort } from "node:worker_threads";
import { Store } from "../../../store/store.ts";
import type { Artifact, Columns } from "../../../table/schema.ts";
import type { Port } from "../../node-type.ts";
import type { Action } from "../action.ts";
import type { Ended, Said } from "./thread.ts";
import { work } from "./work.ts";

let opened: Store | undefined;

/** Opening a store tidies it up, which once in a thread's life is often enough. */
function openStore(folder: string): Store {
  if (opened?.folder !== folder) opened = Store.open(folder);
  return opened;
}

/** By their text. Of columns that are one object, much is found out only once. */
const columns = new Map<string, Columns>();
const columnsMost = 1000;

function one(given: Columns): Columns {
  const text = JSON.stringify(given);
  const known = columns.get(text) ?? given;
  if (columns.size === columnsMost) columns.clear();
  columns.set(text, known);
  return known;
}

/** Makes the columns of an action that nobody else has yet one object where they are equal. */
function unite({ outputs, inputs }: Action): void {
  type Open<T> = { -readonly [K in keyof T]: T[K] };
  for (const port of Object.values(outputs) as Open<Port>[]) port.columns = one(port.columns);
  for (const { members } of Object.values(inputs)) {
    for (const { artifact } of members) {
      (artifact as Open<Artifact>).schema = one(artifact.schema);
    }
  }
}

/** The longest that a result waits for those of the actions after it, in ms. */
const patience = 20;

/**
 * @param text - a list of actions with their ids, in JSON
 * Returns a list of `Ended` in JSON: what the last of them came to, as far as that was not said before.
 */
export async function perform(text: string): Promise<string> {
  const actions = JSON.parse(text) as { readonly id: number; readonly action: Action }[];
  const never = new AbortController().signal;
  const say = (said: Said) => parentPort!.postMessage(said);
  let ended: Ended[] = [];
  let since = performance.now();
  for (const { id, action } of actions) {
    unite(action);
    let reports = 0;
    const report = (report: Parameters<Parameters<typeof work>[2]>[0]) => {
      reports++;
      say({ id, report });
    };
    const outcome = await work(action, openStore, report, never);
    ended.push({ id, outcome, reports });
    if (performance.now() - since < patience) continue;
    say({ ended: JSON.stringify(ended) });
    ended = [];
    since = performance.now();
  }
  return JSON.stringify(ended);
}

/**
 * Obtains an action's record: from the store, from its parts, or from the workplace, which has it computed.
 * Knows neither the graph nor the state of an instance.
 */
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { ActionResult, Numbers } from "./action.ts";
import { compareWith } from "./differ.ts";
import { assemble, divide, type Part } from "./divide.ts";
import { ActionFailure } from "./executors/executor.ts";
import { type Job, judgeOf } from "./job.ts";
import { keepRecord } from "./keep.ts";
import { emptyCode, emptyOutputs } from "./returned.ts";
import {
  findHere,
  fromStore,
  type Made,
  type Parts,
  Stopped,
  type Watch,
  type Workplace,
} from "./workplace.ts";

interface ProducerOptions {
  readonly store: Store;
  readonly workplace: Workplace;
  readonly keepGoing: boolean;
}

export class Producer {
  readonly #options: ProducerOptions;
  /** Actions in flight, by key; a second caller waits for the first. */
  readonly #running = new Map<string, Promise<Made>>();

  constructor(options: ProducerOptions) {
    this.#options = options;
  }

  /**
   * @param bytes - whether the outputs' bytes will be read, so that a record without them is useless
   * Rejects with `ActionFailure`, `Stopped`, or the abort's reason.
   */
  async produce(job: Job, bytes: boolean, watch: Watch): Promise<Made> {
    const { key } = job.action;
    const shared = this.#running.get(key);
    if (shared) return fromStore((await shared).record);
    const made = this.#make(job, bytes, watch);
    this.#running.set(key, made);
    try {
      return await made;
    } finally {
      this.#running.delete(key);
    }
  }

  async #make(job: Job, bytes: boolean, watch: Watch): Promise<Made> {
    const { store } = this.#options;
    const record = await store.findRecord(job.action.key, judgeOf(job));
    if (record && !bytes) return fromStore(record);
    if (record) {
      await store.fetch(Object.values(record.outputs));
      const found = findHere(store, job, bytes);
      if (found) return fromStore(found);
    }
    const parts = divide(job);
    return parts
      ? await this.#divided(job, parts, bytes, watch)
      : await this.#options.workplace.obtain(job, bytes, watch);
  }

  async #divided(job: Job, parts: readonly Part[], bytes: boolean, watch: Watch): Promise<Made> {
    const { store, keepGoing } = this.#options;
    const startedAt = new Date();
    let failed = false;
    const expected = watch.seconds === undefined ? undefined : watch.seconds / parts.length;
    const done = parts.map(() => 0);
    const each = async ({ job: part, label }: Part, i: number) => {
      const progress = (fraction: number, message: string | undefined, numbers?: Numbers) => {
        done[i] = fraction;
        const all = done.reduce((sum, one) => sum + one, 0) / parts.length;
        const said = message === undefined ? label : `${label}: ${message}`;
        watch.progress(all, said, numbers && labelled(numbers, label));
      };
      const stopped = () => watch.stopped() || (failed && !keepGoing);
      try {
        const log = (line: string) => watch.log(`${label}: ${line}`);
        const own = { stopped, progress, log, seconds: expected };
        const made = await this.produce(part, bytes, { ...watch, ...own });
        progress(1, undefined);
        return made;
      } catch (error) {
        failed = true;
        throw error instanceof ActionFailure ? error.within(label) : error;
      }
    };
    const ended = await Promise.allSettled(parts.map(each));
    const errors = ended.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    if (errors.length > 0) throw errors.find((error) => !(error instanceof Stopped)) ?? errors[0];
    const all = ended.map((end) => (end as PromiseFulfilledResult<Made>).value);
    const records = all.map(({ record }) => record);
    const earlier = store.getRecord(job.action.key, judgeOf(job));
    const counts = count(all);
    // Another process may have put it together while we waited for the parts.
    if (earlier && !bytes && counts.ran === 0) return fromStore(earlier);
    if (counts.ran === 0) watch.started();
    const outputs = await assemble(job, records, store);
    const result: ActionResult = {
      outputs,
      seconds: records.reduce((sum, { seconds }) => sum + seconds, 0),
      warnings: distinct(warningsOf(job, parts, records, outputs)),
      log: records.flatMap(({ log }) => log),
    };
    compareWith(earlier, job, result, store, watch);
    const whole = { ...job, prefix: undefined };
    const record = keepRecord(store, whole, result, startedAt, { parts: records });
    const seconds = all.reduce((sum, made) => sum + made.seconds, 0);
    return { record, state: "ran", parts: counts, seconds };
  }
}

/** The warnings of the parts. A part without rows is named: the whole may well have rows. */
function warningsOf(
  { action }: Job,
  parts: readonly Part[],
  records: readonly StoreRecord[],
  outputs: ActionResult["outputs"],
): ActionResult["warnings"] {
  const empty = emptyOutputs(action.outputs, outputs);
  const ofParts = records.flatMap(({ warnings }, i) =>
    warnings.flatMap((warning) => {
      const { code, message } = warning;
      if (code !== emptyCode) return warning;
      if (empty.some((whole) => whole.message === message)) return [];
      return { code, message: `${parts[i]!.label}: ${message}` };
    }),
  );
  return [...ofParts, ...empty];
}

function count(all: readonly Made[]): Parts {
  const sum = (of: keyof Parts) => all.reduce((total, { parts }) => total + parts[of], 0);
  return { ran: sum("ran"), cached: sum("cached"), continued: sum("continued") };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** Numbers of a part, by names that no other part uses. */
function labelled(numbers: NonNullable<Numbers>, label: string): Numbers {
  const all = Object.entries(numbers).map(([name, value]) => [`${name}, ${label}`, value]);
  return Object.fromEntries(all);
}

/**
 * Keeps the intermediate results that an action publishes: each is the record of the same action with a
 * smaller value of what grows. An interrupted action continues the last of them.
 */

import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import { ActionError, type AnyNodeType, type Context, type Output } from "../node-type.ts";
import type { Action, ActionResult, Prefix } from "./action.ts";
import { withParam } from "./job.ts";
import { keepRecord } from "./keep.ts";
import { writeOutputs } from "./output.ts";

export class Publisher {
  readonly #action: Action;
  readonly #type: AnyNodeType;
  readonly #store: Store;
  /** What the action continues. */
  readonly #origin: Prefix | undefined;
  /** What its rows continue: that, or what it has handed over. */
  #prefix: Prefix | undefined;
  readonly #said: Pick<ActionResult, "warnings" | "log">;
  readonly #startedAt = new Date();
  readonly #started = performance.now();
  #last = performance.now();
  #value: number;

  constructor(
    action: Action,
    type: AnyNodeType,
    store: Store,
    prefix: Prefix | undefined,
    said: Pick<ActionResult, "warnings" | "log">,
  ) {
    this.#action = action;
    this.#type = type;
    this.#store = store;
    this.#origin = prefix;
    this.#prefix = prefix;
    this.#said = said;
    this.#value = prefix?.value ?? Number.NEGATIVE_INFINITY;
  }

  /** What the rows that `run` gives from now on continue. */
  get prefix(): Prefix | undefined {
    return this.#prefix;
  }

  /** Keeps the outputs if it is time, and the value is new and less than the final one. */
  async offer(value: number, outputs: Parameters<Context<unknown>["publish"]>[1]): Promise<void> {
    const { by } = this.#type.grows ?? {};
    if (by === undefined || performance.now() - this.#last < 1000 * this.#action.publishEvery) {
      return;
    }
    const wanted = this.#action.preimage.params[by];
    if (typeof wanted !== "number" || !(value > this.#value && value < wanted)) return;
    await this.#keep(by, value, outputs);
  }

  /** Keeps the outputs, and lets what comes later continue them. */
  async take(value: number, outputs: Parameters<Context<unknown>["handOver"]>[1]): Promise<void> {
    const { by } = this.#type.grows ?? {};
    if (by === undefined)
      throw new ActionError("hands over outputs, but its node type does not grow");
    const { key, outputs: kept, checkpoint, seconds } = await this.#keep(by, value, outputs);
    this.#prefix = { key, value, outputs: kept, seconds, ...(checkpoint ? { checkpoint } : {}) };
  }

  async #keep(
    by: string,
    value: number,
    outputs: () => Readonly<Record<string, Output>>,
  ): Promise<StoreRecord> {
    const action = withParam(this.#action, by, value);
    const prefix = this.#origin;
    const written = await writeOutputs(action, this.#type, outputs(), this.#prefix, this.#store);
    const { warnings, log } = this.#said;
    const seconds = (performance.now() - this.#started) / 1000;
    const said = { warnings: [...warnings, ...written.warnings], log: [...log] };
    const result = { ...written, ...said, seconds };
    const continues = prefix ? { continues: prefix.key } : {};
    const record = keepRecord(
      this.#store,
      { type: this.#type, action, prefix },
      { ...result, ...continues },
      this.#startedAt,
    );
    this.#value = value;
    this.#last = performance.now();
    return record;
  }
}

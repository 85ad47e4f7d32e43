/**
 * What node types answered, by value: the ablations of a file put nearly all questions of the baseline
 * again. Knows nothing of where a question comes from, and so no wrong answer, which has a place.
 */
import type { Columns } from "../../table/schema.ts";
import type { AnyNodeType, Ports } from "../node-type.ts";
import type { Expanded } from "./expanded.ts";

export class Answers {
  readonly #byText: Map<string, object> | undefined;
  readonly #ids = new WeakMap<object, number>();
  #lastId = 0;
  readonly #ports = new Map<string, Ports>();
  readonly #portsByText = new Map<string, Ports>();

  #baseline: Expanded | undefined;

  /** @param several - whether for several graphs; one has few questions that are equal by value alone */
  constructor(several = false) {
    this.#byText = several ? new Map() : undefined;
  }

  /** What ablations may take over, once it is kept. */
  get baseline(): Expanded | undefined {
    return this.#baseline;
  }

  /** Keeps the baseline, if other graphs will come. */
  keep(baseline: Expanded): void {
    if (this.#byText) this.#baseline = baseline;
  }

  /** The first of all objects that are the same JSON, which nobody changes. */
  first<T extends object>(value: T): T {
    if (!this.#byText) return value;
    const text = JSON.stringify(value);
    const known = this.#byText.get(text);
    if (known) return known as T;
    this.#byText.set(text, value);
    return value;
  }

  /** Names a question: parameters and columns are all that the answer depends on. */
  question(type: AnyNodeType, params: object, columns: Readonly<Record<string, Columns>>): string {
    let text = `${this.#idOf(type)} ${this.#idOf(params)}`;
    for (const port of Object.keys(columns)) text += ` ${port} ${this.#idOf(columns[port]!)}`;
    return text;
  }

  get(question: string): Ports | undefined {
    return this.#ports.get(question);
  }

  set(question: string, ports: Ports): void {
    this.#ports.set(question, ports);
  }

  /**
   * The first ports that are the same JSON, which were found right: answers are many, and tables have
   * few kinds of columns. For node types that ship alone, whose ports are JSON.
   */
  right(ports: Ports, flaw: () => string | undefined): Ports | string {
    const text = JSON.stringify(ports);
    const known = this.#portsByText.get(text);
    if (known) return known;
    const wrong = flaw();
    if (wrong === undefined) this.#portsByText.set(text, ports);
    return wrong ?? ports;
  }

  #idOf(object: object): number {
    const known = this.#ids.get(object);
    if (known !== undefined) return known;
    this.#ids.set(object, ++this.#lastId);
    return this.#lastId;
  }
}

/**
 * A store, small node types and an executor in this thread, for the rules of planning and running.
 * No worker, no process, no file but those of the store.
 */
import { expect } from "vitest";
import { readPipeline } from "../../../src/engine/document/index.ts";
import { loadDocument } from "../../../src/engine/document/load.ts";
import type { Event } from "../../../src/engine/events.ts";
import { expandPipeline } from "../../../src/engine/expand/index.ts";
import type { Graph, Registry } from "../../../src/engine/graph.ts";
import {
  type AnyNodeType,
  type Context,
  defineNode,
  f64,
  Type,
  table,
} from "../../../src/engine/node-type.ts";
import type { Facts } from "../../../src/engine/plan/key.ts";
import { makePlan, type Plan } from "../../../src/engine/plan/plan.ts";
import type { Action } from "../../../src/engine/run/action.ts";
import { ActionFailure, type Executor } from "../../../src/engine/run/executors/executor.ts";
import { Here } from "../../../src/engine/run/here.ts";
import { performAction } from "../../../src/engine/run/perform.ts";
import { Runner, type RunnerOptions } from "../../../src/engine/run/runner.ts";
import type { StoreRecord } from "../../../src/store/record.ts";
import type { Store } from "../../../src/store/store.ts";
import { Folder } from "../../store/folder.ts";

const strict = { additionalProperties: false };
const value = { value: table({ value: f64 }) };

/** The sum of `a` and of all that it reads, rounded if `coarse`. Fails where `a` is below 0. */
export const sum = defineNode({
  type: "sum",
  version: 1,
  summary: "Adds.",
  params: Type.Object(
    { a: Type.Number({ default: 0 }), coarse: Type.Boolean({ default: false }) },
    strict,
  ),
  inputs: {},
  moreInputs: table({}),
  outputs: value,
  async run({ params: { a, coarse }, moreInputs, warn, log }) {
    log(`adding ${a}`);
    if (a < 0) throw new Error("asked to fail");
    if (a === 13) warn("unlucky", "a is 13");
    let total = a;
    for (const input of Object.values(moreInputs)) {
      const { columns } = await input.table();
      for (const x of columns["value"] as Float64Array) total += x;
    }
    return { value: { value: [coarse ? Math.round(total / 10) : total] } };
  },
});

/** The squares of a list, an element at a time. */
export const squares = defineNode({
  type: "squares",
  version: 1,
  summary: "Squares.",
  params: Type.Object({ of: Type.Array(Type.Number()) }, strict),
  inputs: {},
  outputs: value,
  splits: "of",
  run({ params: { of } }) {
    const [x] = of as [number];
    if (x < 0) throw new Error("asked to fail");
    return { value: { value: [x * x] } };
  },
});

/** The first numbers; a longer list continues a shorter one. */
export const count = defineNode({
  type: "count",
  version: 1,
  summary: "Counts.",
  params: Type.Object({ to: Type.Integer({ minimum: 1 }) }, strict),
  inputs: {},
  outputs: value,
  grows: { by: "to", extends: ["value"] },
  run({ params: { to }, previous }: Context<{ to: number }>) {
    const from = previous?.value ?? 0;
    return { value: { value: Array.from({ length: to - from }, (_, i) => from + i) } };
  },
});

const types = [sum, squares, count] as readonly AnyNodeType[];
const registry: Registry = new Map(
  types.map((type) => [type.type, { type, module: "test:workbench", code: null }]),
);

export const facts: Facts = { backend: "wasm", identities: new Map() };

/** The graph of stages as text. */
export function graphOf(stages: string): Graph {
  const text = `blockspin: 1\n${stages}`;
  const document = loadDocument("/project/p.yaml", { readFile: () => text });
  const pipeline = readPipeline(document.value!);
  const graph = expandPipeline(pipeline.value!, registry, { hashFile: () => "" });
  expect([document, pipeline, graph].flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
  return graph.value!;
}

interface BenchOptions extends Partial<RunnerOptions> {
  readonly executor?: Executor;
  readonly jobs?: number;
}

export class Workbench implements Disposable {
  readonly #folder = new Folder();
  readonly store: Store = this.#folder.open();
  /** Ids of the instances whose actions were performed, in order; of a part, its instance's. */
  readonly performed: string[] = [];
  readonly events: Event[] = [];

  /** Performs actions here, after `before`, which may wait or throw. */
  executor(before: (action: Action) => unknown = () => {}): Executor {
    return {
      execute: async (action, _, hooks) => {
        this.performed.push(action.id);
        await before(action);
        const type = types.find(({ type: name }) => name === action.preimage.node)!;
        try {
          return await performAction(action, type, this.store, hooks);
        } catch (error) {
          throw new ActionFailure((error as Error).message);
        }
      },
      close: async () => {},
    };
  }

  plan(graph: Graph): Plan {
    return makePlan(graph, this.store, facts);
  }

  runner(
    graph: Graph,
    { executor = this.executor(), jobs = 1, ...more }: BenchOptions = {},
  ): Runner {
    const { signal = new AbortController().signal, replaced } = more;
    const { store } = this;
    return new Runner({
      ...{ graph, facts, store, signal, visits: 16 * jobs, keepGoing: false },
      workplace: new Here({ store, executor, jobs, signal, replaced, publishEvery: 60 }),
      expected: () => 1,
      reason: () => [],
      emit: (event) => void this.events.push(event),
      ...more,
    });
  }

  /** One pass from nothing but the store; what was performed and said before is forgotten. */
  async run(graph: Graph, more: BenchOptions = {}): Promise<Runner> {
    this.performed.length = 0;
    this.events.length = 0;
    const runner = this.runner(graph, more);
    await runner.pass(this.plan(graph));
    return runner;
  }

  /** Final states by id. */
  states(): Record<string, string> {
    return Object.fromEntries(
      this.events.flatMap((event) =>
        event.event === "instance" && event.state !== "started" ? [[event.id, event.state]] : [],
      ),
    );
  }

  recordOf(graph: Graph, id: string): StoreRecord {
    const index = graph.instances.findIndex((instance) => instance.id === id);
    return this.store.getRecord(this.plan(graph)[index]!.key!)!;
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

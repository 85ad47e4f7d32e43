/**
 * Computes results of one node type as the engine does (dividing, continuing, sharing, publishing), in
 * its own store, without pipeline files, threads or processes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnyNodeType, Ports } from "../../src/engine/node-type.ts";
import { keyed } from "../../src/engine/plan/key.ts";
import type { Action, ActionInput } from "../../src/engine/run/action.ts";
import { Here } from "../../src/engine/run/here.ts";
import type { Job } from "../../src/engine/run/job.ts";
import { performAction } from "../../src/engine/run/perform.ts";
import { Producer } from "../../src/engine/run/produce.ts";
import type { Made } from "../../src/engine/run/workplace.ts";
import type { StoreRecord } from "../../src/store/record.ts";
import { Store } from "../../src/store/store.ts";
import { concatTables, readArtifact, writeArtifact } from "../../src/store/tables.ts";
import type { Artifact, Table } from "../../src/table/schema.ts";
import { withDefaults } from "./run-node.ts";

/** Parameters and inputs of an instance. */
export interface Given {
  /** As in `with:`. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** By port, declared or not. */
  readonly inputs?: Readonly<Record<string, Table | Artifact>>;
}

const quiet = { stopped: () => false, started() {}, progress() {}, log() {}, waiting() {} };

export class Workshop implements Disposable {
  readonly store: Store;
  /** Every action that was performed, in order. */
  readonly performed: Action[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "blockspin-workshop-"));
  readonly #type: AnyNodeType;
  readonly #producer: Producer;

  constructor(type: AnyNodeType, { publishEvery = 60 } = {}) {
    this.#type = type;
    this.store = Store.open(join(this.#folder, "cache"));
    const workplace = new Here({
      store: this.store,
      executor: {
        execute: (action, _, hooks) => {
          this.performed.push(action);
          return performAction(action, type, this.store, hooks);
        },
        close: async () => {},
      },
      // One at a time, since they share this thread's console.
      jobs: 1,
      signal: new AbortController().signal,
      publishEvery,
    });
    this.#producer = new Producer({ store: this.store, workplace, keepGoing: false });
  }

  /** Obtains the record, as a run would. Throws if a rerun gives other bytes. */
  async make(given: Given): Promise<Made> {
    const differs = (ports: readonly string[]) => {
      throw new Error(`a rerun gave other bytes for ${ports.join(", ")}`);
    };
    return this.#producer.produce(await this.job(given), true, { ...quiet, differs });
  }

  /** The record, if the store has it. */
  async find(given: Given): Promise<StoreRecord | undefined> {
    return this.store.getRecord((await this.job(given)).action.key);
  }

  async job({ params: some = {}, inputs = {} }: Given): Promise<Job> {
    const type = this.#type;
    const params = withDefaults(type, some);
    const artifacts = new Map<string, Artifact>();
    for (const [port, input] of Object.entries(inputs)) {
      const artifact = "chunks" in input ? input : await this.write(input);
      artifacts.set(port, artifact);
    }
    const of = <T>(what: (artifact: Artifact) => T): Record<string, T> =>
      Object.fromEntries([...artifacts].map(([port, artifact]) => [port, what(artifact)]));
    const schemas = of(({ schema }) => schema);
    const outputs: Ports =
      typeof type.outputs === "function" ? type.outputs(params, schemas) : type.outputs;
    const known = keyed({
      ...{ v: 1 as const, node: type.type, version: type.version, params },
      inputs: of(({ digest }) => digest),
      numerics: type.backend ? { backend: "wasm" as const } : null,
    });
    const action = {
      ...{ id: type.type, ...known, files: {}, outputs, store: this.store.folder },
      ...{ module: "", backend: "wasm" as const },
      inputs: of((artifact): ActionInput => {
        return { axes: [], members: [{ coordinate: {}, artifact }] };
      }),
    };
    return { type, action, resources: {} };
  }

  /** Writes the table as one artifact. */
  write(table: Table): Promise<Artifact> {
    return writeArtifact(this.store, table.schema, [table]);
  }

  /** Writes several tables, each as its own chunks, as a node type that splits does. */
  async writeParts(tables: readonly Table[]): Promise<Artifact> {
    const { concatArtifacts } = await import("../../src/store/artifacts.ts");
    const parts: Artifact[] = [];
    for (const table of tables) parts.push(await this.write(table));
    return concatArtifacts(tables[0]!.schema, parts);
  }

  async read(artifact: Artifact): Promise<Table> {
    const tables: Table[] = [];
    for await (const table of readArtifact(this.store, artifact)) tables.push(table);
    return concatTables(artifact.schema, tables);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

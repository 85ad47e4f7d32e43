/**
 * Runs a node type without the engine: defaults and validation of parameters, plain tables as
 * inputs, real random streams, and the outputs as tables again.
 */
import type { TObject } from "@sinclair/typebox";
import { Ajv } from "ajv";
import { noteOn } from "../../src/engine/document/typical.ts";
import type { Context, Input, NodeType, Output, Port, Ports } from "../../src/engine/node-type.ts";
import { seedParam } from "../../src/engine/seed.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import type { Columns, Table } from "../../src/table/schema.ts";
import { concatenate, sliceRows, tableOf } from "./tables.ts";

export interface RunOptions {
  /** As in `with:`; defaults are filled in, and an invalid value throws. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, Table | undefined>>;
  readonly moreInputs?: Readonly<Record<string, Table>>;
  /** Axes that an input was collected over, by port. */
  readonly axes?: Readonly<Record<string, readonly string[]>>;
  readonly backend?: "wasm" | "tensorflow";
  /** Rows in each chunk that an input hands out; default: all. */
  readonly chunkRows?: number;
}

type PortTable<P> = P extends { columns: infer C extends Columns } ? Table<C> : never;

export interface NodeResult<O extends Ports> {
  readonly outputs: { readonly [K in keyof O]: PortTable<O[K]> };
  /** Codes of the warnings, in order. */
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly log: readonly string[];
}

/** Runs once; errors of `outputs` and `run` pass through. */
export async function runNode<P extends TObject, I extends Ports, O extends Ports>(
  node: NodeType<P, I, O>,
  options: RunOptions = {},
): Promise<NodeResult<O>> {
  const { inputs = {}, moreInputs = {}, axes = {}, chunkRows = Number.POSITIVE_INFINITY } = options;
  const params = withDefaults(node, options.params ?? {});
  const wrap = (tables: Readonly<Record<string, Table | undefined>>) =>
    Object.fromEntries(
      Object.entries(tables).flatMap(([port, table]) =>
        table ? [[port, inputOf(table, axes[port] ?? [], chunkRows)]] : [],
      ),
    );
  checkInputs(node, inputs);
  const types = Object.fromEntries(
    Object.entries({ ...inputs, ...moreInputs }).flatMap(([port, table]) =>
      table ? [[port, table.schema]] : [],
    ),
  );
  const ports: Ports =
    typeof node.outputs === "function" ? node.outputs(params as never, types) : node.outputs;
  requireNotes(node, ports, Object.values(types));
  const warnings: { code: string; message: string }[] = [];
  const log: string[] = [];
  const context: Context<Record<string, unknown>> = {
    params,
    inputs: wrap(inputs),
    moreInputs: wrap(moreInputs),
    outputs: ports,
    random: (purpose, ...parts) =>
      createGenerator(
        streamSeed({ nodeType: node.type, purpose, seed: seedOf(node, params), parts }),
      ),
    backend: options.backend ?? "wasm",
    previous: undefined,
    publish: async () => {},
    handOver: () => Promise.reject(new Error("the harness keeps no outputs")),
    progress: () => {},
    log: (message) => void log.push(message),
    warn: (code, message) => void warnings.push({ code, message }),
    signal: new AbortController().signal,
  };
  const tables: Record<string, Table[]> = {};
  for (const element of elementsOf(node, params)) {
    const results = await node.run({ ...context, params: element } as never);
    for (const [name, port] of Object.entries(ports)) {
      const output = results[name];
      if (!output) throw new Error(`${node.type} returned nothing for port "${name}"`);
      tables[name] = [...(tables[name] ?? []), await gather(port, output)];
    }
  }
  const outputs = Object.fromEntries(
    Object.entries(ports).map(([name, { columns }]) => {
      const [first, ...more] = tables[name] ?? [];
      return [name, first && !more.length ? first : concatenate(columns, tables[name] ?? [])];
    }),
  );
  return { outputs: outputs as unknown as NodeResult<O>["outputs"], warnings, log };
}

/** A node type that says what its columns mean says it of all but those that it hands on. */
function requireNotes(node: NodeType, ports: Ports, inputs: readonly Columns[]): void {
  if (!node.notes) return;
  for (const [port, { columns }] of Object.entries(ports)) {
    const silent = Object.keys(columns).find((name) => {
      const handedOn = inputs.some((input) => Object.hasOwn(input, name));
      return !handedOn && noteOn(node, port, name) === undefined;
    });
    if (silent !== undefined) throw new Error(`${node.type}: no note on ${port}.${silent}`);
  }
}

/** Divides as the engine does: `run` of a node type that splits sees one element at a time. */
function elementsOf(
  { splits }: NodeType,
  params: Record<string, unknown>,
): Record<string, unknown>[] {
  const list = splits === undefined ? undefined : params[splits];
  if (splits === undefined || !Array.isArray(list)) return [params];
  return list.map((element) => ({ ...params, [splits]: [element] }));
}

const ajv = new Ajv({ useDefaults: true, allErrors: true, strict: false });

/** Parameters as `run` sees them. Throws for an invalid one. */
export function withDefaults(node: NodeType, given: object): Record<string, unknown> {
  const params = structuredClone(given) as Record<string, unknown>;
  if (!ajv.validate(node.params, params)) throw new Error(ajv.errorsText(ajv.errors));
  return params;
}

function seedOf(node: NodeType, params: Record<string, unknown>) {
  const name = seedParam(node.params);
  if (name === undefined) {
    throw new Error(`${node.type} draws random numbers but has no seed parameter`);
  }
  return params[name] as number | string | (number | string)[];
}

/** An input must have every column of its port, with the same type and no more nulls. */
function checkInputs(node: NodeType, inputs: Readonly<Record<string, Table | undefined>>): void {
  for (const [name, port] of Object.entries(node.inputs)) {
    const table = inputs[name];
    if (!table && !port.optional) throw new Error(`missing input "${name}" of ${node.type}`);
    for (const [column, want] of Object.entries(table ? port.columns : {})) {
      const have = table?.schema[column];
      const fits =
        have?.type === want.type &&
        ("item" in want && "item" in have ? ["*", have.item].includes(want.item) : true) &&
        ("size" in want && "size" in have ? want.size === "*" || want.size === have.size : true) &&
        !("nullable" in have && have.nullable && !("nullable" in want && want.nullable));
      if (!fits) throw new Error(`column "${column}" does not fit port "${name}" of ${node.type}`);
    }
  }
  const unknown = Object.keys(inputs).find((name) => !(name in node.inputs));
  if (unknown) throw new Error(`${node.type} has no port "${unknown}"`);
}

function inputOf(table: Table, axes: readonly string[], chunkRows: number): Input {
  return {
    schema: table.schema,
    axes,
    rows: table.rows,
    async *chunks() {
      for (let row = 0; row < table.rows; row += chunkRows) {
        yield sliceRows(table, row, Math.min(row + chunkRows, table.rows));
      }
    },
    table: async () => table,
    async pages() {
      const bounds = [0];
      while (bounds.at(-1)! < table.rows) {
        bounds.push(Math.min(bounds.at(-1)! + chunkRows, table.rows));
      }
      return { bounds, read: (i) => sliceRows(table, bounds[i]!, bounds[i + 1]!) };
    },
    arrow: () => Promise.reject(new Error("the harness writes no Arrow files")),
  };
}

async function gather(port: Port, output: Output): Promise<Table> {
  if ("arrow" in output) throw new Error("the harness reads no Arrow files");
  if (!(Symbol.asyncIterator in output)) return tableOf(port.columns, output);
  const tables: Table[] = [];
  for await (const batch of output as AsyncIterable<never>) {
    tables.push(tableOf(port.columns, batch));
  }
  return concatenate(port.columns, tables);
}

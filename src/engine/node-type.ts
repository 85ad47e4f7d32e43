/**
 * What a node type is: all of the engine that a node may import.
 * Plain data and types; loads neither Arrow nor a backend, and knows no node type.
 */

import { type Static, type TObject, type TSchema, Type } from "@sinclair/typebox";
import type { Generator } from "../random/generator.ts";
import { ExpectedError } from "../table/errors.ts";
import type { Columns, ColumnType, FixedColumn, Table } from "../table/schema.ts";
import type { Output, Outputs } from "./returned-type.ts";
import type { Concludes, NodeFigure, Notes, Typical } from "./shown.ts";

export type { Generator } from "../random/generator.ts";
export type { Batch, Columns, ColumnType, Table } from "../table/schema.ts";
export {
  File,
  Files,
  type FileValue,
  Seed,
  type SeedValue,
  Step,
  Text,
} from "./param-kinds.ts";
export type { Output, Outputs, Rows } from "./returned-type.ts";
export type { Concludes, NodeFigure, Notes, Typical } from "./shown.ts";
export { type ColumnType as AnyColumn, type Static, type TSchema, Type };

/** A port: the columns that a table must have. Further columns and their order are free. */
export interface Port<C extends Columns = Columns> {
  readonly columns: C;
  /** A bare stage name in YAML means its only output port or the one marked `main`. */
  readonly main?: boolean;
  /** An input that a stage may leave out. */
  readonly optional?: boolean;
  /** An output without rows is a result like any other; elsewhere it gets a warning. */
  readonly mayBeEmpty?: boolean;
  readonly description?: string;
}
export type Ports = Readonly<Record<string, Port>>;

type PortOptions = Pick<Port, "main" | "optional" | "mayBeEmpty" | "description">;

export function table<const C extends Columns, const O extends PortOptions = Record<never, never>>(
  columns: C,
  options?: O,
): { columns: C } & O {
  return { columns, ...options } as { columns: C } & O;
}

export const bool = { type: "bool" } as const;
export const i8 = { type: "int8" } as const;
export const u8 = { type: "uint8" } as const;
export const i32 = { type: "int32" } as const;
export const u32 = { type: "uint32" } as const;
export const i64 = { type: "int64" } as const;
export const f32 = { type: "float32" } as const;
export const f64 = { type: "float64" } as const;
export const utf8 = { type: "utf8" } as const;

/** The same scalar column, allowed to hold nulls. */
export function nullable<const C extends { type: string }>(column: C): C & { nullable: true } {
  return { ...column, nullable: true };
}

/** Bits, packed: +1 spins are set bits. `shape` is recorded for other readers of the file. */
export function bits<const S extends number | "*">(size: S, shape?: readonly number[]) {
  const column = { type: "fixed_size_list", item: "bool", size } as const;
  return shape ? { ...column, shape } : column;
}

/** A fixed number of items in every row. */
export function vector<const N extends FixedColumn["item"], const S extends number | "*">(
  item: N,
  size: S,
  shape?: readonly number[],
) {
  const column = { type: "fixed_size_list", item, size } as const;
  return shape ? { ...column, shape } : column;
}

/** A list of numbers or strings whose length may differ from row to row. */
export function list<const N extends "float32" | "float64" | "int32" | "utf8">(item: N) {
  return { type: "list", item } as const;
}

/** A parameter (dotted path below `with`) is wrong in a way that its schema cannot say. */
export class InvalidParam extends ExpectedError {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message, `"${path}" ${message}`);
    this.path = path;
  }
}

/** A port's tables are wrong in a way that their columns' types cannot say. */
export class InvalidInput extends ExpectedError {
  readonly port: string;
  constructor(port: string, message: string) {
    super(message, `"${port}" ${message}`);
    this.port = port;
  }
}

/**
 * An action fails through no fault of its code: a program that it calls, or a contract that data do
 * not keep. Only the message is shown; any other error is shown as a bug, with its stack.
 */
export class ActionError extends ExpectedError {}

/** The chunks of an input, each read when it is asked for, in any order and as often. */
export interface Pages<C extends Columns = Columns> {
  /** Chunk i has the rows bounds[i] to bounds[i + 1] (exclusive). */
  readonly bounds: readonly number[];
  read(chunk: number): Table<C>;
}

/** A connected input port. */
export interface Input<C extends Columns = Columns> {
  /** Every column of the tables, sizes included. */
  readonly schema: Columns;
  /** Axes that were collected into the first columns, by name; empty for an ordinary input. */
  readonly axes: readonly string[];
  readonly rows: number;
  /** Chunk by chunk, for artifacts that need not fit in memory. */
  chunks(): AsyncIterable<Table<C>>;
  /** All rows at once. */
  table(): Promise<Table<C>>;
  /** For rows that are wanted in another order, and need not fit in memory. */
  pages(): Promise<Pages<C>>;
  /** The rows as one uncompressed Arrow IPC file, for programs that are not ours. */
  arrow(): Promise<Uint8Array>;
}

type PortColumns<P> = P extends { columns: infer C extends Columns } ? C : never;
export type Inputs<I extends Ports> = {
  readonly [K in keyof I]: I[K] extends { optional: true }
    ? Input<PortColumns<I[K]>> | undefined
    : Input<PortColumns<I[K]>>;
};

/** What an earlier run of the same action with a smaller `grows.by` left behind. */
export interface Previous {
  /** The smaller value of `grows.by`. */
  readonly value: number;
  readonly outputs: Readonly<Record<string, Input>>;
  /** There if the node type declares a checkpoint. */
  readonly checkpoint: Input | undefined;
}

export interface Context<P, I extends Ports = Ports> {
  readonly params: P;
  readonly inputs: Inputs<I>;
  /** Inputs under names that the node type did not declare (see `moreInputs`). */
  readonly moreInputs: Readonly<Record<string, Input>>;
  /** The stage's output ports, as `outputs` resolved them. */
  readonly outputs: Ports;
  /**
   * A generator for one purpose, keyed by (node type, seed, purpose, parts) and nothing else. Equal
   * arguments give equal streams; numbers among the parts count by their float64 bits.
   */
  random(purpose: string, ...parts: readonly (number | string)[]): Generator;
  /** Which backend does the numerics, for node types with `backend: true`. */
  readonly backend: "wasm" | "tensorflow";
  readonly previous: Previous | undefined;
  /**
   * Offers what `run` would return if `grows.by` were `value` (with the checkpoint), so that an
   * interrupted run need not begin anew. Cheap to call often: `outputs` is asked for at most once a
   * minute.
   */
  publish(value: number, outputs: () => Readonly<Record<string, Output>>): Promise<void>;
  /**
   * Hands over what `run` has so far, as `publish` does, but at once and for good: the rows of ports in
   * `grows.extends` belong to the engine then. What `run` gives later, in the end too, begins behind
   * them. For outputs that need not fit in memory.
   */
  handOver(value: number, outputs: () => Readonly<Record<string, Output>>): Promise<void>;
  /** `fraction` of the work that is done, 0 to 1; `numbers`, such as a loss, are drawn as curves. */
  progress(fraction: number, message?: string, numbers?: Readonly<Record<string, number>>): void;
  /** A line for `blockspin log`; `console.log` ends there too. */
  log(message: string): void;
  /** A named warning: shown after the run and kept in the record. */
  warn(code: string, message: string): void;
  /** Aborted when the run stops or the instance exceeds its timeout. */
  readonly signal: AbortSignal;
}

type NameOf<T> = Extract<keyof T, string>;

export interface NodeType<
  P extends TObject = TObject,
  I extends Ports = Ports,
  O extends Ports = Ports,
> {
  /** Kebab-case; the name in `node:`. */
  readonly type: string;
  /** Raised whenever `run` returns other bytes for the same parameters and inputs. */
  readonly version: number;
  /** One sentence. */
  readonly summary: string;
  /** The reference page's text: formulas with their sources, units, traps. */
  readonly details?: string;
  /** For people alone: part of no key. */
  readonly notes?: Notes;
  /** For people alone, where `outputs` is a function. */
  readonly typical?: Typical;
  readonly params: P;
  readonly inputs: I;
  /** The type of input ports under further names of the stage's choosing. */
  readonly moreInputs?: Port;
  /**
   * The output ports, or a pure function of parameters and connected inputs' columns. It throws
   * `InvalidParam` or `InvalidInput` for what does not fit, which becomes a located error.
   */
  readonly outputs: O | ((params: Static<P>, inputs: Readonly<Record<string, Columns>>) => O);
  /** Pure: no clock, no file system, no `Math.random`. Kernels are imported inside. */
  run(context: Context<Static<P>, I>): Promise<Outputs<NoInfer<O>>> | Outputs<NoInfer<O>>;

  /** The result depends on the backend, which then enters the key. */
  readonly backend?: boolean;
  /** How far two backends may differ, relative, column by column (default for all: `"*"`). */
  readonly tolerance?: Readonly<Record<string, number>>;
  /** Where `run` must be: a worker thread, or a process of its own. */
  readonly isolation?: "thread" | "process";
  /**
   * Text that enters the key, found out before the run (say, a program's version), in the folder of
   * the pipeline file, so that it does not depend on where one stands.
   */
  identify?(params: Static<P>, folder: string): Promise<string>;
  /**
   * Outputs are the concatenation over the elements of this list parameter, and so are the columns
   * of the output ports the same for every element. `run` only ever sees one element.
   */
  readonly splits?: NameOf<Static<P>>;
  /**
   * A larger value of the parameter `by` extends the outputs of a smaller one. Given `previous`,
   * `run` returns the further rows of the ports in `extends`, and the other ports whole; the result
   * must be that of a run from scratch, byte for byte. So a parameter that says when something
   * happens on the way must say it in units of `by` (see `Step`), never as a share of its final value.
   */
  readonly grows?: { readonly by: NameOf<Static<P>>; readonly extends: readonly NameOf<O>[] };
  /**
   * What `run` returns under the name `checkpoint`, besides its ports: all that a longer run needs
   * to know of this one. Kept with the result, and part of no digest. Only with `grows`.
   */
  readonly checkpoint?: Port;
  /** What a report shows of a stage of this type, by kebab-case name. In no key. */
  readonly figures?: Readonly<Record<string, NodeFigure>>;
  /** Every output has a row for each row of this input port, which depends on that row alone. */
  readonly maps?: NameOf<I>;
  /** An output port is a table of conclusions. Enters no key. */
  readonly concludes?: Concludes;
}

/** Any node type, with its parameter and port types forgotten (they vary contravariantly). */
// biome-ignore lint/suspicious/noExplicitAny: the one erased alias; `Context` is contravariant in P and I.
export type AnyNodeType = NodeType<any, any, any>;

export function defineNode<P extends TObject, const I extends Ports, const O extends Ports>(
  node: NodeType<P, I, O>,
): NodeType<P, I, O> {
  // A misspelt parameter must be an error: a schema that allows more has to say so. (A node that is
  // not an object is reported where its module is loaded.)
  return { ...node, params: { additionalProperties: false, ...node.params } };
}

/**
 * The types that a column, and so a table, can have: plain data, so that listing and planning load no
 * Arrow. Does not know where tables come from.
 */

import type { Digest } from "./digest.ts";

export type ScalarName =
  | "bool"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "float32"
  | "float64"
  | "utf8";

export interface ScalarColumn {
  readonly type: ScalarName;
  readonly nullable?: boolean;
}

/** Every row holds `size` items; `shape`, if given, multiplies up to `size` (row-major). */
export interface FixedColumn {
  readonly type: "fixed_size_list";
  /** `"*"` matches any item, as any size; only an input port may say so. */
  readonly item: Exclude<ScalarName, "utf8" | "int64"> | "*";
  readonly size: number | "*";
  readonly shape?: readonly number[];
}

/** Every row holds a list of its own length. */
export interface ListColumn {
  readonly type: "list";
  readonly item: Exclude<ScalarName, "bool" | "int64">;
}

export type ColumnType = ScalarColumn | FixedColumn | ListColumn;
export type Columns = Readonly<Record<string, ColumnType>>;

type NumericData = {
  bool: Uint8Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int64: BigInt64Array;
  float32: Float32Array;
  float64: Float64Array;
  utf8: readonly string[];
};

type NullableItem = {
  [N in ScalarName]: N extends "utf8" ? string : N extends "int64" ? bigint : number;
};

/**
 * How a column's values lie in memory. A `bool` scalar is one byte (0 or 1) a row; a list of `bool`
 * is bit-packed, least significant bit first, rows back to back without padding; a list of numbers
 * is one flat typed array; a nullable column is an ordinary array with nulls.
 */
export type Data<C extends ColumnType> = C extends { type: "fixed_size_list"; item: infer N }
  ? NumericData[N & ScalarName]
  : C extends { type: "list"; item: infer N }
    ? readonly NumericData[N & ScalarName][]
    : C extends { type: infer N; nullable: true }
      ? readonly (NullableItem[N & ScalarName] | null)[]
      : C extends { type: infer N }
        ? NumericData[N & ScalarName]
        : never;

export type ColumnData =
  | NumericData[Exclude<ScalarName, "utf8">]
  | readonly string[]
  | readonly (number | bigint | string | null)[]
  | readonly NumericData[Exclude<ScalarName, "bool" | "int64">][];

/** A table in memory; columns share the bytes they were read from where the layout allows it. */
export interface Table<C extends Columns = Columns> {
  readonly rows: number;
  /** Every column with its size, including those that the port did not ask for. */
  readonly schema: Columns;
  readonly columns: { readonly [K in keyof C]: Data<C[K]> };
}

/** What a producer may hand over for a column: the layout of `Data`, or any plain array. */
export type ColumnInput =
  | ColumnData
  | readonly boolean[]
  | readonly (boolean | null)[]
  | readonly (readonly number[])[]
  | readonly (readonly boolean[])[]
  | readonly (readonly string[])[];

/** Rows to be written; every column of the schema, of equal length. */
export type Batch = Readonly<Record<string, ColumnInput>>;

/** One Arrow chunk in the store. */
export interface Chunk {
  readonly digest: Digest;
  readonly rows: number;
  readonly bytes: number;
}

/** The value of an output port: an ordered list of chunks with one schema. */
export interface Artifact {
  /** `sha256:` of the schema and the ordered chunk digests. */
  readonly digest: Digest;
  readonly schema: Columns;
  readonly chunks: readonly Chunk[];
  readonly rows: number;
}

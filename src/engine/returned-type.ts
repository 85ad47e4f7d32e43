/**
 * The type of what `run` returns, by the output ports that a node type declares: so the compiler finds a
 * port or a column that is missing, misspelt or of another type. Types alone; nothing of it runs.
 */
import type { Batch, Columns, ColumnType, Data, ScalarName } from "../table/schema.ts";

/** What a port takes: rows, rows in batches, or an Arrow IPC file (any codec). */
export type Output<C extends Columns = Columns> =
  | Rows<C>
  | AsyncIterable<Rows<C>>
  | { readonly arrow: Uint8Array };

/** Rows of a table with these columns; of columns whose names are not known, any. */
export type Rows<C extends Columns> = [keyof Named<C>] extends [never]
  ? Batch
  : { readonly [K in keyof Named<C>]: RowsOf<C[K]> };

/** The members that the compiler knows by name. */
type Named<T> = { readonly [K in keyof T as string extends K ? never : K]: T[K] };

type Item<N> = N extends "bool" ? boolean | number : N extends "utf8" ? string : number;
type Wide<N> = N extends "int64" ? bigint : Item<N>;

/** The layout that a column has in memory, or any plain array. */
type RowsOf<C extends ColumnType> =
  | Data<C>
  | (C extends { type: "fixed_size_list"; item: infer N }
      ? readonly Item<N>[] | readonly ArrayLike<Item<N>>[]
      : C extends { type: "list"; item: infer N }
        ? readonly ArrayLike<Item<N>>[]
        : C extends { type: infer N; nullable: true }
          ? Data<{ type: N & ScalarName }> | readonly (Wide<N> | null)[]
          : C extends { type: infer N }
            ? readonly Wide<N>[]
            : never);

/** By port. Ports that are found by a function may be known by their names' type alone. */
export type Outputs<O> =
  O extends Readonly<Record<string, { columns: Columns }>>
    ? string extends keyof O
      ? Readonly<Record<string, Output>>
      : { readonly [K in keyof O]: Output<O[K]["columns"]> }
    : never;

/** What a file is asked for, and what comes of it, whatever its format. */
import type { ColumnOptions, Layout, Role } from "./columns.ts";

export type Format = "auto" | "npy" | "npz" | "csv" | "parquet" | "bits";

export interface ReadOptions {
  readonly format: Format;
  readonly size: number;
  /** Raw bits: which bit of a byte comes first; "little" is the least significant. */
  readonly bitOrder: "little" | "big";
  readonly columns: ColumnOptions;
  /** Text: whether the first line has the names of the columns; undefined: its cells decide. */
  readonly header?: boolean | undefined;
  /** Whether a line or a row of an array is a configuration or a row of one; undefined: its length. */
  readonly layout?: Layout | undefined;
  /** NPZ: the name of the array. */
  readonly array?: string | undefined;
  /** How many configurations there have to be. */
  readonly count?: number | undefined;
}

export interface Configurations {
  readonly rows: number;
  /** +-1, row by row. */
  readonly spins: Int8Array;
  /** Lengths of the axes before those of the lattice: one, or several that multiply to `rows`. */
  readonly leading: readonly number[];
  /** Tables: the columns beside the spins that are there, cell by cell. */
  readonly columns: Readonly<Partial<Record<Role, readonly string[]>>>;
}

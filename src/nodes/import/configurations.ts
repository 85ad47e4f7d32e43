/** What to read from a file of spins, and what was read, for every format. */
import type { ColumnOptions, Layout, Role } from "./columns.ts";

export type Format = "auto" | "npy" | "npz" | "csv" | "parquet" | "bits";

export interface ReadOptions {
  readonly format: Format;
  readonly size: number;
  /** Raw bits: which bit of a byte comes first; "little" means the least significant. */
  readonly bitOrder: "little" | "big";
  readonly columns: ColumnOptions;
  /** Text: whether the first line names the columns; undefined: its cells decide. */
  readonly header?: boolean | undefined;
  /** Whether a line or a row of an array is a configuration or a row of one; undefined: its length. */
  readonly layout?: Layout | undefined;
  /** NPZ: the name of the array. */
  readonly array?: string | undefined;
  /** How many configurations the file must have. */
  readonly count?: number | undefined;
}

export interface Configurations {
  readonly rows: number;
  /** +-1, row by row. */
  readonly spins: Int8Array;
  /** Lengths of the axes before those of the lattice; their product is `rows`. */
  readonly leading: readonly number[];
  /** Tables: the cells of the columns beside the spins. */
  readonly columns: Readonly<Partial<Record<Role, readonly string[]>>>;
}

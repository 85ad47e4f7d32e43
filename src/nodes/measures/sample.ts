/** Spin configurations as the measures read them: unpacked, and grouped by inverse temperature. */
import { bits, type Columns, f64, InvalidInput, type Table } from "../../engine/node-type.ts";
import { squareSide } from "../../lattice/correlation-rows.ts";
import { unpackSpins } from "../../lattice/spins.ts";
import { type Group, groupRows } from "../../statistics/groups.ts";

/** What an input port of configurations asks for. */
export const spinColumns = { spins: bits("*"), beta: f64 };

export interface Sample {
  readonly rows: number;
  readonly side: number;
  /** Configuration by configuration. */
  readonly spins: Int8Array;
  readonly betas: readonly Group[];
}

/** Reads a table whose lattices `sitesOf` has found to be square. */
export function readSample({ rows, schema, columns }: Table<typeof spinColumns>): Sample {
  const sites = (schema["spins"] as { size: number }).size;
  return {
    rows,
    side: squareSide(sites)!,
    spins: unpackSpins(columns.spins, sites, 0, rows),
    betas: groupRows(columns.beta),
  };
}

/** Spins in a row of this port; an `InvalidInput` if they are no square lattice. */
export function sitesOf(port: string, types: Readonly<Record<string, Columns>>): number {
  const sites = (types[port]!["spins"] as { size: number }).size;
  if ((squareSide(sites) ?? 0) >= 2) return sites;
  throw new InvalidInput(port, `${sites} spins are no square lattice`);
}

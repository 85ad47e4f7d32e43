/**
 * Spin configurations as the measures read them: grouped by inverse temperature, and unpacked on demand,
 * since all of them may not fit in memory at a byte a spin.
 */
import { constants } from "node:buffer";
import { bits, f64, InvalidInput, type Table } from "../../engine/node-type.ts";
import type { PackedRows } from "../../lattice/pieces.ts";
import { gatherBits, unpackRows } from "../../lattice/spins.ts";
import { type Group, groupRows } from "../../statistics/groups.ts";
import { sideOf } from "./lattice.ts";

/** The columns of an input port of configurations. */
export const spinColumns = { spins: bits("*"), beta: f64 };

export interface Sample {
  readonly rows: number;
  readonly side: number;
  /** The bits of these rows, in their order. */
  bitsOf(rows: ArrayLike<number>): PackedRows;
  /** The spins of these rows, configuration by configuration. */
  spinsOf(rows: ArrayLike<number>): Int8Array;
  readonly betas: readonly Group[];
  /** The chain of each configuration, if the table has it. */
  readonly chains: readonly string[] | undefined;
}

/** About how many spins are read at once. */
const pieceSites = 2 ** 22;

/** These rows in order, some at a time. */
export function* piecesOf({ side, bitsOf }: Sample, rows: Int32Array): Generator<PackedRows> {
  // Eight rows begin at a byte, and so may need no copy.
  const piece = 8 * Math.ceil(pieceSites / (8 * side * side));
  for (let at = 0; at < rows.length; at += piece) yield bitsOf(rows.subarray(at, at + piece));
}

/**
 * Reads a table whose lattices `sideOf` has found to be square. Where tables were collected over `axes`,
 * say all offsets of a decimation, the k-th rows of each beta come together, so that rows made from one
 * configuration share a jackknife block.
 */
export function readSample(table: Table<typeof spinColumns>, axes: readonly string[]): Sample {
  const { rows, schema, columns } = table;
  const side = sideOf("configurations", schema);
  return {
    rows,
    side,
    bitsOf: (wanted) => gatherBits(columns.spins, side * side, wanted),
    spinsOf(wanted) {
      const spins = wanted.length * side * side;
      if (spins <= constants.MAX_LENGTH) return unpackRows(columns.spins, side * side, wanted);
      const message = `${wanted.length} lattices of ${side} x ${side} sites at one beta`;
      throw new InvalidInput("configurations", `has ${message}: more spins than memory can hold`);
    },
    betas: interleaved(groupRows(columns.beta), table, axes),
    chains: chainsIn(table),
  };
}

/** The sample of each value of one of the axes that a table was collected over, in order. */
export function splitSample(
  sample: Sample,
  table: Table<typeof spinColumns>,
  axes: readonly string[],
  over: string,
): Sample[] {
  const members = new Map<unknown, number[]>();
  for (let row = 0; row < sample.rows; row++) {
    const value = cell(table, over, row);
    const rows = members.get(value);
    if (rows) rows.push(row);
    else members.set(value, [row]);
  }
  const others = axes.filter((axis) => axis !== over);
  return [...members.values()].map((rows) => {
    const betas = groupRows(rows.map((row) => table.columns.beta[row]!));
    const own = betas.map(({ value, rows: at }) => ({ value, rows: at.map((i) => rows[i]!) }));
    return { ...sample, rows: rows.length, betas: interleaved(own, table, others) };
  });
}

function interleaved(groups: readonly Group[], table: Table, axes: readonly string[]): Group[] {
  if (axes.length === 0) return [...groups];
  const memberOf = (row: number) => JSON.stringify(axes.map((axis) => cell(table, axis, row)));
  const chains = chainsIn(table);
  const chainOf = (row: number) => chains?.[row] ?? String(row);
  return groups.map(({ value, rows }) => ({ value, rows: interleave(rows, memberOf, chainOf) }));
}

function chainsIn({ columns }: Table): readonly string[] | undefined {
  const { chain } = columns as { readonly chain?: ArrayLike<unknown> };
  return chain && Array.from(chain, String);
}

function cell({ columns }: Table, name: string, row: number): unknown {
  return (columns as Readonly<Record<string, ArrayLike<unknown>>>)[name]![row];
}

/**
 * The first rows of all members, then the second ones, and so on; among those, the rows of one chain
 * (say, offsets of one lattice, collected over seeds too) side by side.
 */
function interleave(
  rows: Int32Array,
  memberOf: (row: number) => string,
  chainOf: (row: number) => string,
): Int32Array {
  const seen = new Map<string, number>();
  const firsts = new Map<string, number>();
  const ranked = Array.from(rows, (row) => {
    const member = memberOf(row);
    const rank = seen.get(member) ?? 0;
    seen.set(member, rank + 1);
    const group = `${rank} ${chainOf(row)}`;
    const first = firsts.get(group) ?? row;
    firsts.set(group, first);
    return { row, rank, first };
  });
  return Int32Array.from(
    ranked.sort((a, b) => a.rank - b.rank || a.first - b.first || a.row - b.row),
    ({ row }) => row,
  );
}

/**
 * Spin configurations as the measures read them: grouped by inverse temperature, and unpacked on demand,
 * since all of them may not fit in memory at a byte a spin.
 */
import { constants } from "node:buffer";
import {
  bits,
  f64,
  type Input,
  InvalidInput,
  type Pages,
  type Table,
} from "../../engine/node-type.ts";
import type { PackedRows } from "../../lattice/pieces.ts";
import { gatherBits, unpackSpins } from "../../lattice/spins.ts";
import { copyBits } from "../../math/bits.ts";
import { type Group, groupRows } from "../../statistics/groups.ts";
import { concatTables } from "../../table/concat.ts";
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
  const { schema, columns } = table;
  const side = sideOf("configurations", schema);
  return sampleOf(table, axes, side, (rows) => gatherBits(columns.spins, side * side, rows));
}

/**
 * The same for a port, whose spins need not fit in memory: they are read again, chunk by chunk, when rows
 * are asked for. Returns the scalar columns beside it.
 */
export async function openSample(
  input: Input<typeof spinColumns>,
): Promise<{ sample: Sample; table: Table<typeof spinColumns> }> {
  const side = sideOf("configurations", input.schema);
  const schema = Object.fromEntries(
    Object.entries(input.schema).filter(([, { type }]) => !type.includes("list")),
  );
  const tables: Table[] = [];
  const texts = new Map<string, string>();
  for await (const { rows, columns } of input.chunks()) {
    const given: Readonly<Record<string, ArrayLike<unknown>>> = columns;
    const own = Object.keys(schema).map((name) => [name, ownCopy(given[name]!, texts)]);
    tables.push({ rows, schema, columns: Object.fromEntries(own) });
  }
  const table = concatTables(schema, tables) as Table<typeof spinColumns>;
  const bitsOf = bitReader(await input.pages(), side * side);
  return { sample: sampleOf(table, input.axes, side, bitsOf), table };
}

/** A copy that keeps no chunk in memory, and each text once. */
function ownCopy(values: ArrayLike<unknown>, texts: Map<string, string>): ArrayLike<unknown> {
  if (!Array.isArray(values)) return (values as Float64Array).slice();
  return values.map((value) => {
    if (typeof value !== "string") return value;
    const known = texts.get(value);
    if (known === undefined) texts.set(value, value);
    return known ?? value;
  });
}

/** How many bytes of chunks stay in memory. */
const keptBytes = 2 ** 25;

/** Gathers rows from the chunks that hold them; those that were read last are kept. */
function bitReader({ bounds, read }: Pages<typeof spinColumns>, sites: number): Sample["bitsOf"] {
  const kept = new Map<number, Uint8Array>();
  const chunkOf = (row: number) => {
    let [low, high] = [0, bounds.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! <= row) low = middle;
      else high = middle;
    }
    return low;
  };
  const bitsIn = (chunk: number) => {
    const found = kept.get(chunk);
    const bits = found ?? read(chunk).columns.spins;
    // The last one is the youngest.
    kept.delete(chunk);
    kept.set(chunk, bits);
    for (const [old, { length }] of kept) {
      if (kept.size * length <= keptBytes || old === chunk) break;
      kept.delete(old);
    }
    return bits;
  };
  return (rows) => {
    const count = rows.length;
    const within = (chunk: number) => {
      const [from, to] = [bounds[chunk]!, bounds[chunk + 1]!];
      return { from, has: (row: number) => row >= from && row < to };
    };
    const parts: { chunk: number; rows: Int32Array }[] = [];
    for (let at = 0; at < count; ) {
      const chunk = chunkOf(rows[at]!);
      const { from, has } = within(chunk);
      let end = at + 1;
      while (end < count && has(rows[end]!)) end++;
      const own = new Int32Array(end - at);
      for (let i = 0; i < own.length; i++) own[i] = rows[at + i]! - from;
      parts.push({ chunk, rows: own });
      at = end;
    }
    const pieces = parts.map((part) => gatherBits(bitsIn(part.chunk), sites, part.rows));
    if (pieces.length === 1) return pieces[0]!;
    const bits = new Uint8Array(Math.ceil((count * sites) / 8));
    let at = 0;
    for (const piece of pieces) {
      copyBits(piece.bits, 0, bits, at * sites, piece.rows * sites);
      at += piece.rows;
    }
    return { bits, rows: count };
  };
}

function sampleOf(
  table: Table<typeof spinColumns>,
  axes: readonly string[],
  side: number,
  bitsOf: Sample["bitsOf"],
): Sample {
  return {
    rows: table.rows,
    side,
    bitsOf,
    spinsOf(rows) {
      const spins = rows.length * side * side;
      if (spins <= constants.MAX_LENGTH)
        return unpackSpins(bitsOf(rows).bits, side * side, 0, rows.length);
      const message = `${rows.length} lattices of ${side} x ${side} sites at one beta`;
      throw new InvalidInput("configurations", `has ${message}: more spins than memory can hold`);
    },
    betas: interleaved(groupRows(table.columns.beta), table, axes),
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

/** Finds chain ids and times of configurations. Errors are RangeErrors that say what the file has. */
import { isMissing, numberIn } from "../../formats/numerals.ts";

interface Rows {
  readonly beta: Float64Array;
  /** As the file has them. */
  readonly ids: readonly string[] | undefined;
  readonly times: readonly string[] | undefined;
  /** How many chains each beta has, if the file does not say. */
  readonly chains: number;
  readonly digest: string;
}

/** The chains of the file, or contiguous blocks of the rows of each beta. */
export function chainsOf({ beta, ids, times, chains, digest }: Rows) {
  const chain = ids ? idsIn(ids) : madeUpIds(beta, chains, digest);
  return { chain, time: times ? timesIn(times) : counted(chain) };
}

function idsIn(cells: readonly string[]): string[] {
  const blank = cells.findIndex((cell) => isMissing(cell.trim()));
  if (blank < 0) return [...cells];
  throw new RangeError(`has chain ${JSON.stringify(cells[blank])} in row ${blank}: expected an id`);
}

function timesIn(cells: readonly string[]): Int32Array {
  return Int32Array.from(cells, (cell, row) => {
    const value = numberIn(cell.trim());
    if (value !== undefined && value === (value | 0)) return value;
    const got = `time ${JSON.stringify(cell)} in row ${row}`;
    throw new RangeError(`has ${got}: expected an integer of 32 bits`);
  });
}

function counted(ids: readonly string[]): Int32Array {
  const seen = new Map<string, number>();
  return Int32Array.from(ids, (id) => {
    const time = seen.get(id) ?? 0;
    seen.set(id, time + 1);
    return time;
  });
}

function madeUpIds(beta: Float64Array, chains: number, digest: string): string[] {
  const counts = new Map<number, number>();
  for (const value of beta) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, count] of counts) {
    if (count % chains === 0) continue;
    const expected = `expected a multiple of chains, ${chains}`;
    throw new RangeError(`has ${count} rows at beta ${value}: ${expected}`);
  }
  const seen = new Map<number, number>();
  return Array.from(beta, (value) => {
    const at = seen.get(value) ?? 0;
    seen.set(value, at + 1);
    const chain = Math.floor((at * chains) / counts.get(value)!);
    return `file=${digest.slice(-16)} beta=${value} chain=${chain}`;
  });
}

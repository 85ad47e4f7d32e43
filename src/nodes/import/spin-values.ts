/** How spins are written in any file: -1 and 1, or 0 and 1. Knows no file format. */
import { spinIn } from "../../formats/numerals.ts";

type Item = number | boolean | string;

/**
 * A whole configuration in one cell: `[1,-1,…]`, `1 -1 …`, `1;-1;…`, rows in brackets of their own,
 * or one symbol per spin: `0110`, `+-+-`. An item that is not a spin is returned as its text.
 */
export function symbols(cell: string, size: number): readonly Item[] {
  const word = cell.trim();
  if (/^[01]+$/.test(word)) return Array.from(word, Number);
  if (/^[+-]+$/.test(word)) return Array.from(word, (sign) => (sign === "+" ? 1 : -1));
  const inner = /^\[(.*)\]$/s.exec(word)?.[1] ?? word;
  const rows = inner.trim().startsWith("[") ? rowsIn(inner.trim(), size) : undefined;
  return (rows ?? [inner]).flatMap(itemsIn);
}

/** The insides of `[…], […]`; undefined if it is not `size` lists of `size` items. */
function rowsIn(text: string, size: number): readonly string[] | undefined {
  if (!/^\[[^[\]]*\](\s*,?\s*\[[^[\]]*\])*$/.test(text)) return undefined;
  const rows = Array.from(text.matchAll(/\[([^[\]]*)\]/g), (match) => match[1]!);
  return rows.length === size && rows.every((row) => itemsIn(row).length === size)
    ? rows
    : undefined;
}

/** A list has one kind of separator. Between two separators is an item, perhaps an empty one. */
function itemsIn(list: string): readonly Item[] {
  const separator = list.includes(",") ? "," : list.includes(";") ? ";" : /\s+/;
  return list
    .trim()
    .split(separator)
    .map((item) => spinIn(item.trim()) ?? item.trim());
}

/** The most that fit in one array. */
const SPINS_MAX = 2 ** 32 - 1;

/** Collects spins one by one, so that a file need not be in memory as numbers. */
export class SpinCollector {
  readonly #sites: number;
  readonly #spins: Int8Array;
  readonly #line: (row: number, site: number) => string;
  #zero = -1;
  #minus = -1;
  #truth = -1;
  #number = -1;

  /** @param line - describes where in the file a spin is */
  constructor(rows: number, sites: number, line: (row: number, site: number) => string = () => "") {
    this.#sites = sites;
    this.#line = line;
    if (rows * sites > SPINS_MAX) {
      throw new RangeError(`has ${rows * sites} spins: expected at most ${SPINS_MAX}`);
    }
    this.#spins = new Int8Array(rows * sites);
  }

  /** `i` counts sites, row by row. */
  set(i: number, value: number | boolean): void {
    if (typeof value === "boolean") this.#truth = i;
    else this.#number = i;
    if (value === 0) this.#zero = i;
    else if (value === -1) this.#minus = i;
    else if (value !== 1 && typeof value === "number") this.refuse(i, value);
    this.#spins[i] = value === 1 || value === true ? 1 : -1;
  }

  /** Takes the value of a cell. Refuses text that is not a spin, and a missing value. */
  take(i: number, value: number | boolean | string | null): void {
    if (typeof value === "number" || typeof value === "boolean") this.set(i, value);
    else this.refuse(i, value);
  }

  refuse(i: number, value: number | string | null): never {
    const got = typeof value === "string" ? JSON.stringify(value) : value;
    throw new RangeError(`has ${got} ${this.#place(i)}: ${expected}`);
  }

  /** All spins. Throws if the file mixes several ways to write them. */
  all(): Int8Array {
    this.#refuseBoth(this.#zero, "0", this.#minus, "-1");
    this.#refuseBoth(this.#truth, "a truth value", this.#number, "a number");
    return this.#spins;
  }

  #refuseBoth(a: number, what: string, b: number, other: string): void {
    if (a < 0 || b < 0) return;
    const both = `${what} ${this.#place(a)} and ${other} ${this.#place(b)}`;
    throw new RangeError(`has both ${both}: ${expected}`);
  }

  #place(i: number): string {
    const row = Math.floor(i / this.#sites);
    const site = i % this.#sites;
    return `at site ${site} of row ${row}${this.#line(row, site)}`;
  }
}

const expected = "expected -1 and 1, or 0 and 1";

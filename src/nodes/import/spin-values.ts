/** What spins can be written as, whatever the file: +-1, or 0 and 1. Knows no file format. */

/** `[1,-1,…]`, `1 -1 …`, `1;-1;…`, or one symbol a spin: `0110`, `+-+-`. */
export function symbols(cell: string): number[] {
  const word = cell.trim();
  if (/^[01]+$/.test(word)) return Array.from(word, Number);
  if (/^[+-]+$/.test(word)) return Array.from(word, (sign) => (sign === "+" ? 1 : -1));
  const items = word.replace(/^\[|\]$/g, "").split(/[\s,;]+/);
  return items.map((item) => (item === "true" ? 1 : item === "false" ? 0 : Number(item)));
}

/** Either -1 and +1, or 0 and 1, all through. */
export function spinsOf(values: ArrayLike<number>, sites: number): Int8Array {
  const spins = new SpinCollector(values.length / sites, sites);
  for (let i = 0; i < values.length; i++) spins.set(i, values[i]!);
  return spins.all();
}

/** Spins as they come, so that a file need not be in memory as numbers. */
export class SpinCollector {
  readonly #sites: number;
  readonly #spins: Int8Array;
  #zero = -1;
  #minus = -1;

  constructor(rows: number, sites: number) {
    this.#sites = sites;
    this.#spins = new Int8Array(rows * sites);
  }

  /** `i` counts sites, row by row. */
  set(i: number, value: number): void {
    if (value === 0) this.#zero = i;
    else if (value === -1) this.#minus = i;
    else if (value !== 1) this.refuse(i, value);
    this.#spins[i] = value === 1 ? 1 : -1;
  }

  refuse(i: number, value: number | null): never {
    throw new RangeError(`has ${value} ${this.#place(i)}: expected -1 and 1, or 0 and 1`);
  }

  all(): Int8Array {
    if (this.#zero >= 0 && this.#minus >= 0) {
      const both = `0 ${this.#place(this.#zero)} and -1 ${this.#place(this.#minus)}`;
      throw new RangeError(`has both ${both}: expected -1 and 1, or 0 and 1`);
    }
    return this.#spins;
  }

  #place(i: number): string {
    return `at site ${i % this.#sites} of row ${Math.floor(i / this.#sites)}`;
  }
}

/** What is wrong with a table whose columns are not the spins of a row. */
export function besides(count: number, named: readonly string[], sites: number): string {
  const got = `${count} columns besides ${named.join(", ")}`;
  return `has ${got}: expected a column "spins", or ${sites} of them`;
}

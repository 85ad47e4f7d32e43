/**
 * Files of spins as configurations: NPY arrays, CSV tables, Parquet files, raw bits. A spin is +-1,
 * or 0 and 1. Errors are RangeErrors that say what the file does or has.
 */
import { parseCsv } from "../../formats/csv.ts";
import { isNpy, readNpy } from "../../formats/npy.ts";
import { besides, spinsOf, symbols } from "./spin-values.ts";

export type Format = "auto" | "npy" | "csv" | "parquet" | "bits";

export interface ReadOptions {
  readonly format: Format;
  readonly size: number;
  /** Raw bits: which bit of a byte comes first; "little" is the least significant. */
  readonly bitOrder: "little" | "big";
  /** Tables: names of the columns that are wanted beside the spins, if they are there. */
  readonly wanted: readonly string[];
  /** Tables: names of further columns that are no spins. */
  readonly ignored: readonly string[];
}

export interface Configurations {
  readonly rows: number;
  /** +-1, row by row. */
  readonly spins: Int8Array;
  /** Lengths of the axes before those of the lattice: one, or several that multiply to `rows`. */
  readonly leading: readonly number[];
  /** Tables: the wanted columns that are there, cell by cell. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

export async function readConfigurations(
  bytes: Uint8Array,
  options: ReadOptions,
): Promise<Configurations> {
  const { format } = options;
  const isParquet = Buffer.from(bytes.subarray(0, 4)).toString("latin1") === "PAR1";
  if (format === "parquet" || (format === "auto" && isParquet)) {
    if (!isParquet) throw new RangeError("is no Parquet file");
    return (await import("./parquet-spins.ts")).fromParquet(bytes, options);
  }
  if (isParquet) throw new RangeError("is a Parquet file: say format: parquet");
  if (format === "bits") return fromBits(bytes, options);
  if (format === "npy" || (format === "auto" && isNpy(bytes))) return fromNpy(bytes, options);
  if (format === "csv" || !bytes.subarray(0, 4096).includes(0)) return fromCsv(bytes, options);
  throw new RangeError("is neither NPY nor text: say format: bits if it holds raw bits");
}

/** Shapes [..., L, L] or [..., L^2]. */
function fromNpy(bytes: Uint8Array, { size }: ReadOptions): Configurations {
  const { shape, values } = readNpy(bytes);
  const isSquare = shape.at(-1) === size && shape.at(-2) === size;
  const isFlat = shape.at(-1) === size * size;
  const leading = shape.slice(0, isSquare ? -2 : -1);
  if (!(isSquare || isFlat) || shape.includes(0)) {
    const expected = `[n, ${size}, ${size}] or [n, ${size * size}]`;
    throw new RangeError(`has shape [${shape.join(", ")}]: expected ${expected}`);
  }
  const rows = leading.reduce((product, n) => product * n, 1);
  return { rows, leading, columns: {}, spins: spinsOf(values, size * size) };
}

/** Rows back to back; the bits behind the last one must be zero. */
function fromBits(bytes: Uint8Array, { size, bitOrder }: ReadOptions): Configurations {
  const sites = size * size;
  const rows = Math.floor((8 * bytes.length) / sites);
  const unused = 8 * bytes.length - rows * sites;
  if (rows === 0 || unused >= 8) {
    const expected = `${sites} bits a row, back to back`;
    throw new RangeError(`has ${bytes.length} bytes: expected ${expected}`);
  }
  const last = bytes.at(-1)!;
  if (bitOrder === "little" ? last >> (8 - unused) : last & (2 ** unused - 1)) {
    throw new RangeError(`has ${unused} bits behind its last row: expected them to be 0`);
  }
  const spins = new Int8Array(rows * sites);
  for (let i = 0; i < spins.length; i++) {
    const at = bitOrder === "little" ? i & 7 : 7 - (i & 7);
    spins[i] = ((bytes[i >> 3]! >> at) & 1) * 2 - 1;
  }
  return { rows, leading: [rows], columns: {}, spins };
}

/**
 * With a header: the wanted columns, and spins in one column `spins` (a list or a word of symbols) or
 * in all the others, in order. Without: numbers alone.
 */
function fromCsv(bytes: Uint8Array, { size, wanted, ignored }: ReadOptions): Configurations {
  const sites = size * size;
  const named = [...wanted, ...ignored];
  const table = parseCsv(new TextDecoder().decode(bytes));
  const hasHeader = table[0]?.some((cell) => cell === "" || Number.isNaN(Number(cell))) ?? false;
  const header = hasHeader ? table[0]! : table[0]?.map((_, i) => String(i));
  const body = hasHeader ? table.slice(1) : table;
  if (!header || body.length === 0) throw new RangeError("has no rows");
  const ragged = body.findIndex((row) => row.length !== header.length);
  if (ragged >= 0) {
    const got = `${body[ragged]!.length} cells in row ${ragged}`;
    throw new RangeError(`has ${got}: expected ${header.length}`);
  }
  const columns = Object.fromEntries(
    wanted.flatMap((name) => {
      const k = header.indexOf(name);
      return hasHeader && k >= 0 ? [[name, body.map((row) => row[k]!)]] : [];
    }),
  );
  const single = header.indexOf("spins");
  const others = header.flatMap((name, k) => (hasHeader && named.includes(name) ? [] : [k]));
  if (single < 0 && others.length !== sites) {
    throw new RangeError(besides(others.length, named, sites));
  }
  const values = new Float64Array(body.length * sites);
  for (const [row, cells] of body.entries()) {
    const list = single < 0 ? others.map((k) => Number(cells[k])) : symbols(cells[single]!);
    if (list.length !== sites) {
      throw new RangeError(`has ${list.length} spins in row ${row}: expected ${sites}`);
    }
    values.set(list, row * sites);
  }
  return { rows: body.length, leading: [body.length], columns, spins: spinsOf(values, sites) };
}

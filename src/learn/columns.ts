/** Which column of a table holds the numbers for a network, and how it is read. */
import { floatRows, type Rows, spinRows } from "./rows.ts";

/** A column's type, as far as it matters here. */
interface ColumnType {
  readonly type: string;
  readonly item?: string;
  readonly size?: number | "*";
  readonly nullable?: boolean;
  readonly shape?: readonly number[];
}
export type Schema = Readonly<Record<string, ColumnType>>;

export interface DataColumn {
  readonly name: string;
  /** Numbers in a row. */
  readonly width: number;
  /** Bits, which stand for spins: -1 and +1. */
  readonly spins: boolean;
  readonly shape?: readonly number[];
}

const numbers = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"];

/**
 * The named column; without a name `spins`, else `values`, else the only column of vectors. Throws
 * a RangeError if there is none, or if it does not hold numbers or bits.
 */
export function dataColumn(schema: Schema, name?: string): DataColumn {
  const vectors = Object.keys(schema).filter((key) => schema[key]!.type === "fixed_size_list");
  const only = vectors.length === 1 ? vectors[0] : undefined;
  const chosen = name ?? ["spins", "values"].find((key) => vectors.includes(key)) ?? only;
  if (chosen === undefined) {
    throw new RangeError('needs a column "spins" or "values", or a single column of vectors');
  }
  const column = schema[chosen];
  if (!column) {
    const known = Object.keys(schema)
      .map((key) => JSON.stringify(key))
      .join(", ");
    throw new RangeError(`must be one of the columns ${known}, got ${JSON.stringify(chosen)}`);
  }
  const spins = column.type === "fixed_size_list" && column.item === "bool";
  const scalar = numbers.includes(column.type);
  const vector = column.type === "fixed_size_list" && numbers.includes(column.item ?? "");
  if (column.nullable || !(spins || scalar || vector)) {
    throw new RangeError(`has a column ${JSON.stringify(chosen)} without spins or numbers`);
  }
  const { shape } = column;
  return { name: chosen, width: scalar ? 1 : Number(column.size), spins, ...(shape && { shape }) };
}

/** The shape of a row that would count as a square lattice by its number of items, but is not one. */
export function unusualShape({ width, shape }: DataColumn): readonly number[] | undefined {
  const side = Math.sqrt(width);
  return Number.isInteger(side) && (shape?.[0] !== side || shape[1] !== side) ? shape : undefined;
}

/** Throws a RangeError if rows of two columns have different shapes; one without a shape fits all. */
export function requireShape(
  shape: readonly number[] | undefined,
  like: readonly number[] | undefined,
): void {
  // Dimensions of length 1 at the end change no order.
  const text = (lengths: readonly number[]) => lengths.join(" ").replace(/( 1)+$/, "");
  if (!shape || !like || text(shape) === text(like)) return;
  throw new RangeError(`has rows of shape [${shape.join(", ")}], expected [${like.join(", ")}]`);
}

/** The part of a table that is read here. */
export interface DataTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The column's rows; does not copy. */
export function rowsOf({ rows, columns }: DataTable, { name, width, spins }: DataColumn): Rows {
  const data = columns[name];
  return spins
    ? spinRows(data as Uint8Array, rows, width)
    : floatRows(data as ArrayLike<number>, width);
}

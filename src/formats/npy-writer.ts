/** Writes a column of a table as NumPy's array file (NEP 1), version 1.0. */
import { unpackBits } from "../math/bits.ts";
import type { Table } from "../table/schema.ts";

const types: Record<string, string> = {
  bool: "|b1",
  int8: "|i1",
  uint8: "|u1",
  int16: "<i2",
  uint16: "<u2",
  int32: "<i4",
  uint32: "<u4",
  int64: "<i8",
  float32: "<f4",
  float64: "<f8",
};

/**
 * The column as an array with rows first: [rows, ...shape]. Bits become bool, and null NaN. Throws a
 * RangeError for a column that no array can hold.
 */
export function encodeNpy({ rows, schema, columns }: Table, name: string): Uint8Array {
  const type = schema[name]!;
  const item = type.type === "fixed_size_list" || type.type === "list" ? type.item : type.type;
  const descr = types[item];
  const isNullable = "nullable" in type && type.nullable;
  if (!descr) throw new RangeError(`column ${JSON.stringify(name)} holds text`);
  if (type.type === "list") {
    throw new RangeError(`column ${JSON.stringify(name)} holds lists of different lengths`);
  }
  if (isNullable && !item.startsWith("float")) {
    throw new RangeError(`column ${JSON.stringify(name)} may hold nulls`);
  }
  const shape = type.type === "fixed_size_list" ? (type.shape ?? [Number(type.size)]) : [];
  const count = shape.reduce((product, n) => product * n, rows);
  const isBits = item === "bool" && type.type === "fixed_size_list";
  const data = columns[name] as ArrayLike<number | null>;
  const body = isBits
    ? unpackBits(data as Uint8Array, count)
    : isNullable
      ? Float64Array.from(data, (x) => x ?? Number.NaN)
      : (data as unknown as Uint8Array);
  const written = isNullable ? "<f8" : descr;
  return Buffer.concat([header(written, [rows, ...shape]), bytesOf(body)]);
}

/** Padded, so that the data begin at a multiple of 64 bytes. */
function header(descr: string, shape: readonly number[]): Buffer {
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((text.length + 11) / 64) * 64 - 10;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8]);
  return Buffer.concat([start, Buffer.from(`${text.padEnd(length - 1)}\n`, "latin1")]);
}

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

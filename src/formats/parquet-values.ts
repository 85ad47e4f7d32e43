/**
 * Reads the values of one page of a Parquet file, in any encoding. They must fill its bytes: bytes
 * left over mean damage. Throws errors of any kind for what it cannot read. Knows nothing of pages.
 */

import type { Compressors, Encoding, ParquetType, SchemaElement } from "hyparquet";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { readDataPage } from "hyparquet/src/datapage.js";
import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import type { ColumnDecoder } from "hyparquet/src/types.js";
import { bitAt } from "../math/bits.ts";
import { decodeRuns } from "./parquet-runs.ts";

export type { ColumnDecoder } from "hyparquet/src/types.js";

export type Values = (i: number) => unknown;

/** A larger count is taken for damage. */
const VALUES_MAX = 2 ** 31;

/** hyparquet's own decoder replaces bytes that are not UTF-8, and drops a byte order mark. */
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function decoderOf(
  type: ParquetType,
  element: SchemaElement,
  codec: ColumnDecoder["codec"],
  compressors: Compressors,
): ColumnDecoder {
  const parsers = {
    ...DEFAULT_PARSERS,
    stringFromBytes: (bytes: Uint8Array) => text.decode(bytes),
  };
  return { type, element, codec, compressors, parsers, pathInSchema: [], schemaPath: [] };
}

export function readValues(
  bytes: Uint8Array,
  encoding: Encoding,
  count: number,
  decoder: ColumnDecoder,
  dictionary: ArrayLike<unknown>,
): Values {
  if (count === 0) return () => undefined;
  if (encoding === "RLE_DICTIONARY" || encoding === "PLAIN_DICTIONARY") {
    const indices = decodeRuns(bytes.subarray(1), bytes[0]!, count);
    if (indices.some((index) => index >= dictionary.length)) {
      throw new RangeError("a value is not in the dictionary");
    }
    return (i) => dictionary[indices[i]!];
  }
  if (decoder.type === "BOOLEAN" && encoding === "RLE") {
    const runs = prefixed(bytes);
    if (runs.length + 4 !== bytes.length) throw leftOver();
    const bits = decodeRuns(runs, 1, count);
    return (i) => bits[i] === 1;
  }
  if (decoder.type === "BOOLEAN" && encoding === "PLAIN") {
    if (bytes.length !== Math.ceil(count / 8)) throw leftOver();
    return (i) => bitAt(bytes, i) === 1;
  }
  const values = readPlain(bytes, encoding, count, decoder);
  return (i) => values[i];
}

/** Any encoding except those with runs. */
export function readPlain(
  bytes: Uint8Array,
  encoding: Encoding,
  count: number,
  decoder: ColumnDecoder,
): ArrayLike<unknown> {
  if (!(count >= 0 && count <= VALUES_MAX)) throw new RangeError("too many values");
  const raw = readRaw(bytes, encoding, count, decoder);
  refuseOutOfRange(raw, decoder.element);
  return convert(raw as never, decoder);
}

function readRaw(
  bytes: Uint8Array,
  encoding: Encoding,
  count: number,
  decoder: ColumnDecoder,
): ArrayLike<unknown> {
  const { type, element } = decoder;
  const isText = type === "BYTE_ARRAY";
  if (encoding === "PLAIN" && isText) return readTexts(bytes, count);
  if (encoding === "DELTA_LENGTH_BYTE_ARRAY" && isText) return readDeltaTexts(bytes, count, false);
  if (encoding === "DELTA_BYTE_ARRAY" && isText) return readDeltaTexts(bytes, count, true);
  if (encoding === "DELTA_BINARY_PACKED" && (type === "INT32" || type === "INT64")) {
    const reader = { view: viewOf(bytes), offset: 0 };
    const values = readDeltas(reader, count, type);
    if (count > 0 && reader.offset !== bytes.length) throw leftOver();
    return values;
  }
  const width = type === "FIXED_LEN_BYTE_ARRAY" ? element.type_length : widths[type];
  const isFixed = encoding === "PLAIN" || encoding === "BYTE_STREAM_SPLIT";
  if (isFixed && width !== undefined && bytes.length !== count * width) throw leftOver();
  const header = { num_values: count, encoding } as Parameters<typeof readDataPage>[1];
  // Not a copy: hyparquet reads past the end of this view.
  return readDataPage(new Uint8Array(bytes), header, decoder).dataPage;
}

const widths: Partial<Record<ParquetType, number>> = {
  ...{ INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 },
};

/** Texts, each after its own length. */
function readTexts(bytes: Uint8Array, count: number): Uint8Array[] {
  const values: Uint8Array[] = [];
  let at = 0;
  while (values.length < count) {
    const value = prefixed(bytes.subarray(at));
    values.push(value);
    at += 4 + value.length;
  }
  if (at !== bytes.length) throw leftOver();
  return values;
}

interface Reader {
  readonly view: DataView;
  offset: number;
}

/** All lengths come before the texts; before them, `prefixes` says how much each shares with the last. */
function readDeltaTexts(bytes: Uint8Array, count: number, prefixes: boolean): Uint8Array[] {
  if (count === 0) return [];
  const reader = { view: viewOf(bytes), offset: 0 };
  const shared = prefixes ? readDeltas(reader, count, "INT32") : undefined;
  const lengths = readDeltas(reader, count, "INT32");
  const values: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const begin = cut(values[i - 1] ?? new Uint8Array(), 0, Number(shared?.[i] ?? 0));
    const rest = cut(bytes, reader.offset, Number(lengths[i]));
    reader.offset += rest.length;
    values.push(begin.length > 0 ? Buffer.concat([begin, rest]) : rest);
  }
  if (reader.offset !== bytes.length) throw leftOver();
  return values;
}

function readDeltas(reader: Reader, count: number, type: "INT32" | "INT64") {
  const values = type === "INT32" ? new Int32Array(count) : new BigInt64Array(count);
  if (count > 0) {
    checkDeltas(reader, count);
    deltaBinaryUnpack(reader, count, values);
  }
  return values;
}

/** hyparquet trusts the header: a wrong one makes it take memory, or values of other rows. */
function checkDeltas({ view, offset }: Reader, count: number): void {
  let at = offset;
  const [block = 0, minis = 0, total] = Array.from({ length: 3 }, () => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = view.getUint8(at++);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    return value;
  });
  const isRegular = block > 0 && block % 128 === 0 && minis > 0 && (block / minis) % 32 === 0;
  if (!isRegular || minis > view.byteLength || total !== count) {
    throw new RangeError("a page does not hold what it says");
  }
}

/** Checks integers that have fewer bits than they are stored in. */
function refuseOutOfRange(
  raw: ArrayLike<unknown>,
  { converted_type, logical_type }: SchemaElement,
) {
  const [, sign, width] = /^(U?)INT_(8|16)$/.exec(converted_type ?? "") ?? [];
  const logical = logical_type?.type === "INTEGER" ? logical_type : undefined;
  const bits = width ? Number(width) : logical?.bitWidth;
  if (bits !== 8 && bits !== 16) return;
  const isSigned = width ? sign === "" : logical?.isSigned;
  const [min, max] = isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  for (let i = 0; i < raw.length; i++) {
    const value = Number(raw[i]);
    if (value < min || value > max) throw new RangeError(`${value} is not of ${bits} bits`);
  }
}

function leftOver(): RangeError {
  return new RangeError("a page has more bytes than values");
}

/** The bytes after their own length, which has four bytes. */
export function prefixed(bytes: Uint8Array): Uint8Array {
  return cut(bytes, 4, viewOf(bytes).getUint32(0, true));
}

export function cut(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (!(start >= 0 && length >= 0 && start + length <= bytes.length)) {
    throw new RangeError(`${length} bytes at ${start} are not all there`);
  }
  return bytes.subarray(start, start + length);
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

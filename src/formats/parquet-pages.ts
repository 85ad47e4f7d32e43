/**
 * Reads the pages of one column in one row group of a Parquet file: levels and values. Throws errors
 * of any kind for what it cannot read. Knows nothing of other columns.
 */
import { crc32 } from "node:zlib";
import type { Compressors, PageHeader, ParquetType, SchemaElement } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import type { ColumnMetaData } from "hyparquet/src/types.js";
import { decodeRuns } from "./parquet-runs.ts";
import {
  type ColumnDecoder,
  cut,
  decoderOf,
  prefixed,
  readPlain,
  readValues,
  viewOf,
} from "./parquet-values.ts";

export type ChunkMetadata = ColumnMetaData;

/** The values of a column, and the levels of the lists around them. */
export interface Leaf {
  readonly type: ParquetType;
  readonly element: SchemaElement;
  readonly path: readonly string[];
  /** How many lists are around a value. */
  readonly depth: number;
  /** The lowest definition level of an item of the innermost list, which may be null. */
  readonly item: number;
  /** The definition level of a value. */
  readonly full: number;
}

/** Entries are values, nulls and empty lists, in the order of the file. */
export interface Page {
  readonly count: number;
  /** By entry: 0 begins a row, 1 an item of its list, and so on; undefined: all begin rows. */
  readonly repetition: Levels | undefined;
  /** By entry; undefined: all are values. */
  readonly definition: Levels | undefined;
  /** The i-th entry that is a value: number, bigint, boolean, text, or something else. */
  readonly value: (i: number) => unknown;
}

type Levels = ArrayLike<number>;

/** A larger page is taken for damage: writers aim at 1 MiB. */
const PAGE_BYTES_MAX = 2 ** 28;

export function* readPages(
  bytes: Uint8Array,
  chunk: ChunkMetadata | undefined,
  leaf: Leaf,
  compressors: Compressors,
): Generator<Page, void, undefined> {
  if (chunk?.type !== leaf.type || chunk.path_in_schema.join("\0") !== leaf.path.join("\0")) {
    throw new RangeError("a chunk is of another column");
  }
  const decoder = decoderOf(leaf.type, leaf.element, chunk.codec, compressors);
  const place = placeOf(chunk);
  const reader = { view: viewOf(cut(bytes, place.start, place.length)), offset: 0 };
  let left = Number(chunk.num_values);
  let dictionary: ArrayLike<unknown> | undefined;
  for (let isFirst = true; reader.offset < reader.view.byteLength; ) {
    const header = parquetHeader(reader);
    const body = readBody(reader, header);
    if (header.type === "DICTIONARY_PAGE") {
      if (dictionary || !isFirst) throw new RangeError("a dictionary is not the first page");
      dictionary = readDictionary(unpack(body, header, decoder), header, decoder);
    } else if (header.type === "DATA_PAGE" || header.type === "DATA_PAGE_V2") {
      const page = readPage(body, header, leaf, decoder, dictionary ?? [], left);
      if (isFirst && page.repetition?.[0]) throw new RangeError("a page begins within a row");
      isFirst = isFirst && page.count === 0;
      left -= page.count;
      yield page;
    } else if (header.type !== "INDEX_PAGE") throw new RangeError("a page is of an unknown kind");
  }
  if (left !== 0) throw new RangeError("a chunk has fewer values than it says");
}

function readDictionary(
  bytes: Uint8Array,
  { dictionary_page_header: header }: PageHeader,
  decoder: ColumnDecoder,
): ArrayLike<unknown> {
  const { num_values: count, encoding } = header!;
  if (encoding !== "PLAIN" && encoding !== "PLAIN_DICTIONARY") {
    throw new Error(`parquet unsupported encoding of a dictionary: ${encoding}`);
  }
  return readPlain(bytes, "PLAIN", count, decoder);
}

/** Where the pages of a chunk are. */
export function placeOf(chunk: ChunkMetadata): { start: number; length: number } {
  const data = Number(chunk.data_page_offset);
  const dictionary = Number(chunk.dictionary_page_offset ?? 0);
  // For a chunk without values, pyarrow writes only a dictionary.
  const start = dictionary > 0 && (dictionary < data || data === 0) ? dictionary : data;
  return { start, length: Number(chunk.total_compressed_size) };
}

function readBody(reader: { view: DataView; offset: number }, header: PageHeader): Uint8Array {
  const { view, offset } = reader;
  const chunk = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const body = cut(chunk, offset, header.compressed_page_size);
  reader.offset += body.length;
  if (header.crc !== undefined && crc32(body) !== header.crc >>> 0) {
    throw new RangeError("a page does not match its checksum");
  }
  return body;
}

function readPage(
  body: Uint8Array,
  header: PageHeader,
  leaf: Leaf,
  decoder: ColumnDecoder,
  dictionary: ArrayLike<unknown>,
  left: number,
): Page {
  const one = header.type === "DATA_PAGE" ? header.data_page_header : undefined;
  const two = header.type === "DATA_PAGE_V2" ? header.data_page_header_v2 : undefined;
  const count = (one ?? two)?.num_values;
  const encoding = (one ?? two)?.encoding;
  if (count === undefined || encoding === undefined || !(count >= 0 && count <= left)) {
    throw new RangeError("a page does not say what it holds");
  }
  // pyarrow writes empty pages now and then, which have nothing to decompress.
  if (count === 0) return { count, repetition: [], definition: [], value: () => undefined };
  const parts = one
    ? splitFirst(unpack(body, header, decoder), leaf, one)
    : splitSecond(body, header, decoder);
  const repetition = readLevels(parts.repetition, leaf.depth, count);
  const definition = readLevels(parts.definition, leaf.full, count);
  const values = definition ? countOf(definition, leaf.full) : count;
  // Without lists, an entry is a row, and an entry without a value is a null.
  if (two && leaf.depth === 0 && (two.num_rows !== count || two.num_nulls !== count - values)) {
    throw new RangeError("a page does not hold what it says");
  }
  return {
    ...{ count, repetition, definition },
    value: readValues(parts.values, encoding, values, decoder, dictionary),
  };
}

interface Parts {
  readonly repetition: Uint8Array;
  readonly definition: Uint8Array;
  readonly values: Uint8Array;
}

/** The first kind of page: compressed as a whole, each kind of levels preceded by its length. */
function splitFirst(
  page: Uint8Array,
  { depth, full }: Leaf,
  header: NonNullable<PageHeader["data_page_header"]>,
): Parts {
  const { repetition_level_encoding: r, definition_level_encoding: d } = header;
  const other = depth > 0 && r !== "RLE" ? r : full > 0 && d !== "RLE" ? d : undefined;
  if (other) throw new Error(`parquet unsupported encoding of levels: ${other}`);
  let at = 0;
  const take = (level: number) => {
    if (level === 0) return page.subarray(0, 0);
    const levels = prefixed(page.subarray(at));
    at += 4 + levels.length;
    return levels;
  };
  return { repetition: take(depth), definition: take(full), values: page.subarray(at) };
}

/** The second kind: levels are not compressed, and the header has their lengths. */
function splitSecond(body: Uint8Array, header: PageHeader, decoder: ColumnDecoder): Parts {
  const two = header.data_page_header_v2!;
  const before = two.repetition_levels_byte_length;
  const levels = before + two.definition_levels_byte_length;
  const repetition = cut(body, 0, before);
  const definition = cut(body, before, levels - before);
  const values = body.subarray(levels);
  const size = header.uncompressed_page_size - levels;
  const isPacked = two.is_compressed !== false && size > 0;
  return {
    ...{ repetition, definition },
    values: isPacked
      ? unpack(values, { ...header, uncompressed_page_size: size }, decoder)
      : values,
  };
}

function unpack(bytes: Uint8Array, header: PageHeader, decoder: ColumnDecoder): Uint8Array {
  const size = header.uncompressed_page_size;
  if (!(size >= 0 && size <= PAGE_BYTES_MAX)) throw new RangeError(`a page has ${size} bytes`);
  return decompressPage(bytes, size, decoder.codec, decoder.compressors);
}

function readLevels(bytes: Uint8Array, max: number, count: number): Levels | undefined {
  if (max === 0) return undefined;
  const levels = decodeRuns(bytes, bitsFor(max), count);
  if (levels.some((level) => level > max)) throw new RangeError("a level is too high");
  return levels;
}

function bitsFor(max: number): number {
  return 32 - Math.clz32(max);
}

function countOf(levels: Levels, level: number): number {
  let count = 0;
  for (let i = 0; i < levels.length; i++) if (levels[i] === level) count++;
  return count;
}

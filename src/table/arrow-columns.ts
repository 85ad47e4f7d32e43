/**
 * Reads columns from the buffers of a record batch. Checks what pyarrow's `validate(full=True)`
 * does: offsets never run backwards or past the end, stated nulls are there, texts are UTF-8. Numbers
 * and bits share the bytes of the file where they are aligned.
 */
import { isAscii, isUtf8 } from "node:buffer";
import { bitAt, onesOf, unpackBits } from "../math/bits.ts";
import { damaged, type RawBatch } from "./arrow-ipc.ts";
import type { Layout, Leaf } from "./arrow-types.ts";
import { isNullable, sizeOf } from "./columns.ts";
import { type Items, viewOf, widthOf } from "./items.ts";
import type { ColumnData, ColumnType, ScalarName } from "./schema.ts";

/** The values of a column in one batch, as they are stored. */
export interface RawColumn {
  readonly length: number;
  /** The items of all rows, back to back; a `bool` is a bit. */
  readonly items: Items;
  /** For a list column, `length + 1` item offsets. */
  readonly offsets?: ArrayLike<number>;
  /** One bit per row, if there is a null. */
  readonly validity?: Uint8Array | undefined;
  /** Whether an item of a list is null. */
  readonly holes?: boolean;
}

/** Bounds what grows beyond its bytes in the file: compressed buffers, and texts that share bytes. */
export interface Expansion {
  /** Throws if the total is out of proportion to the file. */
  spend(bytes: number): void;
  /** The bytes of a buffer as it lies in the file. */
  inflate(buffer: Uint8Array): Uint8Array;
}

/** Takes the parts of a batch one by one, in the order of the format. */
export class Cursor {
  readonly #batch: RawBatch;
  readonly expansion: Expansion;
  #nodes = 0;
  #buffers = 0;
  #viewed = 0;

  constructor(batch: RawBatch, expansion: Expansion) {
    this.#batch = batch;
    this.expansion = expansion;
  }

  node(): RawBatch["nodes"][number] {
    const node = this.#batch.nodes[this.#nodes++];
    if (!node) throw damaged("a batch lacks a column");
    return node;
  }

  /** At least this many bytes. */
  buffer(least: number): Uint8Array {
    const buffer = this.#batch.buffers[this.#buffers++];
    if (!buffer) throw damaged("a batch lacks a buffer");
    const bytes = this.expansion.inflate(buffer);
    if (bytes.length < least) throw damaged("a buffer is too short for its rows");
    return bytes;
  }

  viewed(): Uint8Array[] {
    const count = this.#batch.viewed[this.#viewed++] ?? 0;
    if (count > this.#batch.buffers.length) throw damaged("a batch lacks a buffer");
    return Array.from({ length: count }, () => this.buffer(0));
  }

  /** Throws if something is left. */
  end(): void {
    const { nodes, buffers, viewed } = this.#batch;
    const taken = [this.#nodes, this.#buffers, this.#viewed];
    if ([nodes, buffers, viewed].every(({ length }, i) => length <= taken[i]!)) return;
    throw damaged("a batch has more parts than its columns");
  }
}

export function readColumn(layout: Layout, cursor: Cursor): RawColumn {
  if (layout.kind === "other") throw damaged(`${layout.name} is not a type of a column`);
  if (layout.kind !== "list" && layout.kind !== "fixed") return readLeaf(layout, cursor);
  const { length, nulls } = cursor.node();
  const validity = readValidity(cursor.buffer(0), length, nulls);
  const offsets =
    layout.kind === "list" ? readOffsets(cursor, length, layout.offsets === 64) : undefined;
  const child = readLeaf(layout.child, cursor);
  if (offsets) checkOffsets(offsets, child.length);
  if (layout.kind === "fixed" && child.length < length * layout.size) {
    throw damaged("a fixed-size list has too few items for its rows");
  }
  const column = { length, items: child.items, validity, holes: child.validity !== undefined };
  return offsets ? { ...column, offsets } : column;
}

function readLeaf(leaf: Leaf, cursor: Cursor): RawColumn {
  const { length, nulls } = cursor.node();
  const validity = readValidity(cursor.buffer(0), length, nulls);
  return { length, validity, items: readItems(leaf, cursor, length, validity) };
}

function readItems(
  leaf: Leaf,
  cursor: Cursor,
  length: number,
  validity: Uint8Array | undefined,
): Items {
  if (leaf.kind === "text") return readTexts(leaf.offsets === 64, cursor, length, validity);
  if (leaf.kind === "view") return readViews(cursor, length, validity);
  if (leaf.kind === "bool") {
    const size = Math.ceil(length / 8);
    return cursor.buffer(size).subarray(0, size);
  }
  // As int64, since an index beyond 2^63 is out of range either way.
  const item = leaf.item === "uint64" ? "int64" : leaf.item;
  const size = length * widthOf(item);
  return viewOf(item, cursor.buffer(size).subarray(0, size), length);
}

/** Undefined where there is no null. */
function readValidity(bits: Uint8Array, length: number, nulls: number): Uint8Array | undefined {
  if (bits.length === 0 && nulls <= 0) return undefined;
  if (8 * bits.length < length) throw damaged("a validity bitmap is too short for its rows");
  const found = length - countOnes(bits, length);
  if (nulls >= 0 && nulls !== found)
    throw damaged(`a column states ${nulls} nulls and has ${found}`);
  return found > 0 ? bits : undefined;
}

function countOnes(bits: Uint8Array, length: number): number {
  const whole = Math.floor(length / 8);
  let ones = 0;
  for (let i = 0; i < whole; i++) ones += onesOf[bits[i]!]!;
  return length % 8 ? ones + onesOf[bits[whole]! & ((1 << (length % 8)) - 1)]! : ones;
}

function readOffsets(cursor: Cursor, length: number, wide: boolean): ArrayLike<number> {
  // Some writers leave out the only offset of no rows.
  const size = length === 0 ? 0 : (length + 1) * (wide ? 8 : 4);
  const bytes = cursor.buffer(size).subarray(0, size);
  if (size === 0) return [0];
  const offsets = viewOf(wide ? "int64" : "int32", bytes, length + 1);
  return wide ? Float64Array.from(offsets as BigInt64Array, Number) : (offsets as Int32Array);
}

function checkOffsets(offsets: ArrayLike<number>, end: number): void {
  let last = 0;
  for (let i = 0; i < offsets.length; i++) {
    if (offsets[i]! < last) throw damaged("its offsets run backwards");
    last = offsets[i]!;
  }
  if (last > end) throw damaged("its offsets run past the end");
}

function readTexts(
  wide: boolean,
  cursor: Cursor,
  length: number,
  validity: Uint8Array | undefined,
): string[] {
  const offsets = readOffsets(cursor, length, wide);
  const bytes = bufferOf(cursor.buffer(0));
  checkOffsets(offsets, bytes.length);
  const share = sharer(bytes, cutter(bytes, offsets[0]!, offsets[length]!));
  const texts = new Array<string>(length);
  for (let i = 0; i < length; i++) {
    const isNull = validity !== undefined && !bitAt(validity, i);
    texts[i] = isNull ? "" : share(offsets[i]!, offsets[i + 1]!);
  }
  return texts;
}

/** Makes one string of equal texts, if they are not far apart: its hash is found once. */
function sharer(bytes: Buffer, cut: (from: number, to: number) => string) {
  const texts = new Array<string>(textsKept).fill("");
  const starts = new Float64Array(textsKept);
  const ends = new Float64Array(textsKept);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (from: number, to: number): string => {
    if (from === to) return "";
    // Names that are alike mostly differ at their end.
    const slot = (bytes[to - 1]! + 7 * (to - from)) % textsKept;
    if (!isSame(view, starts[slot]!, ends[slot]!, from, to)) {
      texts[slot] = cut(from, to);
      starts[slot] = from;
      ends[slot] = to;
    }
    return texts[slot]!;
  };
}

const textsKept = 64;

/** Compares four bytes at once. */
function isSame(bytes: DataView, start: number, end: number, from: number, to: number): boolean {
  const length = to - from;
  if (end - start !== length) return false;
  const whole = length - (length % 4);
  for (let i = 0; i < whole; i += 4) {
    if (bytes.getInt32(start + i) !== bytes.getInt32(from + i)) return false;
  }
  for (let i = whole; i < length; i++) {
    if (bytes.getUint8(start + i) !== bytes.getUint8(from + i)) return false;
  }
  return true;
}

/** A string can have half a gigabyte. */
const textMost = 2 ** 28;

/** Cuts texts out of bytes: if they are ASCII, out of one string, which takes a third of the time. */
function cutter(bytes: Buffer, first: number, last: number) {
  if (last - first > textMost || !isAscii(bytes.subarray(first, last))) {
    return (from: number, to: number) => textOf(bytes, from, to);
  }
  const all = bytes.toString("latin1", first, last);
  return (from: number, to: number) => all.slice(from - first, to - first);
}

/** Views: 16 bytes a row, with the text itself or with where it is. */
function readViews(cursor: Cursor, length: number, validity: Uint8Array | undefined): string[] {
  const views = bufferOf(cursor.buffer(16 * length));
  const buffers = cursor.viewed().map(bufferOf);
  const texts = new Array<string>(length);
  for (let i = 0; i < length; i++) {
    const isNull = validity && !bitAt(validity, i);
    texts[i] = isNull ? "" : readView(views.subarray(16 * i, 16 * i + 16), buffers, cursor);
  }
  return texts;
}

function readView(view: Buffer, buffers: readonly Buffer[], { expansion }: Cursor): string {
  const size = view.readInt32LE(0);
  if (size < 0) throw damaged("a text has a negative length");
  if (size <= 12) {
    if (view.subarray(4 + size).some((byte) => byte !== 0)) {
      throw damaged("a short text is not padded with zeros");
    }
    return textOf(view, 4, 4 + size);
  }
  const buffer = buffers[view.readInt32LE(8)];
  const start = view.readInt32LE(12);
  if (!buffer || start < 0 || start + size > buffer.length) {
    throw damaged("a text lies outside of its buffer");
  }
  if (buffer.compare(view, 4, 8, start, start + 4) !== 0) {
    throw damaged("a text does not begin as its view says");
  }
  expansion.spend(size);
  return textOf(buffer, start, start + size);
}

function textOf(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("utf8", start, end);
  // It marks bytes that are not text, unless somebody wrote it.
  if (text.includes("\ufffd") && !isUtf8(bytes.subarray(start, end))) {
    throw damaged("a text is not UTF-8");
  }
  return text;
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** One value a row, null where there is none; a `bool` is 0 or 1. */
export function plainValues(
  item: ScalarName,
  { length, items, validity }: RawColumn,
): (number | bigint | string | null)[] {
  const isBits = item === "bool";
  const values = new Array<number | bigint | string | null>(length);
  for (let i = 0; i < length; i++) {
    if (validity && !bitAt(validity, i)) values[i] = null;
    else values[i] = isBits ? bitAt(items as Uint8Array, i) : items[i]!;
  }
  return values;
}

/** The column in a table's layout. */
export function dataOf(column: ColumnType, raw: RawColumn): ColumnData {
  const { items, length, offsets } = raw;
  if (column.type === "list") {
    const cut = (from: number, to: number) =>
      Array.isArray(items) ? items.slice(from, to) : (items as Float64Array).subarray(from, to);
    return Array.from({ length }, (_, i) => cut(offsets![i]!, offsets![i + 1]!)) as ColumnData;
  }
  if (column.type === "fixed_size_list") {
    const count = length * sizeOf(column);
    return (items as Uint8Array).subarray(0, column.item === "bool" ? Math.ceil(count / 8) : count);
  }
  if (isNullable(column)) return plainValues(column.type, raw);
  if (column.type === "bool") return unpackBits(items as Uint8Array, length);
  return items as ColumnData;
}

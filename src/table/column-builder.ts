/**
 * Collects the rows of one column for one chunk, in fresh buffers, or where they lie if that is the same:
 * zeros under nulls and in padding bits, canonical NaN, offsets from 0. Knows no Arrow.
 */

import { copyBits } from "../math/bits.ts";
import type { Prepared } from "./batch.ts";
import { itemOf, sizeOf } from "./columns.ts";
import { SchemaMismatch } from "./errors.ts";
import {
  canonicalizeNaN,
  hasNaN,
  type Items,
  type NumberArray,
  type NumberName,
  newArray,
} from "./items.ts";
import type { ColumnType, ScalarName } from "./schema.ts";

const OFFSET_MAX = 2 ** 31 - 1;
const utf8 = new TextEncoder();

/** One call of the encoder for many texts, which are mostly short. */
const textsAtOnce = 1024;

/** The innermost values of a chunk. */
export interface Leaf {
  readonly count: number;
  /** Numbers, packed bits or UTF-8. */
  readonly values: NumberArray;
  /** For strings, `count + 1` byte offsets. */
  readonly offsets?: Int32Array;
}

/** The buffers of a column in one chunk. */
export interface ColumnBuffers {
  readonly leaf: Leaf;
  /** For a list column, `rows + 1` item offsets. */
  readonly offsets?: Int32Array | undefined;
  /** One bit per row, if there is a null. */
  readonly validity?: Uint8Array | undefined;
  readonly nulls: number;
}

export class ColumnBuilder {
  readonly #name: string;
  readonly #column: ColumnType;
  readonly #leaf: LeafBuilder;
  readonly #ends: number[] = [0];
  readonly #nullRows: number[] = [];
  #rows = 0;

  constructor(name: string, column: ColumnType) {
    this.#name = name;
    this.#column = column;
    this.#leaf = new LeafBuilder(itemOf(column));
  }

  /** Takes the rows `from` to `to` (exclusive): copies them, unless they are all and can be shared. */
  append({ items, ends, valid }: Prepared, from: number, to: number, all = false): void {
    const first = ends ? (ends[from - 1] ?? 0) : from * sizeOf(this.#column);
    const last = ends ? (ends[to - 1] ?? 0) : to * sizeOf(this.#column);
    const shift = this.#leaf.count - first;
    if (last + shift > OFFSET_MAX) this.#tooLong();
    if (!(all && this.#leaf.share(items, first, last))) {
      this.#leaf.append(items, first, last, () => this.#tooLong());
    }
    if (ends) for (let row = from; row < to; row++) this.#ends.push(ends[row]! + shift);
    if (valid) this.#noteNulls(valid, from, to);
    this.#rows += to - from;
  }

  #noteNulls(valid: Uint8Array, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      if (!valid[row]) this.#nullRows.push(this.#rows + row - from);
    }
  }

  finish(): ColumnBuffers {
    const isList = this.#column.type === "list";
    return {
      leaf: this.#leaf.finish(),
      offsets: isList ? Int32Array.from(this.#ends) : undefined,
      validity: this.#nullRows.length > 0 ? this.#validity() : undefined,
      nulls: this.#nullRows.length,
    };
  }

  #validity(): Uint8Array {
    const bits = new Uint8Array(Math.ceil(this.#rows / 8)).fill(255);
    if (this.#rows % 8) bits[bits.length - 1] = (1 << (this.#rows % 8)) - 1;
    for (const row of this.#nullRows) bits[row >> 3]! &= ~(1 << (row & 7));
    return bits;
  }

  #tooLong(): never {
    throw new SchemaMismatch(this.#name, "the rows of one chunk hold more than 2^31 - 1 items");
  }
}

/** Values that grow at the end. */
class LeafBuilder {
  readonly #item: ScalarName;
  readonly #storage: NumberName;
  #values: NumberArray;
  #ends: number[] = [0];
  count = 0;

  constructor(item: ScalarName) {
    this.#item = item;
    this.#storage = item === "bool" || item === "utf8" ? "uint8" : item;
    this.#values = newArray(this.#storage, 0);
  }

  /** Takes the items as they lie, if they could be written so. */
  share(items: Items, from: number, to: number): boolean {
    if (this.#item === "utf8") return false;
    if (this.#item === "bool") {
      if (from % 8 || to % 8) return false;
      this.#values = (items as Uint8Array).subarray(from / 8, to / 8);
    } else {
      const values = (items as Float64Array).subarray(from, to);
      if (hasNaN(values)) return false;
      this.#values = values;
    }
    this.count = to - from;
    return true;
  }

  append(items: Items, from: number, to: number, tooLong: () => never): void {
    if (this.#item === "utf8") {
      this.#appendText(items as readonly string[], from, to, tooLong);
    } else if (this.#item === "bool") {
      this.#reserve(Math.ceil((this.count + to - from) / 8));
      copyBits(items as Uint8Array, from, this.#values as Uint8Array, this.count, to - from);
    } else {
      this.#reserve(this.count + to - from);
      (this.#values as Float64Array).set((items as Float64Array).subarray(from, to), this.count);
    }
    this.count += to - from;
  }

  #appendText(items: readonly string[], from: number, to: number, tooLong: () => never): void {
    for (let at = from; at < to; at += textsAtOnce) {
      const some = items.slice(at, Math.min(to, at + textsAtOnce));
      const text = some.join("");
      let end = this.#ends.at(-1)!;
      this.#reserve(end + 3 * text.length); // UTF-8 takes at most 3 bytes per UTF-16 unit.
      const room = (this.#values as Uint8Array).subarray(end);
      const { written } = utf8.encodeInto(text, room);
      if (end + written > OFFSET_MAX) tooLong();
      // Texts of ASCII have as many bytes as units.
      const isAscii = written === text.length;
      for (const one of some) {
        end += isAscii ? one.length : Buffer.byteLength(one);
        this.#ends.push(end);
      }
    }
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return;
    const grown = newArray(this.#storage, Math.max(length, 2 * this.#values.length));
    (grown as Float64Array).set(this.#values as Float64Array);
    this.#values = grown;
  }

  finish(): Leaf {
    const { count } = this;
    if (this.#item === "utf8") {
      const offsets = Int32Array.from(this.#ends);
      return { count, values: this.#values.subarray(0, offsets[count]), offsets };
    }
    const values = this.#values.subarray(0, this.#item === "bool" ? Math.ceil(count / 8) : count);
    canonicalizeNaN(values);
    return { count, values };
  }
}

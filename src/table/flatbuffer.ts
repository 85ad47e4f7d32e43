/**
 * Reads tables of a flatbuffer that may hold anything. Checks every access, and bounds what is read
 * in total by the number of bytes, however often they point at each other. Throws `RangeError` where
 * they are damaged. Does not know what the tables mean.
 */

/** A buffer may be read this many times its own size; writers share little. */
const READ_MAX = 4;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

interface Source {
  readonly view: DataView;
  /** Bytes that may still be read. */
  left: number;
}

export interface Vector {
  readonly view: DataView;
  readonly length: number;
  /** The place of an element in the view. */
  at(index: number): number;
}

export class FlatTable {
  readonly #source: Source;
  readonly #at: number;
  readonly #size: number;
  readonly #fields: number;
  readonly #slots: number;

  /** The root table. */
  static of(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable({ view, left: READ_MAX * bytes.length }, view.getUint32(0, true));
  }

  private constructor(source: Source, at: number) {
    const { view } = source;
    const fields = at - view.getInt32(at, true);
    const fieldsSize = view.getUint16(fields, true);
    const size = view.getUint16(fields + 2, true);
    check(at % 4 === 0 && fields % 2 === 0 && fieldsSize >= 4 && size >= 4);
    check(at + size <= view.byteLength && fields + fieldsSize <= view.byteLength);
    this.#source = source;
    this.#at = at;
    this.#size = size;
    this.#fields = fields;
    this.#slots = (fieldsSize - 4) >> 1;
    this.#spend(size);
  }

  #spend(bytes: number): void {
    this.#source.left -= bytes;
    check(this.#source.left >= 0);
  }

  /** Where a field of `width` bytes lies; undefined for one that is left out. */
  #find(slot: number, width: number): number | undefined {
    if (slot >= this.#slots) return undefined;
    const offset = this.#source.view.getUint16(this.#fields + 4 + 2 * slot, true);
    if (offset === 0) return undefined;
    const at = this.#at + offset;
    check(offset >= 4 && offset + width <= this.#size && at % width === 0);
    return at;
  }

  uint8(slot: number): number {
    const at = this.#find(slot, 1);
    return at === undefined ? 0 : this.#source.view.getUint8(at);
  }

  int16(slot: number): number {
    const at = this.#find(slot, 2);
    return at === undefined ? 0 : this.#source.view.getInt16(at, true);
  }

  int32(slot: number): number {
    const at = this.#find(slot, 4);
    return at === undefined ? 0 : this.#source.view.getInt32(at, true);
  }

  /** A size or an id: never negative. */
  size(slot: number): number {
    const at = this.#find(slot, 8);
    return at === undefined ? 0 : sizeAt(this.#source.view, at);
  }

  /** What a field points at. */
  #follow(slot: number): number | undefined {
    const at = this.#find(slot, 4);
    return at === undefined ? undefined : follow(this.#source.view, at);
  }

  table(slot: number): FlatTable | undefined {
    const at = this.#follow(slot);
    return at === undefined ? undefined : new FlatTable(this.#source, at);
  }

  /** Elements of `width` bytes each; none for a field that is left out. */
  vector(slot: number, width: number): Vector {
    const { view } = this.#source;
    const start = this.#follow(slot);
    if (start === undefined) return { view, length: 0, at: () => 0 };
    const length = view.getUint32(start, true);
    check(start % 4 === 0 && start + 4 + length * width <= view.byteLength);
    this.#spend(length * width);
    return { view, length, at: (index) => start + 4 + index * width };
  }

  /** Reads them one by one, so that a caller who stops early has not read the rest. */
  *tables(slot: number): Generator<FlatTable, void, undefined> {
    const { view, length, at } = this.vector(slot, 4);
    for (let i = 0; i < length; i++) yield new FlatTable(this.#source, follow(view, at(i)));
  }

  /** Empty for a field that is left out, or for a text of more than `most` bytes. */
  text(slot: number, most = Number.POSITIVE_INFINITY): string {
    const { view, length, at } = this.vector(slot, 1);
    check(length === 0 || view.getUint8(at(length)) === 0);
    if (length === 0 || length > most) return "";
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at(0), length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new RangeError("a text is not UTF-8");
    }
  }
}

export function sizeAt(view: DataView, at: number): number {
  const size = Number(view.getBigInt64(at, true));
  check(size >= 0 && Number.isSafeInteger(size));
  return size;
}

/** Offsets point forward, so no table can hold itself. */
function follow(view: DataView, at: number): number {
  const offset = view.getUint32(at, true);
  check(offset >= 4);
  return at + offset;
}

function check(holds: boolean): void {
  if (!holds) throw new RangeError("the metadata are damaged");
}

/**
 * Decompresses blocks of Snappy and LZ4. These have no checksum, so each length must be right and each
 * copy must be of bytes that exist; the common libraries leave zeros where a block ends too soon.
 * Throws RangeErrors. Knows nothing of Parquet.
 */

class Output {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  literal(source: Uint8Array, start: number, length: number): void {
    if (start + length > source.length) throw new RangeError("a block ends within a literal");
    this.#need(length);
    this.bytes.set(source.subarray(start, start + length), this.#at);
    this.#at += length;
  }

  /** Source and target may overlap: then the bytes repeat. */
  copy(offset: number, length: number): void {
    if (offset === 0 || offset > this.#at) throw new RangeError("a copy is of bytes not there");
    this.#need(length);
    for (const end = this.#at + length; this.#at < end; this.#at++) {
      this.bytes[this.#at] = this.bytes[this.#at - offset]!;
    }
  }

  whole(): Uint8Array {
    if (this.#at === this.bytes.length) return this.bytes;
    throw new RangeError("a block holds less than it says");
  }

  #need(length: number): void {
    if (this.#at + length > this.bytes.length)
      throw new RangeError("a block holds more than it says");
  }
}

/** Snappy's format description, without framing: the length, then literals and copies. */
export function unpackSnappy(bytes: Uint8Array, length: number): Uint8Array {
  let at = 0;
  let said = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = byteAt(bytes, at++);
    said += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
    if (shift > 28) throw new RangeError("a length has too many bytes");
  }
  if (said !== length) throw new RangeError("a block is of another length than its page");
  const output = new Output(length);
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      const more = Math.max(0, (tag >> 2) - 59);
      const count = (more > 0 ? littleEndian(bytes, at, more) : tag >> 2) + 1;
      output.literal(bytes, at + more, count);
      at += more + count;
    } else if (kind === 1) {
      output.copy((tag >> 5) * 256 + byteAt(bytes, at), ((tag >> 2) & 7) + 4);
      at += 1;
    } else {
      const width = kind === 2 ? 2 : 4;
      output.copy(littleEndian(bytes, at, width), (tag >> 2) + 1);
      at += width;
    }
  }
  return output.whole();
}

/** LZ4's block format: literals and a copy in turn; literals are the last. */
export function unpackLz4(bytes: Uint8Array, length: number): Uint8Array {
  const output = new Output(length);
  let at = 0;
  const extended = (nibble: number) => {
    let value = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; value += byte) {
      byte = byteAt(bytes, at++);
    }
    return value;
  };
  for (;;) {
    const token = byteAt(bytes, at++);
    const count = extended(token >> 4);
    output.literal(bytes, at, count);
    at += count;
    if (at === bytes.length) break;
    const offset = littleEndian(bytes, at, 2);
    at += 2;
    output.copy(offset, extended(token & 15) + 4);
  }
  return output.whole();
}

/**
 * What Parquet calls LZ4 without RAW: blocks after their big-endian lengths, as Hadoop writes them; or,
 * from some old writers, a single block.
 */
export function unpackHadoopLz4(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let done = 0;
  for (let at = 0; at < bytes.length; ) {
    const [size, packed] =
      at + 8 <= bytes.length ? [view.getUint32(at), view.getUint32(at + 4)] : [];
    if (size === undefined || at + 8 + packed! > bytes.length || done + size > length) {
      return unpackLz4(bytes, length);
    }
    parts.push(unpackLz4(bytes.subarray(at + 8, at + 8 + packed!), size));
    done += size;
    at += 8 + packed!;
  }
  if (done !== length) throw new RangeError("blocks hold less than they say");
  return Buffer.concat(parts);
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError("a block ends within a length");
  return byte;
}

function littleEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value += byteAt(bytes, at + i) * 256 ** i;
  return value;
}

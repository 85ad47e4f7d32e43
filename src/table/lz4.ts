/**
 * Decompresses LZ4 frames, and checks all that they state: header, sizes and checksums. Knows
 * nothing of what is in them. The format: github.com/lz4/lz4, doc/lz4_Frame_format.md and
 * doc/lz4_Block_format.md.
 */

const MAGIC = 0x184d2204;
/** The magic number of a frame to skip, without its last digit. */
const SKIP = 0x184d2a5;

/** The bytes in all frames, which must be `length`. Throws `Error`. */
export function decompressLz4(bytes: Uint8Array, length: number): Uint8Array {
  const input = new Input(bytes);
  const output = new Uint8Array(length);
  let end = 0;
  while (!input.isAtEnd) end = readFrame(input, output, end);
  if (end !== length) throw damage(`it holds ${end} bytes instead of ${length}`);
  return output;
}

interface Header {
  /** Blocks that do not look back at earlier ones. */
  readonly independent: boolean;
  readonly blockChecksum: boolean;
  readonly contentChecksum: boolean;
  readonly contentSize: number | undefined;
  /** Bytes of a block, before and after. */
  readonly most: number;
}

/** Returns where its content ends in the output. */
function readFrame(input: Input, output: Uint8Array, start: number): number {
  const magic = input.uint32();
  if (magic >>> 4 === SKIP) {
    input.take(input.uint32());
    return start;
  }
  if (magic !== MAGIC) throw damage("it does not begin like one");
  const header = readHeader(input);
  let end = start;
  for (;;) {
    const word = input.uint32();
    if (word === 0) break;
    end = readBlock(input, word, header, output, header.independent ? end : start, end);
  }
  if (header.contentChecksum && input.uint32() !== xxh32(output.subarray(start, end))) {
    throw damage("its checksum does not fit its content");
  }
  if (header.contentSize !== undefined && header.contentSize !== end - start) {
    throw damage(`it states ${header.contentSize} bytes and holds ${end - start}`);
  }
  return end;
}

function readHeader(input: Input): Header {
  const from = input.at;
  const [flags, sizes] = [input.uint8(), input.uint8()];
  const most = (sizes >> 4) & 7;
  if (flags >> 6 !== 1 || flags & 2 || sizes & 0x8f || most < 4) {
    throw damage("its header is malformed");
  }
  const contentSize = flags & 8 ? input.uint32() + 2 ** 32 * input.uint32() : undefined;
  const hasDictionary = (flags & 1) !== 0;
  if (hasDictionary) input.uint32();
  const check = (xxh32(input.bytes.subarray(from, input.at)) >>> 8) & 255;
  if (input.uint8() !== check) throw damage("its header does not match its checksum");
  if (hasDictionary) throw damage("it needs a dictionary, which Arrow does not give");
  return {
    independent: (flags & 32) !== 0,
    blockChecksum: (flags & 16) !== 0,
    contentChecksum: (flags & 4) !== 0,
    contentSize,
    most: 2 ** (8 + 2 * most),
  };
}

function readBlock(
  input: Input,
  word: number,
  { blockChecksum, most }: Header,
  output: Uint8Array,
  history: number,
  start: number,
): number {
  const size = word & 0x7fffffff;
  if (size > most) throw damage("a block is longer than its header allows");
  const block = input.take(size);
  if (blockChecksum && input.uint32() !== xxh32(block)) {
    throw damage("a block does not match its checksum");
  }
  const limit = Math.min(output.length, start + most);
  if (word < 2 ** 31) return decompressBlock(block, output, history, start, limit);
  if (start + size > limit) throw tooLong();
  output.set(block, start);
  return start + size;
}

/** Writes from `at` on, up to `limit`; matches reach back to `history`. */
function decompressBlock(
  block: Uint8Array,
  output: Uint8Array,
  history: number,
  at: number,
  limit: number,
): number {
  let next = 0;
  const byte = (): number => {
    if (next >= block.length) throw damage("a block is cut off");
    return block[next++]!;
  };
  const longer = (length: number): number => {
    if (length < 15) return length;
    let [all, more] = [length, 255];
    while (more === 255) all += more = byte();
    return all;
  };
  for (;;) {
    const token = byte();
    const literals = longer(token >> 4);
    if (next + literals > block.length) throw damage("a block is cut off");
    if (at + literals > limit) throw tooLong();
    for (const end = at + literals; at < end; ) output[at++] = block[next++]!;
    if (next === block.length) return at;
    const back = byte() | (byte() << 8);
    if (back === 0 || back > at - history) throw damage("a block refers to what is not there");
    const match = longer(token & 15) + 4;
    if (at + match > limit) throw tooLong();
    for (const end = at + match; at < end; at++) output[at] = output[at - back]!;
  }
}

class Input {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw damage("it is cut off");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  uint8(): number {
    return this.take(1)[0]!;
  }

  uint32(): number {
    return uint32(this.take(4), 0);
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  );
}

function damage(reason: string): Error {
  return new Error(`an LZ4 frame is damaged: ${reason}`);
}

function tooLong(): Error {
  return damage("it holds more than it should");
}

const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** The hash of all checksums of LZ4, with seed 0: github.com/Cyan4973/xxHash. */
function xxh32(bytes: Uint8Array): number {
  const { length } = bytes;
  let at = 0;
  let hash = P5;
  if (length >= 16) {
    const lanes = Int32Array.of(P1 + P2, P2, 0, -P1);
    for (; at + 16 <= length; at += 16) {
      for (let i = 0; i < 4; i++) {
        const word = Math.imul(uint32(bytes, at + 4 * i), P2);
        lanes[i] = Math.imul(rotate(lanes[i]! + word, 13), P1);
      }
    }
    const [a, b, c, d] = lanes as unknown as [number, number, number, number];
    hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
  }
  hash = (hash + length) | 0;
  for (; at + 4 <= length; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(uint32(bytes, at), P3)) | 0, 17), P4);
  }
  for (; at < length; at++) {
    hash = Math.imul(rotate((hash + Math.imul(bytes[at]!, P5)) | 0, 11), P1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), P2);
  hash = Math.imul(hash ^ (hash >>> 13), P3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

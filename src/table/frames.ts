/**
 * Small chunks: all bytes of a file but those of its buffers depend on the columns, the number of rows, and
 * the lengths of the buffers. So of chunks that are alike, the first one's frame serves the others, and
 * whoever makes the first need not be fast. Knows nothing of what is in a frame.
 */
import type { Rows } from "./arrow-batch.ts";
import type { ColumnBuffers } from "./column-builder.ts";
import { columnsText } from "./columns.ts";
import type { Columns } from "./schema.ts";

interface Frame {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** A file, and where its buffers are. */
interface Framed {
  readonly bytes: Uint8Array;
  readonly place: { readonly from: number; readonly to: number };
}

/** With more bytes than this, to make a frame is little beside writing the chunk. */
const smallBytes = 2 ** 14;
const framesMost = 256;

export class Frames {
  readonly #frames = new Map<string, Frame>();

  /** The file of these rows; undefined if they are large. @param make - makes it without a frame */
  fill(schema: Columns, { rows, columns }: Rows, make: () => Framed): Uint8Array | undefined {
    const buffers = columns.flatMap(buffersOf);
    const bytes = buffers.reduce((sum, { byteLength }) => sum + padded(byteLength), 0);
    if (bytes > smallBytes) return undefined;
    const lengths = buffers.map(({ byteLength }) => byteLength);
    const nulls = columns.map((column) => column.nulls);
    const like = `${rows};${lengths};${nulls};${columnsText(schema)}`;
    const frame = this.#frames.get(like);
    if (frame) return Buffer.concat([frame.head, bodyOf(buffers, bytes), frame.tail]);
    const made = make();
    const { from, to } = made.place;
    // A frame is kept if these rows in it are this file.
    if (bodyOf(buffers, bytes).equals(made.bytes.subarray(from, to))) {
      if (this.#frames.size === framesMost) this.#frames.clear();
      const [head, tail] = [made.bytes.slice(0, from), made.bytes.slice(to)];
      this.#frames.set(like, { head, tail });
    }
    return made.bytes;
  }
}

/** In the order of the format: which rows are there, where they begin, and what is in them. */
function buffersOf({ leaf, offsets, validity }: ColumnBuffers): ArrayBufferView[] {
  return [validity, offsets, leaf.offsets, leaf.values].flatMap((buffer) => buffer ?? []);
}

function bodyOf(buffers: readonly ArrayBufferView[], bytes: number): Buffer {
  const body = Buffer.alloc(bytes);
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of buffers) {
    body.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += padded(byteLength);
  }
  return body;
}

/** Buffers begin at multiples of 8 bytes. */
function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

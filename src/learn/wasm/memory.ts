/**
 * Room for numbers in the memory of the kernel. What was taken is given back, so that a thread can train
 * one network after another. Knows no kernel.
 */
import { createMemory } from "../../math/index.ts";

const pageBytes = 65_536;
/** Numbers begin on a line of the cache. */
const unit = 64;
const largest = 2 ** 32;

export const memory = createMemory();

interface Span {
  readonly at: number;
  readonly bytes: number;
}

/** Free spans by address, none beside another. The first bytes stay unused, so that 0 is no address. */
let free: Span[] = [];
let end = 0;

/** What belongs together and is given back together. */
export interface Room {
  /** The address of `count` float32 zeros; zeros follow up to the next multiple of 16. */
  floats(count: number): number;
  release(): void;
}

export function room(): Room {
  const taken: Span[] = [];
  return {
    floats(count) {
      const span = take(unit * Math.max(1, Math.ceil((4 * count) / unit)));
      taken.push(span);
      new Uint8Array(memory.buffer, span.at, span.bytes).fill(0);
      return span.at;
    },
    release() {
      for (const span of taken.splice(0)) give(span);
    },
  };
}

/** The numbers at an address; the view holds until more room is taken. */
export function view(at: number, count: number): Float32Array {
  return new Float32Array(memory.buffer, at, count);
}

/** First fit. Throws a RangeError if there is no room. */
function take(bytes: number): Span {
  const found = free.findIndex((span) => span.bytes >= bytes);
  if (found < 0) {
    grow(bytes);
    return take(bytes);
  }
  const { at, bytes: all } = free[found]!;
  free.splice(found, 1, ...(all > bytes ? [{ at: at + bytes, bytes: all - bytes }] : []));
  return { at, bytes };
}

function grow(bytes: number): void {
  const last = free.at(-1);
  const there = last && last.at + last.bytes === end ? last.bytes : 0;
  const missing = bytes - there + (end === 0 ? unit : 0);
  const pages = Math.ceil(missing / pageBytes);
  // A larger number would be cut to 32 bits.
  if (end + pages * pageBytes >= largest) throw noRoom(bytes);
  try {
    memory.grow(pages);
  } catch {
    throw noRoom(bytes);
  }
  const start = end === 0 ? unit : end;
  end += pages * pageBytes;
  give({ at: start, bytes: end - start });
}

function noRoom(bytes: number): RangeError {
  return new RangeError(`no memory for ${bytes} bytes in WebAssembly`);
}

function give(span: Span): void {
  const spans = [...free, span].sort((a, b) => a.at - b.at);
  free = [];
  for (const next of spans) {
    const last = free.at(-1);
    if (last && last.at + last.bytes === next.at) {
      free[free.length - 1] = { at: last.at, bytes: last.bytes + next.bytes };
    } else free.push(next);
  }
}

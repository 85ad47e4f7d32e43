/** Brings rows into the kernel's memory. Does not know what they are for. */
import { copyRows, type Rows } from "../rows.ts";
import { kernel } from "./kernel.ts";
import { memory, type Room, view } from "./memory.ts";

export interface Intake {
  /** The address of the rows, one behind the other. */
  readonly at: number;
  take(rows: Rows, picked: ArrayLike<number>): void;
}

/** For up to `count` rows of `width` numbers at a time. */
export function intake(count: number, width: number, here: Room): Intake {
  const at = here.floats(count * width);
  const packed = here.floats(Math.ceil((count * width) / 32));
  return {
    at,
    take(rows, picked) {
      const { bits, values } = rows;
      if (bits) {
        const bytes = picked.length * (width / 8);
        gather(bits, picked, new Uint8Array(memory.buffer, packed, bytes));
        kernel.unpackSpins(packed, bytes, at);
      } else {
        const target = view(at, picked.length * width);
        if (values) gather(values, picked, target);
        else copyRows(rows, picked, target);
      }
    },
  };
}

/** Writes the picked rows one behind the other. */
function gather<T extends Uint8Array | Float32Array>(
  from: T,
  picked: ArrayLike<number>,
  target: T,
): void {
  const width = Math.floor(target.length / picked.length);
  const isOfWords = (width * target.BYTES_PER_ELEMENT) % 4 === 0 && from.byteOffset % 4 === 0;
  if (width >= manyItems) copyWide(from, picked, target, width);
  else if (!isOfWords) copyNarrow(from, picked, target, width);
  else copyNarrow(wordsOf(from), picked, wordsOf(target), (width * target.BYTES_PER_ELEMENT) >> 2);
}

/** With fewer items, a loop is faster than a view and its copy. */
const manyItems = 64;

function copyWide<T extends Uint8Array | Float32Array>(
  from: T,
  picked: ArrayLike<number>,
  target: T,
  width: number,
): void {
  for (let i = 0; i < picked.length; i++) {
    const first = picked[i]! * width;
    target.set(from.subarray(first, first + width), i * width);
  }
}

function copyNarrow<T extends Uint8Array | Float32Array | Int32Array>(
  from: T,
  picked: ArrayLike<number>,
  target: T,
  width: number,
): void {
  let at = 0;
  for (let i = 0; i < picked.length; i++) {
    const first = picked[i]! * width;
    for (let k = 0; k < width; k++) target[at++] = from[first + k]!;
  }
}

/** Of bytes that end within a word, that word is left out. */
function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength >> 2);
}

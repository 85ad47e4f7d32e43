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

/** Writes the picked rows one behind the other; as words of 32 bits where the rows consist of such. */
function gather<T extends Uint8Array | Float32Array>(
  from: T,
  picked: ArrayLike<number>,
  target: T,
): void {
  const row = target.byteLength / picked.length;
  const isOfWords = row % 4 === 0 && from.byteOffset % 4 === 0;
  const [source, to] = isOfWords ? [wordsOf(from), wordsOf(target)] : [from, target];
  const width = to.length / picked.length;
  for (let i = 0; i < picked.length; i++) {
    const [first, at] = [picked[i]! * width, i * width];
    for (let k = 0; k < width; k++) to[at + k] = source[first + k]!;
  }
}

/** Of bytes that end within a word, that word is left out. */
function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength >> 2);
}

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
      const { bits } = rows;
      if (!bits) {
        copyRows(rows, picked, view(at, picked.length * width));
        return;
      }
      const bytes = width / 8;
      const target = new Uint8Array(memory.buffer, packed, picked.length * bytes);
      for (let i = 0; i < picked.length; i++) {
        const [from, to] = [picked[i]! * bytes, i * bytes];
        for (let byte = 0; byte < bytes; byte++) target[to + byte] = bits[from + byte]!;
      }
      kernel.unpackSpins(packed, target.length, at);
    },
  };
}

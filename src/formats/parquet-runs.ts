/** Reads Parquet's mix of runs and packed bits, for small integers. Knows nothing of pages. */
import { bitAt } from "../math/bits.ts";

/**
 * Reads `count` integers of `width` bits. Throws a RangeError if the bytes hold fewer or more, except
 * for those that fill the last eight, and for runs of length 0, which DuckDB writes. Takes only the
 * memory of the result, whatever a run claims.
 */
export function decodeRuns(
  bytes: Uint8Array,
  width: number,
  count: number,
): Uint8Array | Uint32Array {
  if (width > 32) throw new RangeError("integers of more than 32 bits");
  const values = width <= 8 ? new Uint8Array(count) : new Uint32Array(count);
  // All are zero, and no byte is read.
  if (width === 0) return values;
  let at = 0;
  for (let done = 0; done < count || at < bytes.length; ) {
    const head = readVarint(bytes, at);
    const length = Math.floor(head.value / 2);
    if (head.value % 2 === 0) {
      if (done + length > count) throw new RangeError("a run is longer than the page");
      const end = head.end + Math.ceil(width / 8);
      const value = readBits(bytes, 8 * head.end, 8 * (end - head.end));
      values.fill(value, done, done + length);
      done += length;
      at = end;
    } else {
      if (done + 8 * length >= count + 8) throw new RangeError("a run is longer than the page");
      const stop = Math.min(count, done + 8 * length);
      for (let bit = 8 * head.end; done < stop; bit += width)
        values[done++] = readBits(bytes, bit, width);
      at = head.end + length * width;
    }
  }
  return values;
}

/** Least significant bit first. */
function readBits(bytes: Uint8Array, from: number, width: number): number {
  if (from + width > 8 * bytes.length) throw new RangeError("the bytes end within a run");
  let value = 0;
  for (let bit = 0; bit < width; bit++) value += bitAt(bytes, from + bit) * 2 ** bit;
  return value;
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start; at < Math.min(bytes.length, start + 5); at++) {
    value += (bytes[at]! & 127) * 2 ** (7 * (at - start));
    if (bytes[at]! < 128) return { value, end: at + 1 };
  }
  throw new RangeError("the bytes end within the length of a run");
}

/**
 * Counts patterns of sites through windows: a pattern is made of strips, each a few columns of one line,
 * and the patterns around neighbouring sites are parts of one window that is a little wider. Knows no
 * entropy.
 */
import type { Offset } from "./correlation/lags.ts";
import { inPieces, type PackedRows } from "./pieces.ts";

/** Columns `from` to `from + width` of the line `dy` below a site. */
interface Strip {
  readonly dy: number;
  readonly from: number;
  readonly width: number;
}

/** The strips that hold these sites, which lie on three lines at most. */
export function stripsOf(sites: readonly Offset[]): Strip[] {
  return [...new Set(sites.map(([dy]) => dy))].map((dy) => {
    const columns = sites.filter(([y]) => y === dy).map(([, dx]) => dx);
    const from = Math.min(...columns);
    return { dy, from, width: Math.max(...columns) - from + 1 };
  });
}

/** Bits of a window of so many patterns. */
function windowBits(strips: readonly Strip[], together: number): number {
  return strips.reduce((bits, { width }) => bits + width + together - 1, 0);
}

/** Most bits of a window: its counts, four bytes each, stay in a cache. */
const mostBits = 15;

/** How often each window occurs. Its bits are those of the strips, one strip behind the other. */
export interface Windows {
  /** Patterns in a window. */
  readonly together: number;
  readonly wide: Float64Array;
  /** Patterns alone, of those that are left at the end of a line. */
  readonly single: Float64Array;
}

/** Windows for at least so many patterns: sorting them should take less time than counting. */
export function emptyWindows(strips: readonly Strip[], patterns: number): Windows {
  let together = 1;
  for (;;) {
    const bits = windowBits(strips, together + 1);
    if (bits > mostBits || 16 * (together + 1) * 2 ** bits > patterns) break;
    together++;
  }
  const cells = (together: number) => new Float64Array(2 ** windowBits(strips, together));
  return { together, wide: cells(together), single: cells(1) };
}

/** Counts the windows of some configurations. */
export function countWindows(
  packed: PackedRows,
  side: number,
  strips: readonly Strip[],
  { together, wide, single }: Windows,
): void {
  const first = Math.min(...strips.map(({ from }) => from));
  const parts = [0, 1, 2].flatMap((k) => {
    const { dy, from, width } = strips[k] ?? { dy: 0, from: first, width: 0 };
    return [(dy + side) % side, from - first, width];
  });
  const atWide = 64;
  const atSingle = atWide + 4 * wide.length;
  const atWork = atSingle + 4 * single.length;
  const room = { each: 0, once: atWork + side * Math.ceil(side / 8 + 32) };
  inPieces(packed, side * side, room, ({ kernel, at, count, out }) => {
    const { buffer } = kernel.memory;
    new Int32Array(buffer, out, parts.length).set(parts);
    const [toWide, toSingle, work] = [out + atWide, out + atSingle, out + atWork];
    kernel.countPatterns(at, count, side, out, together, toWide, toSingle, work);
    addTo(wide, new Uint32Array(buffer, toWide, wide.length));
    addTo(single, new Uint32Array(buffer, toSingle, single.length));
  });
}

function addTo(sums: Float64Array, counts: Uint32Array): void {
  for (let cell = 0; cell < sums.length; cell++) sums[cell]! += counts[cell]!;
}

/** Adds the patterns in windows to their counts; site j is bit j of a pattern. */
export function addPatterns(
  counts: Float64Array,
  { together, wide, single }: Windows,
  strips: readonly Strip[],
  sites: readonly Offset[],
): void {
  for (const [windows, patterns] of [[wide, together] as const, [single, 1] as const]) {
    // The bit that is site j of a window's first pattern; of the next pattern, it is the next bit.
    const bits = sites.map(([dy, dx]) => {
      const strip = strips.findIndex((s) => s.dy === dy);
      return windowBits(strips.slice(0, strip), patterns) + dx - strips[strip]!.from;
    });
    for (let window = 0; window < windows.length; window++) {
      const count = windows[window]!;
      if (count === 0) continue;
      for (let k = 0; k < patterns; k++) {
        let pattern = 0;
        for (let j = 0; j < bits.length; j++) pattern |= ((window >> (bits[j]! + k)) & 1) << j;
        counts[pattern]! += count;
      }
    }
  }
}

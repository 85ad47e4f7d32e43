/**
 * Counts patterns of sites through windows: a pattern is made of strips, each a few columns of one line,
 * and the patterns around neighbouring sites are parts of one window that is a little wider. Knows no
 * entropy.
 */
import type { Offset } from "./correlation/lags.ts";
import { inPieces, type PackedRows, pieceBytes } from "./pieces.ts";

/** Columns `from` to `from + width` of the line `dy` below a site. */
interface Strip {
  readonly dy: number;
  readonly from: number;
  readonly width: number;
}

/** The strips that hold these sites, from above; they lie on up to three successive lines. */
function stripsOf(sites: readonly Offset[]): Strip[] {
  const lines = [...new Set(sites.map(([dy]) => dy))].sort((a, b) => a - b);
  return lines.map((dy) => {
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

/** About so many patterns at most are counted at once. */
const piecePatterns = 8 * pieceBytes;

/**
 * As many patterns in a window as lets the counting of so many patterns take longer than what is done with
 * each window afterwards.
 */
function togetherOf(strips: readonly Strip[], patterns: number): number {
  const fits = [2, 4].filter((together) => {
    const bits = windowBits(strips, together);
    return bits <= mostBits && 8 * together * 2 ** bits <= patterns;
  });
  return fits.at(-1) ?? 1;
}

/** Adds how often each pattern occurs in some configurations; site j is bit j of a pattern. */
export function addPatterns(
  counts: Float64Array,
  packed: PackedRows,
  side: number,
  sites: readonly Offset[],
): void {
  const strips = stripsOf(sites);
  const first = Math.min(...strips.map(({ from }) => from));
  const parts = strips.flatMap(({ from, width }) => [from - first, width]);
  const together = togetherOf(strips, Math.min(packed.rows * side * side, piecePatterns));
  const [wideBits, bits] = [windowBits(strips, together), windowBits(strips, 1)];
  const atWide = 32;
  const atSingle = atWide + 4 * 2 ** wideBits;
  const once = atSingle + 4 * 2 ** bits;
  const lines = 224 + (side + 16) * Math.ceil(side / 8 + 16);
  const room = { each: 0, once, scratch: Math.max(lines, 2 * 2 ** wideBits) };
  const patternOf = patternsOfCells(strips, sites);
  inPieces(packed, side * side, room, ({ kernel, at, count, out, scratch }) => {
    const { buffer } = kernel.memory;
    new Int32Array(buffer, out, parts.length).set(parts);
    const [wide, single] = [out + atWide, out + atSingle];
    kernel.countPatterns(at, count, side, out, together, wide, single, scratch);
    const add = (cells: number) => {
      const found = new Uint32Array(buffer, cells, 2 ** bits);
      for (let cell = 0; cell < found.length; cell++) counts[patternOf[cell]!]! += found[cell]!;
    };
    if (side % together > 0) add(single);
    if (together === 1) return add(wide);
    for (let k = 0; k < together; k++) {
      let [cells, left] = [wide, wideBits];
      for (const bit of othersOf(strips, together, k)) {
        kernel.leaveOutBit(cells, left--, bit, scratch);
        cells = scratch;
      }
      add(scratch);
    }
  });
}

/** The bits of a window that are none of its `k`-th pattern's, the highest first. */
function othersOf(strips: readonly Strip[], together: number, k: number): number[] {
  let at = 0;
  const bits = strips.flatMap(({ width }) => {
    const strip = Array.from({ length: width + together - 1 }, (_, i) => ({ bit: at + i, i }));
    at += strip.length;
    return strip.filter(({ i }) => i < k || i >= k + width).map(({ bit }) => bit);
  });
  return bits.reverse();
}

/** The pattern that each cell stands for: bit j of it is site j. */
function patternsOfCells(strips: readonly Strip[], sites: readonly Offset[]): Uint16Array {
  const bits = sites.map(([dy, dx]) => {
    const strip = strips.findIndex((s) => s.dy === dy);
    return windowBits(strips.slice(0, strip), 1) + dx - strips[strip]!.from;
  });
  return gathered(2 ** windowBits(strips, 1), bits);
}

const known = new Map<string, Uint16Array>();

/** Of each number below `length`, these bits, one behind the other; made once. */
export function gathered(length: number, bits: readonly number[]): Uint16Array {
  const key = `${length} ${bits}`;
  let found = known.get(key);
  if (!found) {
    found = Uint16Array.from({ length }, (_, number) =>
      bits.reduce((all, bit, j) => all | (((number >> bit) & 1) << j), 0),
    );
    known.set(key, found);
  }
  return found;
}

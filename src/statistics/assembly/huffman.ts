// How many bits a block of deflate (RFC 1951) takes, as the library fflate writes it: stored, with the
// fixed codes, or with codes of its own, whichever is the shortest.
import { codeLengths } from "./code-lengths";
import { get, set } from "./int-table";

/** Lengths of the codes of literals, of distances, and of those lengths. */
const literalLengths: usize = memory.data(4 * 288);
const distanceLengths: usize = memory.data(4 * 32);
const lengthLengths: usize = memory.data(4 * 19);
/** How often each length occurs, and runs of them. */
const runs: usize = memory.data(4 * 19);
/** The order in which a block has the lengths of those. */
const order: usize = memory.data<u8>([
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
]);

export function lengthCode(length: i32): i32 {
  if (length == 258) return 28;
  const l = length - 3;
  const extra = lengthExtra(length);
  return 4 * extra + (l >> extra);
}

export function lengthExtra(length: i32): i32 {
  const l = length - 3;
  return l < 8 || length == 258 ? 0 : 29 - clz(l);
}

export function distanceCode(distance: i32): i32 {
  const d = distance - 1;
  const extra = distanceExtra(distance);
  return 2 * extra + (d >> extra);
}

export function distanceExtra(distance: i32): i32 {
  const d = distance - 1;
  return d < 4 ? 0 : 30 - clz(d);
}

/**
 * The place of the bit behind a block that begins at bit `at`, of `bytes` bytes. `literals` and
 * `distances` have the counts of 288 and 32 symbols, `extra` is the bits behind all of their codes.
 */
export function blockBits(
  at: i64,
  literals: usize,
  distances: usize,
  extra: i32,
  bytes: i32,
): i64 {
  // The end of the block.
  set(literals, 256, get(literals, 256) + 1);
  const ofLiterals = codeLengths(literals, 288, 15, literalLengths);
  const ofDistances = codeLengths(distances, 32, 15, distanceLengths);
  memory.fill(runs, 0, 4 * 19);
  countRuns(literalLengths, ofLiterals);
  countRuns(distanceLengths, ofDistances);
  const ofLengths = codeLengths(runs, 19, 7, lengthLengths);
  let written = 19;
  for (; written > 4; written--) {
    const symbol = <i32>load<u8>(order + written - 1);
    if (symbol < ofLengths && get(lengthLengths, symbol)) break;
  }
  let fixed = extra;
  for (let s = 0; s < 288; s++) {
    fixed += get(literals, s) * (s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8);
  }
  for (let s = 0; s < 32; s++) fixed += 5 * get(distances, s);
  const tables = 14 + 3 * written + bitsOf(runs, lengthLengths, ofLengths);
  const repeats = 2 * get(runs, 16) + 3 * get(runs, 17) + 7 * get(runs, 18);
  const own =
    extra +
    bitsOf(literals, literalLengths, ofLiterals) +
    bitsOf(distances, distanceLengths, ofDistances) +
    tables +
    repeats;
  const stored = (bytes + 5) << 3;
  if (stored <= fixed && stored <= own) return (((at + 10) >> 3) + 4 + bytes) << 3;
  return at + 3 + min(fixed, own);
}

function bitsOf(counts: usize, lengths: usize, symbols: i32): i32 {
  let sum = 0;
  for (let s = 0; s < symbols; s++) sum += get(counts, s) * get(lengths, s);
  return sum;
}

/** Adds up the symbols that stand for `count` lengths: a length, or a run of the last one or of zeros. */
function countRuns(lengths: usize, count: i32): void {
  // Of no lengths one is written, a zero.
  let last = count ? get(lengths, 0) : 0;
  let same = 1;
  for (let i = 1; i <= max(count, 1); i++) {
    if (i < count && get(lengths, i) == last) {
      same++;
      continue;
    }
    if (last == 0 && same > 2) {
      for (; same > 138; same -= 138) add(18);
      if (same > 2) {
        add(same > 10 ? 18 : 17);
        same = 0;
      }
    } else if (same > 3) {
      add(last);
      same--;
      for (; same > 6; same -= 6) add(16);
      if (same > 2) {
        add(16);
        same = 0;
      }
    }
    for (; same > 0; same--) add(last);
    same = 1;
    if (i < count) last = get(lengths, i);
  }
}

function add(run: i32): void {
  set(runs, run, get(runs, run) + 1);
}

/**
 * Coarse-graining rules for periodic square lattices of `size` x `size` sites: rows of packed bits in, rows
 * of blocks out, packed too. Every row is treated alone. `average` takes numbers. Knows nothing of betas
 * or seeds.
 */
import { mapRows, type PackedRows, type Piece } from "./pieces.ts";
import type { Tie, TieBits } from "./systems/system.ts";

/** The lattices seen from site (dy, dx), which comes first. */
export function translate(packed: PackedRows, size: number, dy: number, dx: number): PackedRows {
  if (dy === 0 && dx === 0) return packed;
  const sites = size * size;
  return mapRows(packed, [sites, sites], { each: 0 }, ({ kernel, at, count, out }) => {
    kernel.translate(at, count, size, dy, dx, out);
  });
}

/** Keeps the first spin of every `factor` x `factor` block. */
export function decimate(packed: PackedRows, size: number, factor: number): PackedRows {
  const blocks = blocksPerSide(size, factor) ** 2;
  const room = { each: 0, once: 64 };
  return mapRows(packed, [size * size, blocks], room, ({ kernel, at, count, out, work }) => {
    if (factor === 2) kernel.decimateByTwo(at, count, size, out);
    else kernel.decimate(at, count, size, factor, out, work);
  });
}

/** The kernel's codes of what a tie becomes. */
const tieCodes = { down: 0, up: 1, "top-left": 2, random: 3 };

/** Where the kernel counts. */
const countingBytes = 256;

/** The sign of the sum of ±1 over every block; `tie` decides where it is 0. */
export function majority(
  packed: PackedRows,
  size: number,
  factor: number,
  tie: Tie,
  tieBits: TieBits,
): PackedRows {
  const blocks = blocksPerSide(size, factor) ** 2;
  const isRandom = tie === "random" && factor % 2 === 0;
  const tieBytes = isRandom ? 8 * Math.ceil(blocks / 64) : 0;
  const room = { each: 2 * tieBytes, once: countingBytes };
  return mapRows(packed, [size * size, blocks], room, (piece) => {
    const { kernel, at, count, out, work } = piece;
    const ties = work + countingBytes;
    const code = tieCodes[tie];
    if (factor === 2) kernel.majorityByTwo(at, count, size, code, out, ties, tieBytes);
    else kernel.majority(at, count, size, factor, code, out, ties, tieBytes, work);
    if (isRandom) breakTies(piece, { blocks, ties, tieBytes }, tieBits);
  });
}

/** Throws coins for the rows in which blocks tie, and gives these blocks what came up. */
function breakTies(
  { kernel, count, from, out }: Piece,
  { blocks, ties, tieBytes }: { blocks: number; ties: number; tieBytes: number },
  tieBits: TieBits,
): void {
  const words = tieBytes / 4;
  const tied = new Uint32Array(kernel.memory.buffer, ties, count * words);
  const coins = ties + count * tieBytes;
  const thrown = new Uint32Array(kernel.memory.buffer, coins, count * words);
  for (let row = 0; row < count; row++) {
    let word = row * words;
    const end = word + words;
    while (word < end && tied[word] === 0) word++;
    if (word === end) continue;
    // Block k's coin is bit k of the stream, whichever blocks tie, so that it depends on the
    // configuration and the block alone.
    const stream = tieBits(from + row);
    const drawn = Math.ceil(blocks / 32);
    stream.uint32s(thrown.subarray(row * words, row * words + drawn));
  }
  kernel.breakTies(ties, coins, tieBytes, count, blocks, out);
}

/** The mean over every block of rows of numbers. */
export function average(
  values: Int8Array | Float64Array,
  size: number,
  factor: number,
): Float64Array {
  const width = blocksPerSide(size, factor);
  const out = new Float64Array(values.length / (factor * factor));
  for (let i = 0; i < out.length; i++) {
    const first = Math.floor(i / width) * factor * size + (i % width) * factor;
    let sum = 0;
    for (let y = 0; y < factor; y++) {
      for (let x = 0; x < factor; x++) sum += values[first + y * size + x]!;
    }
    out[i] = sum / (factor * factor);
  }
  return out;
}

function blocksPerSide(size: number, factor: number): number {
  if (size % factor) throw new RangeError(`factor ${factor} does not divide ${size}`);
  return size / factor;
}

/**
 * Coarse-graining rules for periodic square lattices: rows of `size` x `size` values (row-major) in,
 * rows of blocks out. Every row is treated alone. Rules that keep sites take the spins of any system;
 * `majority` and `average` take ±1. Knows nothing of bits, betas or seeds.
 */
import type { Generator } from "../random/index.ts";
import type { Spins, Tie, TieBits } from "./systems/system.ts";

type Values = Int8Array | Float64Array;

/** The lattices seen from site (dy, dx), which comes first. */
export function translate<S extends Spins>(spins: S, size: number, dy: number, dx: number): S {
  if (dy === 0 && dx === 0) return spins;
  const out = like(spins, spins.length);
  const sites = size * size;
  for (let i = 0; i < spins.length; i++) {
    const row = i - (i % sites);
    const y = Math.floor((i - row) / size);
    const x = (i - row) % size;
    out[i] = spins[row + ((y + dy) % size) * size + ((x + dx) % size)]!;
  }
  return out;
}

/** Keeps the first spin of every `factor` x `factor` block. */
export function decimate<S extends Spins>(spins: S, size: number, factor: number): S {
  const width = blocksPerSide(size, factor);
  const out = like(spins, spins.length / (factor * factor));
  for (let i = 0; i < out.length; i++) out[i] = spins[corner(i, size, width, factor)]!;
  return out;
}

/**
 * Two steps of decimation by sqrt 2. A step keeps every second site, in a checkerboard; its lattice
 * is turned by 45 degrees, with (1, 1) and (1, -1) for neighbours, so only two steps lead back to a
 * lattice of this kind.
 */
export function decimateSqrt2Twice<S extends Spins>(spins: S, size: number): S {
  blocksPerSide(size, 2);
  const half = size / 2;
  // Row y of the turned lattice: the sites x = (y mod 2), (y mod 2) + 2, …
  const turned = like(spins, spins.length / 2);
  for (let i = 0; i < turned.length; i++) {
    const y = Math.floor(i / half) % size;
    turned[i] = spins[2 * i + (y % 2)]!;
  }
  // Its neighbours are in rows of the other parity, so every second site is every second row.
  const out = like(spins, spins.length / 4);
  for (let i = 0; i < out.length; i++) {
    const y = Math.floor(i / half);
    out[i] = turned[2 * y * half + (i % half)]!;
  }
  return out;
}

/** The sign of the sum of ±1 over every block; `tie` decides where it is 0. */
export function majority(
  spins: Int8Array,
  size: number,
  factor: number,
  tie: Tie,
  tieBits: TieBits,
): Int8Array {
  const width = blocksPerSide(size, factor);
  const blocks = width * width;
  const out = new Int8Array(spins.length / (factor * factor));
  for (let row = 0; row * blocks < out.length; row++) {
    const coins = tie === "random" ? coinsOf(() => tieBits(row)) : undefined;
    for (let block = 0; block < blocks; block++) {
      const at = corner(row * blocks + block, size, width, factor);
      const sum = blockSum(spins, at, size, factor);
      out[row * blocks + block] =
        sum > 0 ? 1 : sum < 0 ? -1 : coins ? coins(block) : fixed(tie, spins[at]!);
    }
  }
  return out;
}

/** The mean over every block. */
export function average(values: Values, size: number, factor: number): Float64Array {
  const width = blocksPerSide(size, factor);
  const out = new Float64Array(values.length / (factor * factor));
  for (let i = 0; i < out.length; i++) {
    const sum = blockSum(values, corner(i, size, width, factor), size, factor);
    out[i] = sum / (factor * factor);
  }
  return out;
}

/** An array of the same kind, zeroed. */
function like<S extends Spins>(spins: S, length: number): S {
  return new (spins.constructor as new (length: number) => S)(length);
}

function blocksPerSide(size: number, factor: number): number {
  if (size % factor) throw new RangeError(`factor ${factor} does not divide ${size}`);
  return size / factor;
}

/** Index of the first site of block i, blocks counted over all rows. */
function corner(i: number, size: number, width: number, factor: number): number {
  const blockRow = Math.floor(i / width);
  return blockRow * factor * size + (i % width) * factor;
}

function blockSum(values: Values, at: number, size: number, factor: number): number {
  let sum = 0;
  for (let y = 0; y < factor; y++) {
    for (let x = 0; x < factor; x++) sum += values[at + y * size + x]!;
  }
  return sum;
}

function fixed(tie: Tie, first: number): number {
  return tie === "up" ? 1 : tie === "down" ? -1 : first;
}

/**
 * Block k's coin is bit k of the stream, whichever blocks tie, so that it depends on the
 * configuration and the block alone.
 */
export function coinsOf(generator: () => Generator): (block: number) => number {
  let source: Generator | undefined;
  const words: number[] = [];
  return (block) => {
    source ??= generator();
    while (words.length <= block >>> 5) words.push(source.uint32());
    return (words[block >>> 5]! >>> (block & 31)) & 1 ? 1 : -1;
  };
}

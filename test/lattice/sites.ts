/**
 * Coarse-graining in plain loops over sites: rows of `size` x `size` numbers (row-major) in, rows of blocks
 * out. What the kernels, which take bits, are held against.
 */
import type { Tie, TieBits } from "../../src/lattice/systems/system.ts";
import type { Generator } from "../../src/random/index.ts";

/** A number a site. */
type Sites = Int8Array | Uint8Array | Float32Array;

/** The lattices seen from site (dy, dx), which comes first. */
export function translate<S extends Sites>(spins: S, size: number, dy: number, dx: number): S {
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
export function decimate<S extends Sites>(spins: S, size: number, factor: number): S {
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
export function decimateSqrt2Twice<S extends Sites>(spins: S, size: number): S {
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

/** An array of the same kind, zeroed. */
function like<S extends Sites>(spins: S, length: number): S {
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

function blockSum(values: Int8Array, at: number, size: number, factor: number): number {
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
function coinsOf(generator: () => Generator): (block: number) => number {
  let source: Generator | undefined;
  const words: number[] = [];
  return (block) => {
    source ??= generator();
    while (words.length <= block >>> 5) words.push(source.uint32());
    return (words[block >>> 5]! >>> (block & 31)) & 1 ? 1 : -1;
  };
}

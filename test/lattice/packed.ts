/** Spins of ±1 as rows of packed bits, and back. */
import type { PackedRows } from "../../src/lattice/pieces.ts";
import { packSpins, unpackSpins } from "../../src/lattice/spins.ts";
import { createGenerator } from "../../src/random/index.ts";

/** Configurations of `sites` spins each. */
export function packed(spins: Int8Array, sites: number): PackedRows {
  return { bits: packSpins(spins), rows: spins.length / sites };
}

export function unpacked({ bits, rows }: PackedRows, sites: number): Int8Array {
  return unpackSpins(bits, sites, 0, rows);
}

/** Random spins, in which no symmetry is left, the same for the same seed. */
export function randomSpins(seed: number, count: number): Int8Array {
  const generator = createGenerator(BigUint64Array.of(BigInt(seed), 2n, 3n, 4n));
  return new Int8Array(count).map(() => 2 * generator.below(2) - 1);
}

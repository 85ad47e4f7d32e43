/** How far units of a network stay within the blocks of a coarse lattice. */
import { assignRows } from "./assignment.ts";

/** One row a unit: its weights on a `side` x `side` periodic lattice, row-major. */
export interface Units {
  readonly kernel: ArrayLike<number>;
  readonly side: number;
}

/** The site where the tiling by blocks of b x b sites begins, and b. */
interface Tiling {
  readonly factor: number;
  readonly offset: readonly [dy: number, dx: number];
}

/**
 * Shares of each unit's squared weight inside each block, units x blocks, both row-major. A unit
 * without weights has none anywhere.
 */
export function blockShares({ kernel, side }: Units, { factor, offset }: Tiling): Float64Array {
  const blocksAcross = side / factor;
  const blocks = blocksAcross * blocksAcross;
  const sites = side * side;
  const units = kernel.length / sites;
  const blockOf = Int32Array.from({ length: sites }, (_, site) => {
    const y = (Math.floor(site / side) - offset[0] + side) % side;
    const x = ((site % side) - offset[1] + side) % side;
    return Math.floor(y / factor) * blocksAcross + Math.floor(x / factor);
  });
  const shares = new Float64Array(units * blocks);
  for (let a = 0; a < units; a++) {
    let total = 0;
    for (let i = 0; i < sites; i++) {
      const w = kernel[a * sites + i]!;
      total += w * w;
      shares[a * blocks + blockOf[i]!]! += w * w;
    }
    for (let k = 0; total > 0 && k < blocks; k++) shares[a * blocks + k]! /= total;
  }
  return shares;
}

/** b, if as many units as blocks of b x b sites, b > 1, make up the lattice. */
export function blockFactor(sites: number, units: number): number | undefined {
  const [side, factor] = [Math.sqrt(sites), Math.sqrt(sites / units)];
  const fits = Number.isInteger(side) && Number.isInteger(factor) && factor > 1;
  return fits && side % factor === 0 ? factor : undefined;
}

/** Share inside the block of the unit's own index, unit by unit, the tiling beginning at site 0. */
export function ownBlockShares(units: Units, factor: number): Float64Array {
  const shares = blockShares(units, { factor, offset: [0, 0] });
  const blocks = (units.side / factor) * (units.side / factor);
  return Float64Array.from({ length: blocks }, (_, a) => shares[a * blocks + a]!);
}

/**
 * The same where every unit may have any block, one each, so that the sum is largest, in the best
 * of the factor^2 tilings: a network that learned without a teacher numbers its units as it likes.
 */
export function matchedBlockShares(units: Units, factor: number): Float64Array {
  const blocks = (units.side / factor) * (units.side / factor);
  let best = new Float64Array(blocks);
  let bestSum = -1;
  for (let at = 0; at < factor * factor; at++) {
    const offset = [Math.floor(at / factor), at % factor] as const;
    const shares = blockShares(units, { factor, offset });
    const block = assignRows(
      shares.map((share) => -share),
      blocks,
      blocks,
    );
    const matched = Float64Array.from(block, (k, a) => shares[a * blocks + k]!);
    const sum = matched.reduce((total, share) => total + share, 0);
    if (sum > bestSum) [best, bestSum] = [matched, sum];
  }
  return best;
}

/**
 * Block spins by one filter for every block of a periodic square lattice of any size. Knows neither where
 * the filter comes from nor what the spins are for.
 */
import type { Generator } from "../random/index.ts";
import type { TieBits } from "./systems/system.ts";

export interface BlockFilter {
  /** Sites a side of a window. */
  readonly side: number;
  /** Sites from one window to the next, a side: b. */
  readonly stride: number;
  /** A weight for each site of the window, row by row. */
  readonly weights: ArrayLike<number>;
}

/**
 * Sites that a window reaches beyond its block, above and to the left: it is centred on the block, half
 * a site early where that cannot be; one smaller than the block begins where the block does.
 */
export function windowLead({ side, stride }: Pick<BlockFilter, "side" | "stride">): number {
  return Math.max(0, Math.ceil((side - stride) / 2));
}

/**
 * The sign of the filter's sum over each window, row by row of `size` x `size` spins; where it is
 * exactly 0, the coin of that block. `size` is a multiple of the stride, and no smaller than the window.
 */
export function blockSpins(
  filter: BlockFilter,
  spins: Int8Array,
  size: number,
  ties: TieBits,
): Int8Array {
  const { side, weights } = filter;
  const index = windowSites(filter, size);
  const [sites, seen] = [size * size, side * side];
  const blocks = index.length / seen;
  const out = new Int8Array((spins.length / sites) * blocks);
  for (let row = 0; row * blocks < out.length; row++) {
    const coins = coinsOf(() => ties(row));
    for (let block = 0; block < blocks; block++) {
      let sum = 0;
      for (let i = 0; i < seen; i++) {
        sum += weights[i]! * spins[row * sites + index[block * seen + i]!]!;
      }
      out[row * blocks + block] = sum > 0 ? 1 : sum < 0 ? -1 : coins(block);
    }
  }
  return out;
}

/** The sites of every window, window by window. */
function windowSites({ side, stride }: BlockFilter, size: number): Int32Array {
  const [width, lead] = [size / stride, windowLead({ side, stride })];
  const sites = new Int32Array(width * width * side * side);
  let at = 0;
  for (let block = 0; block < width * width; block++) {
    const [top, left] = [Math.floor(block / width) * stride, (block % width) * stride];
    for (let i = 0; i < side * side; i++) {
      const y = (top + Math.floor(i / side) - lead + size) % size;
      sites[at++] = y * size + ((left + (i % side) - lead + size) % size);
    }
  }
  return sites;
}

/** The coins of one configuration, as `majority` tosses them: block k has bit k of its stream. */
function coinsOf(generator: () => Generator): (block: number) => number {
  let source: Generator | undefined;
  const words: number[] = [];
  return (block) => {
    source ??= generator();
    while (words.length <= block >>> 5) words.push(source.uint32());
    return (words[block >>> 5]! >>> (block & 31)) & 1 ? 1 : -1;
  };
}

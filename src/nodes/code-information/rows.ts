/** The tables of the `code-information` node, row by row. Knows neither ports nor networks. */
import { blocksOf, patternAt, patterns } from "../../lattice/blocks.ts";
import { entropyOfCounts } from "../../statistics/entropy.ts";
import { blockBounds, jackknifeMeans } from "../../statistics/jackknife.ts";
import {
  jackknifedCounts,
  mutualInformation,
  type Unbiased,
} from "../../statistics/mutual-information.ts";
import { averaged, averagedError } from "../shared/tables.ts";

/** The configurations at a beta, and what a linear map makes of their codes. */
export interface Probed {
  readonly side: number;
  /** n x sites. */
  readonly spins: Float32Array;
  readonly image: Float32Array;
  /** The mean spin of each site in training, at this beta. */
  readonly means: Float64Array;
  /** The signs of the units, n x units, where there are as many as 2 x 2 blocks; else undefined. */
  readonly own: Float32Array | undefined;
}

/** One beta: what its row says, and what the summary needs of it. */
export interface Informed {
  readonly row: { readonly beta: number; readonly configurations: number } & Measures;
  /** By configuration: squared error of the image, that of the means, share of signs that are right. */
  readonly squares: Float64Array;
}
type Measures = Readonly<Record<string, number | null>>;

/** Tables of counts that a row is made of, by what is paired with what. */
const pairs = ["block_image", "around_image", "block_around", "block_own", "around_own"] as const;
type Pair = (typeof pairs)[number];

export function inform(beta: number, probed: Probed): Informed {
  const squares = Float64Array.from(squaresOf(probed));
  const [r2, accuracy] = jackknifeMeans(squares, 3, [(m) => 1 - m[0]! / m[1]!, (m) => m[2]!]);
  const counts = countPairs(probed);
  const between = (name: string, pair: Pair) => {
    const isOwn = pair.endsWith("own");
    if (isOwn && !probed.own) return named(name, undefined);
    return named(name, jackknifedCounts(counts[pair], isOwn ? ownInformation : patternInformation));
  };
  const row = {
    beta,
    configurations: squares.length / 3,
    ...named("r2", r2),
    ...named("accuracy", accuracy),
    ...named("block_entropy", jackknifedCounts(counts.block_around, entropyOfRows)),
    ...between("block_surroundings_information", "block_around"),
    ...between("block_information", "block_image"),
    ...between("surroundings_information", "around_image"),
    ...between("own_block_information", "block_own"),
    ...between("own_surroundings_information", "around_own"),
  };
  return { row, squares };
}

/** All betas: r2 of all squares together, and means of the others. */
export function informSummary(betas: readonly Informed[]) {
  const count = betas.reduce((sum, { row }) => sum + row.configurations, 0);
  const total = (k: number) =>
    betas.reduce((sum, { squares }) => {
      for (let at = k; at < squares.length; at += 3) sum += squares[at]!;
      return sum;
    }, 0);
  const [wrong, spread] = [total(0), total(1)];
  // Betas have chains of their own. Of wrong - share x spread, with the share as it is, errors add up in
  // squares; over the spread it is the error of 1 - wrong / spread to first order.
  const parts = betas.map(({ squares }) => {
    const [part] = jackknifeMeans(squares, 3, [(m) => m[0]! - (wrong / spread) * m[1]!]);
    return (part!.error * (squares.length / 3)) / spread;
  });
  const names = Object.keys(betas[0]!.row).filter((name) => name !== "beta");
  const means = names.map((name) => {
    const values = betas.map(({ row }) => row[name] as number | null);
    return [name, name.endsWith("_se") ? averagedError(values) : averaged(values)];
  });
  return {
    ...(Object.fromEntries(means) as Measures),
    configurations: count,
    r2: finite(1 - wrong / spread),
    r2_se: finite(Math.sqrt(parts.reduce((sum, part) => sum + part * part, 0))),
  };
}

function named(name: string, found: Pick<Unbiased, "value" | "error"> | undefined): Measures {
  return {
    [name]: found ? finite(found.value) : null,
    [`${name}_se`]: found ? finite(found.error) : null,
  };
}

/** Null where there is no such number: no R² of spins that never vary, no error of one block. */
function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}

function* squaresOf({ spins, image, means }: Probed): Generator<number> {
  const sites = means.length;
  for (let at = 0; at < spins.length; at += sites) {
    let [wrong, spread, right] = [0, 0, 0];
    for (let i = 0; i < sites; i++) {
      const [s, f] = [spins[at + i]!, image[at + i]!];
      wrong += (s - f) * (s - f);
      spread += (s - means[i]!) * (s - means[i]!);
      right += f >= 0 === s > 0 ? 1 : 0;
    }
    yield wrong / sites;
    yield spread / sites;
    yield right / sites;
  }
}

/**
 * Of each jackknife block of configurations: how often patterns occur together, over all 2 x 2 blocks of
 * the lattice; with units, which may stand for -s as well as for s, block by block.
 */
function countPairs({ side, spins, image, own }: Probed): Record<Pair, Float64Array[]> {
  const sites = side * side;
  const blocks = blocksOf(side);
  const bounds = blockBounds(spins.length / sites);
  const tables = (cells: number) => bounds.slice(1).map(() => new Float64Array(cells));
  const [squared, owned] = [patterns * patterns, blocks.length * patterns * 2];
  const counts = {
    ...{ block_image: tables(squared), around_image: tables(squared) },
    ...{ block_around: tables(squared), block_own: tables(owned), around_own: tables(owned) },
  };
  for (let k = 0; k + 1 < bounds.length; k++) {
    const of = (pair: Pair) => counts[pair][k]!;
    const [shown, outward, alone] = [of("block_image"), of("around_image"), of("block_around")];
    const [ownBlock, ownAround] = [of("block_own"), of("around_own")];
    for (let row = bounds[k]!; row < bounds[k + 1]!; row++) {
      for (let b = 0; b < blocks.length; b++) {
        const block = blocks[b]!;
        const inside = patternAt(spins, row * sites, block.sites);
        const outside = patternAt(spins, row * sites, block.around);
        const z = patternAt(image, row * sites, block.sites);
        shown[inside * patterns + z]! += 1;
        outward[outside * patterns + z]! += 1;
        alone[inside * patterns + outside]! += 1;
        if (!own) continue;
        const sign = own[row * blocks.length + b]! >= 0 ? 1 : 0;
        ownBlock[(b * patterns + inside) * 2 + sign]! += 1;
        ownAround[(b * patterns + outside) * 2 + sign]! += 1;
      }
    }
  }
  return counts;
}

const patternInformation = (joint: Float64Array) => mutualInformation(joint, patterns);

/** The mean over blocks of I of a pattern and a sign. */
function ownInformation(joints: Float64Array): number {
  const size = 2 * patterns;
  let sum = 0;
  for (let at = 0; at < joints.length; at += size) {
    sum += mutualInformation(joints.subarray(at, at + size), 2);
  }
  return (sum * size) / joints.length;
}

/** H of the first variable of a table of counts with `patterns` columns. */
function entropyOfRows(joint: Float64Array): number {
  const rows = new Float64Array(joint.length / patterns);
  for (const [at, count] of joint.entries()) rows[Math.floor(at / patterns)]! += count;
  return entropyOfCounts(rows);
}

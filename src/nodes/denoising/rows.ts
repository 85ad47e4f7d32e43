/** The table of the `denoising` node, row by row. Knows neither parameters' limits nor ports. */
import { InvalidInput, type Table } from "../../engine/node-type.ts";
import { correlationLength, domainQuantities, measureDomains } from "../../lattice/domains.ts";
import type { EstimatorName } from "../../lattice/entropy.ts";
import { otherOrigin } from "../../learn/training/examples.ts";
import type { Correction } from "../../statistics/entropy.ts";
import { blockBounds, jackknifeError, jackknifeMeans } from "../../statistics/jackknife.ts";
import { countBlocks, jackknifedEntropy } from "../shared/entropy.ts";
import { piecesOf, type Sample } from "../shared/sample.ts";
import { defined } from "../shared/tables.ts";

interface Settings {
  readonly estimator: EstimatorName;
  readonly correction: Correction;
}

/**
 * Throws an `InvalidInput` where a column that both have shows that an image lies beside another
 * original than its own.
 */
export function requireImages(
  [images, imageTable]: readonly [Sample, Table],
  [originals, originalTable]: readonly [Sample, Table],
): void {
  for (const { own, rows } of pairedBetas(images, originals)) {
    const times = rows.length / own.length;
    const beside = rows.map((_, i) => own[Math.floor(i / times)]!);
    const other = otherOrigin([originalTable, beside], [imageTable, rows]);
    if (!other) continue;
    const { at, name, a, b } = other;
    const message = `has ${name} ${a} in row ${beside[at]}, whose image in row ${rows[at]} of`;
    throw new InvalidInput("original", `${message} configurations has ${b}`);
  }
}

/** Rows of both at each beta of the images: k images of each original. */
function pairedBetas(images: Sample, originals: Sample) {
  const before = new Map(originals.betas.map(({ value, rows }) => [value, rows]));
  return images.betas.map(({ value: beta, rows }) => {
    const own = before.get(beta);
    if (!own) throw new InvalidInput("original", `has no beta ${beta}`);
    if (rows.length % own.length > 0) {
      const message = `has ${own.length} rows at beta ${beta} for ${rows.length} configurations`;
      throw new InvalidInput("original", message);
    }
    return { beta, rows, own };
  });
}

/** One row a beta: images against their originals, k images of each, in the same order. */
export function denoisingRows(images: Sample, originals: Sample, settings: Settings) {
  return pairedBetas(images, originals).map(({ beta, rows, own }) => {
    return {
      beta,
      ...entropyChange({ images, rows }, { originals, own }, settings),
      ...domainChange({ images, rows }, { originals, own }),
      configurations: rows.length,
    };
  });
}

type Images = { readonly images: Sample; readonly rows: Int32Array };
type Originals = { readonly originals: Sample; readonly own: Int32Array };

/** Both sides lose the same block, so that their common fluctuations do not count as error. */
function entropyChange(
  { images, rows }: Images,
  { originals, own }: Originals,
  { estimator, correction }: Settings,
) {
  const bounds = blockBounds(own.length);
  const times = rows.length / own.length;
  const settings = { name: estimator, correction };
  const imageBounds = bounds.map((bound) => times * bound);
  const image = jackknifedEntropy(countBlocks(images, settings, rows, imageBounds));
  const original = jackknifedEntropy(countBlocks(originals, settings, own, bounds));
  const changes = image.leftOut.map((entropy, b) => entropy - original.leftOut[b]!);
  return {
    entropy_change: image.all - original.all,
    entropy_change_se: defined(jackknifeError(changes)),
    entropy: image.all,
    entropy_original: original.all,
    windows: rows.length * images.side * images.side,
    windows_original: own.length * originals.side * originals.side,
  };
}

const width = domainQuantities.length;
const [walls, isolated, uniform, wave] = domainQuantities.keys();

function domainChange({ images, rows }: Images, { originals, own }: Originals) {
  const xiAt =
    (from: number, { side }: Sample) =>
    (means: Float64Array) =>
      correlationLength(means[from + uniform!]!, means[from + wave!]!, side);
  const [xi, xiOriginal] = [xiAt(0, images), xiAt(width, originals)];
  const change = (k: number) => (means: Float64Array) => means[k]! - means[width + k]!;
  const statistics = [
    change(isolated!),
    (means: Float64Array) => means[isolated!]!,
    (means: Float64Array) => means[width + isolated!]!,
    change(walls!),
    (means: Float64Array) => means[walls!]!,
    (means: Float64Array) => means[width + walls!]!,
    (means: Float64Array) => xi(means) / xiOriginal(means),
    xi,
    xiOriginal,
  ];
  const pairs = pairQuantities({ images, rows }, { originals, own });
  const measured = jackknifeMeans(pairs, 2 * width, statistics);
  const value = (k: number) => finite(measured[k]!.value);
  const error = (k: number) => finite(measured[k]!.error);
  return {
    isolated_change: measured[0]!.value,
    isolated_change_se: error(0),
    isolated: measured[1]!.value,
    isolated_original: measured[2]!.value,
    walls_change: measured[3]!.value,
    walls_change_se: error(3),
    walls: measured[4]!.value,
    walls_original: measured[5]!.value,
    // u = -2 G(1) = -2 + 4 walls.
    energy_bias: 4 * measured[3]!.value,
    energy_bias_se: finite(4 * measured[3]!.error),
    xi_ratio: value(6),
    xi_ratio_se: error(6),
    xi: value(7),
    xi_original: value(8),
  };
}

/** Row by row: the mean over an original's images, and behind it the original. */
function pairQuantities({ images, rows }: Images, { originals, own }: Originals): Float64Array {
  const [after, before] = [domainsOf(images, rows), domainsOf(originals, own)];
  const times = rows.length / own.length;
  const values = new Float64Array(2 * width * own.length);
  for (let row = 0; row < own.length; row++) {
    for (let k = 0; k < width; k++) {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += after[(row * times + i) * width + k]!;
      values[2 * width * row + k] = sum / times;
      values[2 * width * row + width + k] = before[row * width + k]!;
    }
  }
  return values;
}

/** Row by row. */
function domainsOf(sample: Sample, rows: Int32Array): Float64Array {
  const values = new Float64Array(rows.length * width);
  let at = 0;
  for (const piece of piecesOf(sample, rows)) {
    const measured = measureDomains(piece, sample.side);
    values.set(measured, at);
    at += measured.length;
  }
  return values;
}

/** Null where there is no such number: no domain wall, no correlation length. */
function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}

/** The tables of the `weights` node, row by row. Knows neither parameters' limits nor ports. */
import { distanceShells } from "../../lattice/correlation/lags.ts";
import { squareSide } from "../../lattice/correlation/rows.ts";
import { type Layer, parameterSizes } from "../../learn/model.ts";
import type { Generator } from "../../random/generator.ts";
import { blockFactor, matchedBlockShares, ownBlockShares } from "../../statistics/block-share.ts";
import { gyrationRadius, gyrationRadiusUniform } from "../../statistics/locality.ts";
import {
  gini,
  giniGaussian,
  hoyer,
  hoyerGaussian,
  nearZeroShare,
  participationRatio,
  participationRatioGaussian,
} from "../../statistics/sparsity.ts";
import { averaged, defined } from "../shared/tables.ts";

/** A layer's kernel, and the lattice that its units look at. */
export interface Kernel {
  readonly name: string;
  readonly kernel: Float32Array;
  /** Rows and columns of W. */
  readonly outputs: number;
  readonly inputs: number;
  /** The side of the lattice; undefined if the inputs are not one. */
  readonly side: number | undefined;
}

/**
 * The kernel of a layer whose inputs have this shape; undefined if it has no weights. The small kernel of
 * a convolution looks at a window, which is not a lattice.
 */
export function kernelOf(layer: Layer, shape?: readonly number[]): Kernel | undefined {
  const { name, kernel, kind } = layer;
  const { rows: outputs, columns: inputs } = parameterSizes(layer);
  if (kernel.length === 0) return undefined;
  const side = kind === "dense" ? squareSide(inputs, shape) : undefined;
  return { name, kernel, outputs, inputs, side };
}

/** One row a unit. */
export function unitRows({ name, kernel, inputs, outputs, side }: Kernel, epsilon: number) {
  const factor = side ? blockFactor(inputs, outputs) : undefined;
  const own = factor ? ownBlockShares({ kernel, side: side! }, factor) : undefined;
  const matched = factor ? matchedBlockShares({ kernel, side: side! }, factor) : undefined;
  return Array.from({ length: outputs }, (_, unit) => {
    const row = kernel.subarray(unit * inputs, (unit + 1) * inputs);
    const norm = Math.sqrt(row.reduce((sum, w) => sum + w * w, 0));
    return {
      layer: name,
      unit,
      norm,
      hoyer: defined(hoyer(row)),
      gini: defined(gini(row)),
      participation_ratio: defined(participationRatio(row)),
      l0: defined(nearZeroShare(row, epsilon)),
      gyration_radius: side ? defined(gyrationRadius(row, side)) : null,
      block_share: own && norm > 0 ? own[unit]! : null,
      block_share_matched: matched && norm > 0 ? matched[unit]! : null,
    };
  });
}

/** The layer's row; `random` shuffles sites for the null of the block share. */
export function layerRow(
  layer: Kernel,
  units: ReturnType<typeof unitRows>,
  { shuffles, random }: { shuffles: number; random: Generator },
) {
  const { name, kernel, inputs, outputs, side } = layer;
  const factor = side ? blockFactor(inputs, outputs) : undefined;
  const nulls = Array.from({ length: factor ? shuffles : 0 }, () => {
    const shuffled = { kernel: shuffledWithin(kernel, inputs, random), side: side! };
    const shares = matchedBlockShares(shuffled, factor!);
    return averaged(units.map(({ norm }, a) => (norm > 0 ? shares[a]! : null)));
  });
  return {
    layer: name,
    units: outputs,
    inputs,
    hoyer: defined(hoyer(kernel)),
    hoyer_gaussian: hoyerGaussian,
    gini: defined(gini(kernel)),
    gini_gaussian: giniGaussian,
    participation_ratio: averaged(units.map((unit) => unit.participation_ratio)),
    participation_ratio_gaussian: participationRatioGaussian(inputs),
    l0: averaged(units.map((unit) => unit.l0)),
    gyration_radius: averaged(units.map((unit) => unit.gyration_radius)),
    gyration_radius_uniform: side ? gyrationRadiusUniform(side) : null,
    block_share: averaged(units.map((unit) => unit.block_share)),
    block_share_uniform: factor ? (factor * factor) / inputs : null,
    block_share_matched: averaged(units.map((unit) => unit.block_share_matched)),
    block_share_null: averaged(nulls),
    zero_units: units.filter(({ norm }) => norm === 0).length,
  };
}

/** Each unit's weights in random places, drawn unit by unit. */
function shuffledWithin(kernel: Float32Array, inputs: number, random: Generator): Float32Array {
  const shuffled = kernel.slice();
  for (let at = 0; at < shuffled.length; at += inputs) {
    random.shuffle(shuffled.subarray(at, at + inputs));
  }
  return shuffled;
}

/**
 * One row a distance from each unit's largest weight, on the torus: the share of the squared weight
 * there, a mean over units, and per site; nothing where the inputs are not a square lattice.
 */
export function distanceRows({ name, kernel, inputs, outputs, side }: Kernel) {
  if (!side) return [];
  const { distances, sites, shellOf } = distanceShells(side);
  const shares = new Float64Array(distances.length);
  let units = 0;
  for (let a = 0; a < outputs; a++) {
    const row = kernel.subarray(a * inputs, (a + 1) * inputs);
    const total = row.reduce((sum, w) => sum + w * w, 0);
    if (total === 0) continue;
    const largest = row.reduce((best, w, i) => (Math.abs(w) > Math.abs(row[best]!) ? i : best), 0);
    for (let i = 0; i < inputs; i++) {
      const dy = Math.floor(i / side) - Math.floor(largest / side);
      const dx = (i % side) - (largest % side);
      const from = ((dy + side) % side) * side + ((dx + side) % side);
      shares[shellOf[from]!]! += (row[i]! * row[i]!) / total;
    }
    units++;
  }
  if (units === 0) return [];
  return Array.from(distances, (distance, k) => ({
    layer: name,
    distance,
    sites: sites[k]!,
    share: shares[k]! / units,
    share_uniform: sites[k]! / inputs,
  }));
}

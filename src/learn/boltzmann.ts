/**
 * Restricted Boltzmann machines of spins v, h = -1 and +1:
 * p(v, h) = exp(h W v + b v + c h) / Z (Smolensky 1986; Hinton, Neural Computation 14, 1771 (2002)).
 * Does not know how one is trained.
 */
import { exp, log1p } from "../math/index.ts";
import type { Generator } from "../random/generator.ts";
import type { Layer } from "./model.ts";
import { columnSums, product, tanhOf } from "./wasm/arrays.ts";

export interface Boltzmann {
  readonly visible: number;
  readonly hidden: number;
  /** W, hidden x visible. */
  readonly weights: Float32Array;
  /** c. */
  readonly hiddenBias: Float32Array;
  /** b. */
  readonly visibleBias: Float32Array;
}

/** Mean of every hidden spin, row by row of `v`: <h|v> = tanh(W v + c). */
export function hiddenMeans(machine: Boltzmann, v: Float32Array): Float32Array {
  return tanhOf(hiddenFields(machine, v));
}

function hiddenFields({ weights, visible, hiddenBias }: Boltzmann, v: Float32Array): Float32Array {
  return product(v, weights, visible, { bTransposed: true, bias: hiddenBias });
}

/** <v|h> = tanh(W^T h + b). */
export function visibleMeans(
  { weights, hidden, visibleBias }: Boltzmann,
  h: Float32Array,
): Float32Array {
  return tanhOf(product(h, weights, hidden, { bias: visibleBias }));
}

/** Spins with these means, one random number each, in order. */
export function drawSpins(means: Float32Array, random: Generator): Float32Array {
  return means.map((mean) => (2 * random.float64() - 1 < mean ? 1 : -1));
}

/** `steps` times: all h given v, then all v given h. Returns the last v. */
export function gibbs(
  machine: Boltzmann,
  v: Float32Array,
  steps: number,
  random: Generator,
): Float32Array {
  let spins = v;
  for (let step = 0; step < steps; step++) {
    const h = drawSpins(hiddenMeans(machine, spins), random);
    spins = drawSpins(visibleMeans(machine, h), random);
  }
  return spins;
}

/** Means over rows of h v (hidden x visible), h and v: the terms of the likelihood's gradient. */
export interface Moments {
  readonly product: Float32Array;
  readonly hidden: Float32Array;
  readonly visible: Float32Array;
}

/** The statistics of spins `v` with the means `h` of the hidden units, row by row. */
export function momentsOf(
  { visible, hidden }: Boltzmann,
  v: Float32Array,
  h: Float32Array,
): Moments {
  const count = v.length / visible;
  const mean = (sums: Float32Array) => sums.map((sum) => sum / count);
  return {
    product: mean(product(h, v, count, { aTransposed: true })),
    hidden: mean(columnSums(h, hidden)),
    visible: mean(columnSums(v, visible)),
  };
}

/**
 * F(v) = -b v - sum over a of ln 2 cosh((W v + c)_a), row by row: p(v) = exp(-F(v)) / Z.
 */
export function freeEnergies(machine: Boltzmann, v: Float32Array): Float64Array {
  const { visible, hidden, visibleBias } = machine;
  const count = v.length / visible;
  const fields = hiddenFields(machine, v);
  return Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < visible; i++) sum += visibleBias[i]! * v[row * visible + i]!;
    for (let a = 0; a < hidden; a++) {
      const size = Math.abs(fields[row * hidden + a]!);
      sum += size + log1p(exp(-2 * size));
    }
    return 0 - sum;
  });
}

/** <h|v> as the layer `code`, <v|h> as the layer `image`: the mean field of one Gibbs step. */
export function boltzmannLayers(machine: Boltzmann): readonly [Layer, Layer] {
  const { visible, hidden, weights } = machine;
  const transposed = new Float32Array(weights.length);
  for (let a = 0; a < hidden; a++) {
    for (let i = 0; i < visible; i++) transposed[i * hidden + a] = weights[a * visible + i]!;
  }
  const rest = { kind: "dense", activation: "tanh", frozen: false } as const;
  const code = { ...rest, name: "code", inputs: visible, outputs: hidden };
  const image = { ...rest, name: "image", inputs: hidden, outputs: visible };
  return [
    { ...code, kernel: weights, bias: machine.hiddenBias },
    { ...image, kernel: transposed, bias: machine.visibleBias },
  ];
}

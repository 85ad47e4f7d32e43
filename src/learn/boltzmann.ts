/**
 * Restricted Boltzmann machines of spins v, h = -1 and +1:
 * p(v, h) = exp(h W v + b v + c h) / Z (Smolensky 1986; Hinton, Neural Computation 14, 1771 (2002)).
 * Does not know how one is trained.
 */
import { exp, log1p } from "../math/index.ts";
import type { Generator } from "../random/generator.ts";
import type { Tf } from "./backend/backend.ts";
import { tanhOf } from "./backend/tanh.ts";
import { columnSums, read } from "./layers/operation.ts";
import type { Layer } from "./model.ts";

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

/** The machine as the backend's tensors; the caller's `inScope` disposes them. */
export interface LoadedBoltzmann {
  /** Mean of every hidden spin, row by row of `v`: <h|v> = tanh(W v + c). */
  hiddenMeans(v: Float32Array): Float32Array;
  /** <v|h> = tanh(W^T h + b). */
  visibleMeans(h: Float32Array): Float32Array;
}

export function loadBoltzmann(tf: Tf, machine: Boltzmann): LoadedBoltzmann {
  const { hidden, visible } = machine;
  const weights = tf.tensor2d(machine.weights, [hidden, visible]);
  const [b, c] = [tf.tensor1d(machine.visibleBias), tf.tensor1d(machine.hiddenBias)];
  const rows = (values: Float32Array, width: number) =>
    tf.tensor2d(values, [values.length / width, width]);
  return {
    hiddenMeans(v) {
      const a = rows(v, visible);
      return tanhOf(read(tf.fused.matMul({ a, b: weights, transposeB: true, bias: c })));
    },
    visibleMeans(h) {
      return tanhOf(read(tf.fused.matMul({ a: rows(h, hidden), b: weights, bias: b })));
    },
  };
}

/** Spins with these means, one random number each, in order. */
export function drawSpins(means: Float32Array, random: Generator): Float32Array {
  return means.map((mean) => (2 * random.float64() - 1 < mean ? 1 : -1));
}

/** `steps` times: all h given v, then all v given h. Returns the last v. */
export function gibbs(
  machine: LoadedBoltzmann,
  v: Float32Array,
  steps: number,
  random: Generator,
): Float32Array {
  let spins = v;
  for (let step = 0; step < steps; step++) {
    const h = drawSpins(machine.hiddenMeans(spins), random);
    spins = drawSpins(machine.visibleMeans(h), random);
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
  tf: Tf,
  { visible, hidden }: Boltzmann,
  v: Float32Array,
  h: Float32Array,
): Moments {
  const count = v.length / visible;
  const mean = (sums: Float32Array) => sums.map((sum) => sum / count);
  const [left, right] = [tf.tensor2d(h, [count, hidden]), tf.tensor2d(v, [count, visible])];
  return {
    product: mean(read(tf.matMul(left, right, true, false))),
    hidden: mean(columnSums(h, hidden)),
    visible: mean(columnSums(v, visible)),
  };
}

/**
 * F(v) = -b v - sum over a of ln 2 cosh((W v + c)_a), row by row: p(v) = exp(-F(v)) / Z.
 */
export function freeEnergies(tf: Tf, machine: Boltzmann, v: Float32Array): Float64Array {
  const { visible, hidden, visibleBias } = machine;
  const count = v.length / visible;
  const fields = read(
    tf.fused.matMul({
      a: tf.tensor2d(v, [count, visible]),
      b: tf.tensor2d(machine.weights, [hidden, visible]),
      transposeB: true,
      bias: tf.tensor1d(machine.hiddenBias),
    }),
  );
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

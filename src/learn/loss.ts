/** Losses with their gradients, as means over batch and outputs. Knows nothing of layers. */
import { log } from "../math/index.ts";
import type { Activation, Loss, Model } from "./model.ts";

/** Probabilities nearer to 0 or 1 than this count as this near, so that the loss stays finite. */
const smallest = 1e-7;

/**
 * The loss of outputs `y` for targets `t`, two arrays of equal length.
 *
 * `mse`: mean of (y - t)^2. `bce`: mean of -(q ln p + (1 - q) ln(1 - p)) in nats, where the
 * target's probability of spin +1 is q = (1 + t)/2 with t in [-1, 1], and the network's is
 * p = (1 + y)/2 after tanh and p = y after sigmoid.
 */
export function lossOf(loss: Loss, last: Activation, y: Float32Array, t: Float32Array): number {
  let sum = 0;
  if (loss === "mse") {
    for (let i = 0; i < y.length; i++) sum += (y[i]! - t[i]!) * (y[i]! - t[i]!);
    return sum / y.length;
  }
  for (let i = 0; i < y.length; i++) {
    const p = Math.min(1 - smallest, Math.max(smallest, probability(last, y[i]!)));
    const q = (1 + t[i]!) / 2;
    sum -= (q === 0 ? 0 : q * log(p)) + (q === 1 ? 0 : (1 - q) * log(1 - p));
  }
  return sum / y.length;
}

/**
 * The gradient of `lossOf`: for `mse` with respect to the outputs; for `bce` with respect to what
 * enters the last activation, where it is finite although ln p is not.
 */
export function lossGradient(
  loss: Loss,
  last: Activation,
  y: Float32Array,
  t: Float32Array,
): Float32Array {
  const n = y.length;
  const gradient = new Float32Array(n);
  // bce: for p = 1/(1 + exp(-c z)), dL/dz = c (p - q), where c = 1; tanh z is 2p - 1 with c = 2.
  if (loss === "bce" && last === "sigmoid") {
    for (let i = 0; i < n; i++) gradient[i] = (y[i]! - (1 + t[i]!) / 2) / n;
  } else {
    const factor = (loss === "mse" ? 2 : 1) / n;
    for (let i = 0; i < n; i++) gradient[i] = factor * (y[i]! - t[i]!);
  }
  return gradient;
}

/**
 * The outputs as numbers that compare with spins: probabilities of a sigmoid trained by `bce`
 * become means 2p - 1; all else stays. Returns its argument or a new array.
 */
export function asSpins(loss: Model["loss"], last: Activation, y: Float32Array): Float32Array {
  return loss === "bce" && last === "sigmoid" ? y.map((p) => 2 * p - 1) : y;
}

function probability(last: Activation, y: number): number {
  return last === "sigmoid" ? y : (1 + y) / 2;
}

/** Losses with their gradients, as means over batch and outputs. Knows nothing of layers. */
import { log } from "../../math/index.ts";
import type { Activation, Loss, Model } from "../model.ts";

/** Probabilities are kept this far from 0 and 1, so that the loss stays finite. */
const smallest = 1e-7;

/**
 * The loss of outputs `y` for targets `t`, two arrays of equal length.
 *
 * `mse`: mean of (y - t)^2. `bce`: mean of -(q ln p + (1 - q) ln(1 - p)) in nats, where the
 * target's probability of spin +1 is q = (1 + t)/2 with t in [-1, 1], and the network's is
 * p = (1 + y)/2 after tanh and p = y after sigmoid.
 */
export function lossOf(loss: Loss, last: Activation, y: Float32Array, t: Float32Array): number {
  return loss === "mse" ? squared(y, t) : crossEntropy(last, y, t);
}

/**
 * `lossOf` with its gradient. For `mse` it is the gradient with respect to the outputs; for `bce`, with
 * respect to the input of the last activation, where it stays finite although ln p does not.
 */
export function lossWithGradient(
  loss: Loss,
  last: Activation,
  y: Float32Array,
  t: Float32Array,
): { readonly value: number; readonly gradient: Float32Array } {
  const n = y.length;
  if (loss === "mse") {
    return { value: squared(y, t), gradient: y.map((value, i) => (2 / n) * (value - t[i]!)) };
  }
  // For p = 1/(1 + exp(-c z)), dL/dz = c (p - q), where c = 1; tanh z is 2p - 1 with c = 2.
  const gradient =
    last === "sigmoid"
      ? y.map((p, i) => (p - (1 + t[i]!) / 2) / n)
      : y.map((mean, i) => (1 / n) * (mean - t[i]!));
  return { value: crossEntropy(last, y, t), gradient };
}

function squared(y: Float32Array, t: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += (y[i]! - t[i]!) * (y[i]! - t[i]!);
  return sum / y.length;
}

function crossEntropy(last: Activation, y: Float32Array, t: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const p = Math.min(1 - smallest, Math.max(smallest, probability(last, y[i]!)));
    const q = (1 + t[i]!) / 2;
    sum -= (q === 0 ? 0 : q * log(p)) + (q === 1 ? 0 : (1 - q) * log(1 - p));
  }
  return sum / y.length;
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

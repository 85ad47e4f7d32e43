/** Activation functions with their derivatives, in the kernel's memory. Knows nothing of layers. */
import type { Activation } from "../model.ts";
import { kernel, padded } from "./kernel.ts";

const functions: Readonly<Record<Activation, (z: number, count: number, y: number) => void>> = {
  linear() {},
  tanh: kernel.tanh,
  relu: kernel.relu,
  sigmoid: kernel.sigmoid,
  sign: (z, count, y) => kernel.sign(z, y, count),
};

/** y = activation(z) for `numbers` numbers. Only for `sign` may y lie elsewhere than z. */
export function activate(activation: Activation, z: number, numbers: number, y: number): void {
  functions[activation](z, padded(numbers), y);
}

const derivatives: Readonly<
  Record<Activation, (gradient: number, z: number, y: number, count: number) => void>
> = {
  linear() {},
  tanh: (gradient, _, y, count) => kernel.throughTanh(gradient, y, count),
  relu: (gradient, _, y, count) => kernel.throughRelu(gradient, y, count),
  sigmoid: (gradient, _, y, count) => kernel.throughSigmoid(gradient, y, count),
  sign: (gradient, z, _, count) => kernel.throughSign(gradient, z, count),
};

/** dL/dz from dL/dy, in place. */
export function toPreactivation(
  activation: Activation,
  gradient: number,
  z: number,
  y: number,
  numbers: number,
): void {
  derivatives[activation](gradient, z, y, padded(numbers));
}

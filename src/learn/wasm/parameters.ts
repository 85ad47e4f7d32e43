/** Where the parameters of layers lie in the kernel's memory. Knows no batch. */
import { type Layer, parametersOf } from "../model.ts";
import { padded } from "./kernel.ts";
import { type Room, view } from "./memory.ts";

/** Addresses of a layer's parameters, or of as many other numbers, such as their gradients. */
export interface Parameters {
  readonly kernel: number;
  readonly bias: number;
}

/** Room for the parameters of several layers, one behind the other, or for as many other numbers. */
export interface ParameterRoom {
  readonly at: number;
  /** Numbers, with the zeros between arrays. */
  readonly count: number;
  of(layer: Layer): Parameters | undefined;
}

export function parameterRoom(layers: readonly Layer[], here: Room): ParameterRoom {
  const sizes = layers.map(({ kernel, bias }) => padded(kernel.length) + padded(bias.length));
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const at = here.floats(count);
  const places = new Map<Layer, Parameters>();
  let next = at;
  for (const [i, layer] of layers.entries()) {
    places.set(layer, { kernel: next, bias: next + 4 * padded(layer.kernel.length) });
    next += 4 * sizes[i]!;
  }
  return { at, count, of: (layer) => places.get(layer) };
}

/** An array, and the address of its numbers. */
export interface Twin {
  readonly array: Float32Array;
  readonly at: number;
}

/** A layer's arrays, or others in the same order, with their addresses. */
export function twinsOf(
  layer: Layer,
  { kernel, bias }: Parameters,
  arrays: readonly Float32Array[] = parametersOf(layer),
): Twin[] {
  const [weights, biases] = arrays as [Float32Array, Float32Array];
  return [
    { array: weights, at: kernel },
    { array: biases, at: bias },
  ];
}

export function bringIn(twins: readonly Twin[]): void {
  for (const { array, at } of twins) view(at, array.length).set(array);
}

export function bringOut(twins: readonly Twin[]): void {
  for (const { array, at } of twins) array.set(view(at, array.length));
}

/** This layer's own WebAssembly, and the memory in which it works. Knows no network. */
import { createMemory, instantiate, type Memory } from "../../math/index.ts";

/** Addresses are in bytes; see `assembly/` for what each function does. */
interface Kernel {
  tanh(at: number, count: number): void;
  adam(
    ...arguments_: [
      ...arrays: [parameters: number, gradient: number, first: number, second: number],
      count: number,
      ...numbers: [rate: number, beta1: number, beta2: number, correction: number, epsilon: number],
    ]
  ): void;
  squaredErrors(y: number, t: number, count: number, factor: number): number;
  throughTanh(gradient: number, y: number, count: number): void;
  columnSums(values: number, rows: number, columns: number): void;
  energies(x: number, rows: number, side: number, out: number): void;
  energyGradients(x: number, rows: number, side: number, factors: number, out: number): void;
  product(
    ...arguments_: [
      ...matrices: [a: number, b: number, bias: number, c: number],
      ...sizes: [m: number, n: number, k: number],
      ...[aTransposed: boolean, bTransposed: boolean],
      work: number,
    ]
  ): void;
}

interface Workplace {
  readonly kernel: Kernel;
  readonly memory: Memory;
  /** Returns the address of so many bytes, which are never freed. */
  allocate(bytes: number): number;
  /** What `lend` has allocated. */
  region: { readonly address: number; readonly bytes: number };
}

let workplace: Workplace | undefined;

/** From now on the kernel works in this memory; its owner hands out parts through `allocate`. */
export function workIn(memory: Memory, allocate: (bytes: number) => number): Kernel {
  const kernel = instantiate("learn", memory) as unknown as Kernel;
  workplace = { kernel, memory, allocate, region: { address: 0, bytes: 0 } };
  return kernel;
}

function currentWorkplace(): Workplace {
  if (!workplace) {
    const memory = createMemory();
    workIn(memory, (bytes) => 65_536 * memory.grow(Math.ceil(bytes / 65_536)));
  }
  return workplace!;
}

export function kernel(): Kernel {
  return currentWorkplace().kernel;
}

/** An array in the kernel's memory. */
export interface Lent {
  readonly at: number;
  readonly view: Float32Array;
}

/**
 * Copies arrays into the kernel's memory, one behind the other, each on a multiple of 16 bytes with
 * zeros behind it. The views hold until the next call.
 */
export function lend(arrays: readonly Float32Array[]): Lent[] {
  const place = currentWorkplace();
  let needed = 0;
  for (const { length } of arrays) needed += 4 * padded(length);
  if (needed > place.region.bytes) {
    const bytes = Math.max(needed, 2 * place.region.bytes);
    place.region = { address: 16 * Math.ceil(place.allocate(bytes + 16) / 16), bytes };
  }
  let at = place.region.address;
  return arrays.map((array) => {
    // The memory may have grown since the last call.
    const lent = { at, view: new Float32Array(place.memory.buffer, at, padded(array.length)) };
    lent.view.set(array);
    lent.view.fill(0, array.length);
    at += lent.view.byteLength;
    return lent;
  });
}

function padded(length: number): number {
  return 4 * Math.ceil(length / 4);
}

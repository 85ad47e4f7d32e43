/** This layer's own WebAssembly. Knows no network. */
import { instantiate } from "../../math/index.ts";
import { memory, room, view } from "./memory.ts";

type Count = number;
type Address = number;

/** See `assembly/` for what each function does. */
interface Kernel {
  tanh(at: Address, count: Count): void;
  sigmoid(at: Address, count: Count): void;
  relu(at: Address, count: Count): void;
  sign(z: Address, out: Address, count: Count): void;
  throughTanh(gradient: Address, y: Address, count: Count): void;
  throughSigmoid(gradient: Address, y: Address, count: Count): void;
  throughRelu(gradient: Address, y: Address, count: Count): void;
  throughSign(gradient: Address, z: Address, count: Count): void;
  squaredErrors(y: Address, t: Address, gradient: Address, count: Count, factor: number): number;
  crossEntropy(
    ...arguments_: [
      ...arrays: [y: Address, t: Address, gradient: Address],
      count: Count,
      ...numbers: [scale: number, shift: number, factor: number],
    ]
  ): number;
  adam(
    ...arguments_: [
      ...arrays: [parameters: Address, gradient: Address, first: Address, second: Address],
      count: Count,
      ...numbers: [
        ...[rate: number, fresh1: number, fresh2: number],
        ...[correction: number, epsilon: number],
      ],
    ]
  ): void;
  sgd(
    ...arguments_: [
      ...arrays: [parameters: Address, gradient: Address, velocity: Address],
      ...numbers: [count: Count, rate: number, momentum: number],
    ]
  ): void;
  penalize(gradient: Address, weights: Address, count: Count, l1: number, l2: number): void;
  addProducts(values: Address, rows: Count, width: Count, sums: Address): void;
  columnSums(values: Address, rows: Count, columns: Count, out: Address): void;
  repeat(line: Address, rows: Count, columns: Count, to: Address): void;
  energies(x: Address, rows: Count, side: Count, out: Address): void;
  energyGradients(x: Address, rows: Count, side: Count, factors: Address, out: Address): void;
  unpackSpins(bits: Address, bytes: Count, to: Address): void;
  packSpins(values: Address, count: Count, threshold: number, bits: Address): void;
  compareRows(
    ...arguments_: [
      ...arrays: [image: Address, flipped: Address, spins: Address],
      ...sizes: [rows: Count, width: Count],
      out: Address,
    ]
  ): void;
  gather(...arguments_: WindowArguments): void;
  scatter(...arguments_: WindowArguments): void;
  product(
    ...arguments_: [
      ...matrices: [a: Address, b: Address, bias: Address, c: Address],
      ...sizes: [m: Count, n: Count, k: Count],
      ...how: [aTransposed: boolean, bTransposed: boolean, adds: boolean],
      work: Address,
    ]
  ): void;
  workBytes(): number;
}

type WindowArguments = [
  ...[from: Address, rows: Count, size: Count],
  ...[index: Address, cells: Count, channels: Count],
  to: Address,
];

export const kernel = instantiate("learn", memory) as unknown as Kernel;

/** Where every product works. */
export const work = room().floats(kernel.workBytes() / 4);

/** An array in the kernel's memory. */
export interface Lent {
  readonly at: Address;
  /** The numbers, with the zeros behind them, up to a multiple of 16. */
  readonly view: Float32Array;
}

/** Copies arrays into the kernel's memory while `act` runs, which must take no room there. */
export function lend<T>(arrays: readonly Float32Array[], act: (...lent: Lent[]) => T): T {
  const place = room();
  try {
    const addresses = arrays.map(({ length }) => place.floats(length));
    const lent = arrays.map((array, i) => {
      const numbers = view(addresses[i]!, padded(array.length));
      numbers.set(array);
      return { at: addresses[i]!, view: numbers };
    });
    return act(...lent);
  } finally {
    place.release();
  }
}

export function padded(count: number): number {
  return 16 * Math.ceil(count / 16);
}

/** The lattice layer's WebAssembly kernels with their signatures. Pointers are byte offsets. */
import { instantiate } from "../math/index.ts";
import { allocatedBytes } from "./limits.ts";

/** See `assembly/` for what each does; counts come back as exact numbers, and go in below 2^31. */
export interface LatticeKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  allocate(bytes: number): number;
  fill(generator: number, out: number, count: number): void;
  sweepLocal(
    spins: number,
    size: number,
    stride: number,
    sweeps: number,
    isMetropolis: boolean,
    thresholds: number,
    generator: number,
  ): number;
  scatter(spins: number, sites: number, generator: number): void;
  wolff(
    spins: number,
    size: number,
    flips: number,
    threshold: bigint,
    generator: number,
    work: number,
  ): number;
  swendsenWang(
    spins: number,
    size: number,
    sweeps: number,
    threshold: bigint,
    generator: number,
    work: number,
  ): number;
  countBits(columns: number, count: number, words: number, out: number): void;
  countUnequal(
    x: number,
    columnsOfX: number,
    y: number,
    columnsOfY: number,
    words: number,
    out: number,
  ): void;
  transpose(rows: number, count: number, width: number, out: number, work: number): void;
  translate(rows: number, count: number, size: number, dy: number, dx: number, out: number): void;
  decimate(
    rows: number,
    count: number,
    size: number,
    factor: number,
    out: number,
    work: number,
  ): void;
  majority(
    rows: number,
    count: number,
    size: number,
    factor: number,
    ties: number,
    out: number,
    tieRows: number,
    tieBytes: number,
    work: number,
  ): void;
  decimateByTwo(rows: number, count: number, size: number, out: number): void;
  majorityByTwo(
    rows: number,
    count: number,
    size: number,
    ties: number,
    out: number,
    tieRows: number,
    tieBytes: number,
  ): void;
  breakTies(
    ties: number,
    coins: number,
    tieBytes: number,
    count: number,
    blocks: number,
    out: number,
  ): void;
  measureDomains(rows: number, count: number, size: number, out: number, work: number): void;
  countUnequalPairs(
    rows: number,
    count: number,
    size: number,
    displacements: number,
    offsets: number,
    out: number,
    work: number,
  ): void;
  countPatterns(
    rows: number,
    count: number,
    size: number,
    parts: number,
    together: number,
    wide: number,
    single: number,
    work: number,
  ): void;
  leaveOutBit(cells: number, bits: number, bit: number, out: number): void;
  correlate(
    units: number,
    side: number,
    n: number,
    products: number,
    left: number,
    sites: number,
    codes: number,
    shellOf: number,
    shells: number,
    raw: number,
    connected: number,
    totals: number,
    profile: number,
  ): void;
  addSpectra(
    rows: number,
    count: number,
    size: number,
    roots: number,
    spectrum: number,
    work: number,
  ): void;
  sumProducts(spectra: number, size: number, roots: number, work: number): void;
  packBytes(spins: number, sites: number, out: number): void;
  packLanes(spins: number, sites: number, out: number, stride: number): void;
  measureRows(
    rows: number,
    count: number,
    stride: number,
    size: number,
    energies: number,
    magnetizations: number,
  ): void;
}

/** A fresh instance, with its own memory of up to 4 GiB. */
export function createKernel(): LatticeKernel {
  const kernel = instantiate("lattice") as unknown as LatticeKernel;
  // From 2 GiB on an address comes as a negative number.
  return { ...kernel, allocate: (bytes) => kernel.allocate(bytes) >>> 0 };
}

/**
 * Calls `move` with parts of a count of steps, each over so many sites, and adds up what it returns.
 * V8 replaces code by optimized code between calls and not within one: a call of a millisecond or two
 * keeps long burn-ins from running in slow code. Kernels take counts below 2^31.
 */
export function inParts(count: number, sites: number, move: (part: number) => number): number {
  const most = Math.max(1, Math.floor(sitesAtOnce / sites));
  let sum = 0;
  for (let left = count; left > 0; left -= most) sum += move(Math.min(left, most));
  return sum;
}

const sitesAtOnce = 2 ** 15;

let shared: LatticeKernel | undefined;
let [address, capacity] = [0, 0];

/** The instance that measures share, with room for so many bytes, not zeroed, until the next call. */
export function borrowKernel(bytes: number): { kernel: LatticeKernel; at: number } {
  shared ??= createKernel();
  if (bytes > capacity) {
    const size = Math.max(bytes, Math.min(2 * capacity, allocatedBytes));
    address = shared.allocate(size);
    capacity = size;
  }
  return { kernel: shared, at: address };
}

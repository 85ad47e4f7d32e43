// The WebAssembly kernels of the lattice layer. Every instance has its own memory.
export { countBits, countUnequal, transpose } from "./bits";
export { breakTies, decimate, decimateByTwo, majority, majorityByTwo, translate } from "./blocks";
export { scatter, swendsenWang, wolff } from "./clusters";
export { measureDomains } from "./domains";
export { addSpectra, sumProducts } from "./fourier";
export { sweepLocal } from "./local";
export { correlate } from "./hidden";
export { countUnequalPairs } from "./pairs";
export { countPatterns, leaveOutBit } from "./patterns";
export { fill } from "./random";
export { measureRows, packBytes, packLanes } from "./rows";

/** Zeroed memory, 16-byte aligned, for as long as the instance lives. */
export function allocate(bytes: usize): usize {
  const pointer = heap.alloc(bytes);
  memory.fill(pointer, 0, bytes);
  return pointer;
}

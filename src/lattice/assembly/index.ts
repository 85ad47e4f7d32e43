// The WebAssembly kernels of the lattice layer. Every instance has its own memory.
export { countUnequal } from "./bits";
export { scatter, swendsenWang, wolff } from "./clusters";
export { sweepLocal } from "./local";
export { countPatterns } from "./patterns";
export { fill } from "./random";
export { measureRows, packBytes, packLanes } from "./rows";

/** Zeroed memory, 16-byte aligned, for as long as the instance lives. */
export function allocate(bytes: usize): usize {
  const pointer = heap.alloc(bytes);
  memory.fill(pointer, 0, bytes);
  return pointer;
}

// The WebAssembly kernel of the statistics layer. Every instance has its own memory.
export { deflatedSize } from "./deflate";

/** Memory, 16-byte aligned, for as long as the instance lives; zeroed. */
export function allocate(bytes: usize): usize {
  const pointer = heap.alloc(bytes);
  memory.fill(pointer, 0, bytes);
  return pointer;
}

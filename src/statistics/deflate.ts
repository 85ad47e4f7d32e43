/** The size of a compressed stream, by our own WebAssembly. Knows nothing of what the bytes are. */
import { instantiate } from "../math/index.ts";

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  allocate(bytes: number): number;
  deflatedSize(data: number, size: number): number;
}

let kernel: Kernel | undefined;
let [address, capacity] = [0, 0];

/**
 * Bytes after deflate (RFC 1951) at level 9, without a header: to the byte what the library fflate makes of
 * them with memory 8, which takes new memory of 2 MiB for every stream, however short.
 */
export function deflatedSize(bytes: Uint8Array): number {
  kernel ??= instantiate("statistics") as unknown as Kernel;
  if (bytes.length > capacity) {
    capacity = Math.max(bytes.length, 2 * capacity);
    address = kernel.allocate(capacity);
  }
  new Uint8Array(kernel.memory.buffer, address, bytes.length).set(bytes);
  return kernel.deflatedSize(address, bytes.length);
}

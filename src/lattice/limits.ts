/** How much samplers and kernels can hold at once. Loads no kernel, so that checking is quick. */
import { constants } from "node:buffer";

/** Bytes that a kernel can address, and that it allocates at once, less what lies beside. */
const kernelBytes = 2 ** 32 - 2 ** 20;
export const allocatedBytes = 2 ** 30 - 2 ** 10;

/** Chains of a block of local updates, which are moved together: the bits of a 128-bit word. */
export const LANES = 128;

/** Room for a lattice, in bits or bytes: whole 128-bit words. */
export function strideOf(size: number): number {
  return 16 * Math.ceil((size * size) / 16);
}

/** Chains of local updates: one byte of each goes with a 128-bit word of their block. */
export function mostLocalChains(size: number): number {
  return LANES * Math.floor(allocatedBytes / ((LANES * strideOf(size)) / 8));
}

/** Bytes that cluster updates of one chain at a time need: two numbers and two bonds a site. */
export function clusterWorkBytes(size: number): number {
  return 8 * size * size + 32 * Math.ceil((size * size) / LANES) + 16;
}

/** Chains of cluster updates: a byte a site and the bits to be read, beside what one of them needs. */
export function mostClusterChains(size: number): number {
  const stride = strideOf(size);
  const own = stride + stride / 8 + 128;
  const together = Math.floor((kernelBytes - clusterWorkBytes(size)) / own);
  return Math.min(together, Math.floor(allocatedBytes / (stride / 8)));
}

/** Configurations in one table: bits in one array, numbered by int32. */
export function mostSamples(size: number): number {
  return Math.min(2 ** 31 - 1, Math.floor((8 * constants.MAX_LENGTH) / (size * size)));
}

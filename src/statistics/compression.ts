/**
 * How far a stream of bytes can be compressed, against the two ends of the scale. A dependency does
 * the compressing: it is JavaScript without elementary functions, while the zlib that Node is built
 * with gives other sizes on other machines and versions.
 */
import { deflateSync } from "fflate";

/** Bytes after deflate (RFC 1951) at level 9, without a header: the same on every machine. */
export function deflatedSize(bytes: Uint8Array): number {
  // By default the library would choose its memory by a logarithm.
  return deflateSync(bytes, { level: 9, mem: 8 }).length;
}

/** Sizes of a stream of some length, of zeros and of fair random bytes as long. */
export interface CompressedSizes {
  readonly stream: number;
  readonly constant: number;
  readonly random: number;
}

/** (C - C_constant) / (C_random - C_constant): 0 for a constant stream, 1 for a random one. */
export function compressionRatio({ stream, constant, random }: CompressedSizes): number {
  return (stream - constant) / (random - constant);
}

/** How far a stream of bytes can be compressed, against the two ends of the scale. */

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

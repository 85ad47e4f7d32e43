/** The table of the `compression` node, row by row. Knows neither parameters' limits nor ports. */
import { InvalidInput } from "../../engine/node-type.ts";
import { bitAt, byteOf, copyBits, onesOf } from "../../math/bits.ts";
import type { Generator } from "../../random/generator.ts";
import { type CompressedSizes, compressionRatio } from "../../statistics/compression.ts";
import { deflatedSize } from "../../statistics/deflate.ts";
import type { Group } from "../../statistics/groups.ts";
import { blockBounds } from "../../statistics/jackknife.ts";
import { standardError } from "../../statistics/moments.ts";
import { defined } from "./tables.ts";

/** Packed rows of `width` bits. */
export interface BitRows {
  readonly bits: Uint8Array;
  readonly width: number;
}

/** One row a beta; `length` bits of each, by default as many as the beta with the fewest has. */
export function compressionRows(
  source: BitRows,
  betas: readonly Group[],
  { length, referenceOf }: { length?: number | undefined; referenceOf(bits: number): Generator },
) {
  const { width } = source;
  const fewest = Math.min(...betas.map(({ rows }) => rows.length * width));
  const wanted = length ?? fewest;
  const poor = betas.find(({ rows }) => rows.length * width < wanted);
  if (poor) {
    const has = poor.rows.length * width;
    const message = `has ${has} bits at beta ${poor.value}, fewer than ${wanted}`;
    throw new InvalidInput("configurations", message);
  }
  const ends = references(referenceOf);
  const measure = (rows: Int32Array, bits: number): CompressedSizes => ({
    stream: deflatedSize(streamOf(source, rows, bits)),
    ...ends(bits),
  });
  return betas.map(({ value: beta, rows: all }) => {
    const rows = all.subarray(0, Math.ceil(wanted / width));
    const bounds = blockBounds(rows.length);
    const blocks = bounds.slice(1).map((end, b) => {
      const part = rows.subarray(bounds[b]!, end);
      return compressionRatio(measure(part, part.length * width));
    });
    const sizes = measure(rows, wanted);
    if (sizes.random <= sizes.constant) {
      const message = `has too few bits at beta ${beta} to be compressed: ${wanted}`;
      throw new InvalidInput("configurations", message);
    }
    return {
      beta,
      ratio: compressionRatio(sizes),
      ratio_se: defined(standardError(blocks)),
      bits: wanted,
      bytes: sizes.stream,
      bytes_constant: sizes.constant,
      bytes_random: sizes.random,
      configurations: rows.length,
    };
  });
}

/**
 * Each row times the sign of its sum, or of its first spin where that is 0: of a row and its negative
 * the same one is left. Of an ensemble in which both are as likely this takes ln 2 of entropy, one bit,
 * from every row, whatever its length.
 */
export function alignedRows({ bits, width }: BitRows, rows: number): BitRows {
  const aligned = bits.slice();
  const isOfBytes = width % 8 === 0;
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    const [from, to] = [byteOf(start), byteOf(start + width)];
    let up = 0;
    if (isOfBytes) for (let at = from; at < to; at++) up += onesOf[bits[at]!]!;
    else for (let i = 0; i < width; i++) up += bitAt(bits, start + i);
    if (2 * up > width || (2 * up === width && bitAt(bits, start))) continue;
    if (isOfBytes) for (let at = from; at < to; at++) aligned[at]! ^= 0xff;
    else for (let i = start; i < start + width; i++) aligned[byteOf(i)]! ^= 1 << (i & 7);
  }
  return { bits: aligned, width };
}

/** Sizes of a constant and of a random stream of so many bits, each made once. */
function references(referenceOf: (bits: number) => Generator) {
  const known = new Map<number, Omit<CompressedSizes, "stream">>();
  return (bits: number) => {
    let sizes = known.get(bits);
    if (!sizes) {
      const random = referenceOf(bits);
      const coins = Uint8Array.from({ length: Math.ceil(bits / 8) }, () => random.below(256));
      // Bits behind the last are zero, as in the streams.
      if (bits % 8) coins[coins.length - 1]! &= (1 << (bits % 8)) - 1;
      const zeros = new Uint8Array(coins.length);
      sizes = { constant: deflatedSize(zeros), random: deflatedSize(coins) };
      known.set(bits, sizes);
    }
    return sizes;
  };
}

/** The first `length` bits of these rows, one behind the other. */
function streamOf({ bits, width }: BitRows, rows: Int32Array, length: number): Uint8Array {
  const stream = new Uint8Array(Math.ceil(length / 8));
  let at = 0;
  for (const row of rows) {
    const count = Math.min(width, length - at);
    copyBits(bits, row * width, stream, at, count);
    at += count;
  }
  return stream;
}

/**
 * Decompressors for the buffers of Arrow data that other programs wrote (pyarrow compresses with
 * LZ4 by default). Our own chunks are never compressed.
 */
import { decompressLz4 } from "./lz4.ts";

/** The bytes of one buffer, which must be `length`. Throws `Error` if it is damaged. */
export type Decompress = (bytes: Uint8Array, length: number) => Uint8Array;

/** By their numbers in Arrow's format. */
const LZ4_FRAME = 0;
const ZSTD = 1;

/** Bytes before and after together: the decoder has 2 GiB, and does not notice when it is full. */
const ZSTD_MAX = 2 ** 30;

/** Throws `Error` for an unknown codec. */
export async function loadCodec(codec: number): Promise<Decompress> {
  if (codec === LZ4_FRAME) return decompressLz4;
  if (codec !== ZSTD) throw new Error(`it is compressed with an unknown codec (${codec})`);
  const { ZSTDDecoder } = await import("zstddec");
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (bytes, length) => {
    if (bytes.length + length > ZSTD_MAX) {
      throw new Error("a ZSTD buffer is larger than 1 GiB; write several record batches");
    }
    // For a length of 0 the decoder would use the one that the frame states.
    const all = decoder.decode(bytes, Math.max(1, length));
    // The decoder returns nothing for a frame that fails a check, such as its checksum.
    if (all.length !== length) throw new Error("a ZSTD frame is damaged");
    return all;
  };
}

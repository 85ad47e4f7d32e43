/**
 * Decompressors for Arrow data of other programs (pyarrow compresses with LZ4 by default, and
 * apache-arrow brings no codec). Our own chunks are never compressed.
 */
import { CompressionType, compressionRegistry } from "apache-arrow";
import * as zstd from "fzstd";
import * as lz4 from "lz4js";

/** Tells apache-arrow of the codecs, unless somebody has; without them it refuses such data. */
export function registerCodecs(): void {
  register(CompressionType.LZ4_FRAME, lz4.decompress);
  register(CompressionType.ZSTD, zstd.decompress);
}

function register(type: CompressionType, decompress: (bytes: Uint8Array) => Uint8Array): void {
  if (compressionRegistry.get(type)) return;
  compressionRegistry.set(type, { decode: (bytes) => Uint8Array.from(decompress(bytes)) });
}

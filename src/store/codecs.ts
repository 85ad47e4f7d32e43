/**
 * Decompressors for Arrow data of other programs (pyarrow compresses with LZ4 by default, and
 * apache-arrow brings no codec). Our own chunks are never compressed.
 */
import { CompressionType, compressionRegistry } from "apache-arrow";

/** Tells apache-arrow of LZ4 and ZSTD, once. */
export async function registerCodecs(): Promise<void> {
  if (compressionRegistry.get(CompressionType.LZ4_FRAME)) return;
  const [lz4, zstd] = await Promise.all([import("lz4js"), import("fzstd")]);
  register(CompressionType.LZ4_FRAME, lz4.decompress);
  register(CompressionType.ZSTD, zstd.decompress);
}

function register(
  type: CompressionType,
  decompress: (bytes: Uint8Array) => ArrayLike<number>,
): void {
  compressionRegistry.set(type, { decode: (bytes) => Uint8Array.from(decompress(bytes)) });
}

/**
 * Decompressors for Arrow data of other programs (pyarrow compresses with LZ4 by default, and
 * apache-arrow brings no codec). Our own chunks are never compressed.
 */
import { CompressionType, compressionRegistry } from "apache-arrow";

/** Modules that may not be installed are named by variables, or the compiler would ask for them. */
const modules = { lz4: "lz4js", zstd: "fzstd" };

type Decompress = (bytes: Uint8Array) => Uint8Array;

/** Tells apache-arrow of the codecs that are there; without them compressed data is refused. */
export async function registerCodecs(): Promise<void> {
  await register(CompressionType.LZ4_FRAME, modules.lz4);
  await register(CompressionType.ZSTD, modules.zstd);
}

async function register(type: CompressionType, name: string): Promise<void> {
  if (compressionRegistry.get(type)) return;
  try {
    const codec = (await import(name)) as { decompress: Decompress };
    compressionRegistry.set(type, { decode: (bytes) => Uint8Array.from(codec.decompress(bytes)) });
  } catch {
    // Not installed.
  }
}

/** Decompresses Parquet pages; ends on damaged ones too. Knows nothing of what is in them. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Compressors } from "hyparquet";
import { ZSTDDecoder } from "zstddec";
import { unpackHadoopLz4, unpackLz4, unpackSnappy } from "./lz-blocks.ts";

/** By the names of codecs in hyparquet. */
export async function loadCodecs(names: ReadonlySet<string>): Promise<Compressors> {
  const zstd = new ZSTDDecoder();
  if (names.has("ZSTD")) await zstd.init();
  return {
    SNAPPY: unpackSnappy,
    LZ4: unpackHadoopLz4,
    LZ4_RAW: unpackLz4,
    GZIP: (bytes, length) => gunzipSync(bytes, { maxOutputLength: Math.max(1, length) }),
    BROTLI: (bytes, length) =>
      brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, length) }),
    // A damaged page gets another length, which hyparquet refuses.
    ZSTD: (bytes, length) => zstd.decode(bytes, length),
  };
}

/** Decompressors of Parquet pages, which end on damaged ones too. Knows nothing of what is in them. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Compressors } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { ZSTDDecoder } from "zstddec";

/** For these codecs, by their names in hyparquet. */
export async function loadCodecs(names: ReadonlySet<string>): Promise<Compressors> {
  const zstd = new ZSTDDecoder();
  if (names.has("ZSTD")) await zstd.init();
  return {
    ...compressors,
    GZIP: (bytes, length) => gunzipSync(bytes, { maxOutputLength: Math.max(1, length) }),
    BROTLI: (bytes, length) =>
      brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, length) }),
    // fzstd, which hyparquet-compressors would take, runs for ever on some damaged pages. Here a
    // damaged page comes out in another length, which hyparquet refuses.
    ZSTD: (bytes, length) => zstd.decode(bytes, length),
  };
}

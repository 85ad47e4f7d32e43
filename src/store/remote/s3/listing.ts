/** Reads a page of ListObjectsV2. Knows no request. */
import type { Listed, Page } from "../transport.ts";

/**
 * @param folder - what precedes the names, such as `prefix/cas/`
 * @param after - the name that the page was asked to come after
 * @returns undefined if the page is not in order, as those of some servers are
 */
export function readPage(xml: string, folder: string, after: string): Page | undefined {
  if (!/<ListBucketResult[\s>]/.test(xml)) return undefined;
  const files = new Map<string, Listed>();
  let last = after;
  for (const [, entry] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const key = decode(textOf("Key", entry!) ?? "");
    if (!key.startsWith(folder)) return undefined;
    const name = key.slice(folder.length);
    // A server that does not know start-after begins anew; one without an order ends anywhere.
    if (name <= last) return undefined;
    last = name;
    const bytes = Number(textOf("Size", entry!));
    // Not of objects in parts, nor of some that are encrypted.
    const [md5] = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f-])/.exec(textOf("ETag", entry!) ?? "") ?? [];
    if (/^[0-9a-f]{64}$/.test(name)) files.set(name, { bytes, md5 });
  }
  const truncated = textOf("IsTruncated", xml) === "true";
  return { files, through: truncated ? last : undefined };
}

const textOf = (tag: string, xml: string) =>
  new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1]?.trim();

/** Names are asked for in the encoding of URLs, which no XML needs to escape further. */
function decode(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

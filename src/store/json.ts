/**
 * Parses JSON that somebody else wrote. Measures it first, since a parser takes memory and stack in
 * proportion to the text. Knows no record.
 */

export interface JsonLimits {
  readonly bytes: number;
  /** Objects and lists inside each other. */
  readonly depth: number;
  /** Members of all objects and lists together. */
  readonly values: number;
}

/** The value and its text, or what is wrong. */
export type Parsed =
  | { readonly value: unknown; readonly text: string }
  | { readonly damage: string };

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

export function parseJson(bytes: Uint8Array, limits: JsonLimits): Parsed {
  const damage = excess(bytes, limits);
  if (damage !== undefined) return { damage };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { value: JSON.parse(text), text };
  } catch {
    return { damage: "it is truncated or not JSON" };
  }
}

/** The limit that the text exceeds, if any. Means nothing for text that is not JSON. */
export function excess(bytes: Uint8Array, limits: JsonLimits): string | undefined {
  if (bytes.length > limits.bytes) return `it has more than ${limits.bytes} bytes`;
  let [depth, values] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) i = endOfText(bytes, i);
    else if (byte === COMMA) values++;
    else if (opening.has(byte)) {
      values++;
      if (++depth > limits.depth) return `it is nested more than ${limits.depth} deep`;
    } else if (closing.has(byte)) depth--;
    if (values > limits.values) return `it has more than ${limits.values} values`;
  }
  return undefined;
}

/** Where the text that begins at a quote ends. */
function endOfText(bytes: Uint8Array, from: number): number {
  for (let i = from + 1; i < bytes.length; i++) {
    if (bytes[i] === BACKSLASH) i++;
    else if (bytes[i] === QUOTE) return i;
  }
  return bytes.length;
}

/**
 * RFC 8785, canonical JSON: sorted keys, no space, shortest numbers. Keys and records of every instance
 * are such texts, so this is written for speed; its test compares it with the package `canonicalize`.
 */

/** As `JSON.stringify`, leaves out what is `undefined`. Throws on NaN, infinities and what JSON lacks. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return textOf(value);
    case "number":
      if (Number.isFinite(value)) return `${value}`;
      throw new Error(`${Number.isNaN(value) ? "NaN" : "Infinity"} is not allowed`);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : ofObject(value as Readonly<Record<string, unknown>>);
    default:
      throw new TypeError("internal error: not a JSON value");
  }
}

/** What JSON writes as it is: printable ASCII without the quote and the backslash. */
const PLAIN = /^[ !#-[\]-~]*$/;

function textOf(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function ofObject(object: Readonly<Record<string, unknown>>): string {
  const { toJSON } = object;
  if (typeof toJSON === "function") return canonicalJson(toJSON.call(object));
  let text = "";
  if (Array.isArray(object)) {
    for (const item of object)
      text += `${text && ","}${isLeftOut(item) ? "null" : canonicalJson(item)}`;
    return `[${text}]`;
  }
  // By code units, as RFC 8785 asks for.
  for (const key of sorted(Object.keys(object))) {
    const item = object[key];
    if (!isLeftOut(item)) text += `${text && ","}${textOf(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}

function sorted(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return keys.sort();
  return keys;
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === "symbol";
}

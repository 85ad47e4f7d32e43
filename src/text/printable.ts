/** Texts of others as text and nothing else, for a terminal. Knows no terminal. */

/** Control characters, what cannot be seen or turns the direction of a line, halves of characters. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r" };

/**
 * The text as one line that a terminal shows and does not obey: `\x1b`, `\n`, `\u202e` are written
 * out. Tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (mark) => {
    if (mark === "\t") return mark;
    const code = mark.codePointAt(0)!;
    const hex = code.toString(16);
    if (code > 0xffff) return `\\u{${hex}}`;
    return (
      short[mark] ?? (code > 0xff ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`)
    );
  });
}

/** The first characters of a text, so many at most; the cut leaves no half of one. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, Math.max(0, length)).replace(/[\ud800-\udbff]$/, "");
}

/** The last characters of a text, so many at most; the cut leaves no half of one. */
export function tailOf(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(text.length - Math.max(0, length)).replace(/^[\udc00-\udfff]/, "");
}

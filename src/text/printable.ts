/** Escapes what a terminal would obey in the texts of others. Knows no terminal. */

/** Control characters, invisible ones, those that turn the direction of a line, halves of characters. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r" };

/**
 * The text as one line that a terminal shows and does not obey: `\x1b`, `\n` and `\u202e` are
 * escaped. Tabs stay.
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

/** At most `length` characters from the start of a text; never half a character. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, Math.max(0, length)).replace(/[\ud800-\udbff]$/, "");
}

/** At most `length` characters from the end of a text; never half a character. */
export function tailOf(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(text.length - Math.max(0, length)).replace(/^[\udc00-\udfff]/, "");
}

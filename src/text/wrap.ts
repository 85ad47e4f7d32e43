/** Breaks texts into lines. */
import { headOf } from "./printable.ts";

/** Breaks a text between words; a word that is too long has a line of its own. */
export function wrap(text: string, width: number, indent = " "): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The same, where nothing may be wider: a word that is too long is cut into pieces. */
export function wrapWithin(text: string, width: number): string[] {
  return wrap(text, width, "").flatMap((line) => {
    const pieces: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const piece = headOf(rest, Math.max(2, width));
      pieces.push(piece);
      rest = rest.slice(piece.length);
    }
    return [...pieces, rest];
  });
}

/** The words in lines of at most `width` characters, if each fits; the separator that ends a line comes on top. */
export function wrapList(words: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + separator.length + word.length <= width) {
      lines[lines.length - 1] = last + separator + word;
    } else lines.push(word);
  }
  const end = separator.trimEnd();
  return lines.map((line, i) => (i === lines.length - 1 ? line : line + end));
}

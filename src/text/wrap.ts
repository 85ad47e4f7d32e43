/** Breaks lists of words into lines. Knows no terminal. */

/** The words in lines of at most `width` characters, if each fits; the separator that ends a line comes on top. */
export function wrap(words: readonly string[], separator: string, width: number): string[] {
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

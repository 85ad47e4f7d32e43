/** A command line as typed, up to the cursor → its words. Knows no command. */

export interface TypedLine {
  /** Without their quotes; the last is the one that is being typed. */
  readonly words: readonly string[];
  /** Whether the last word is within quotes, where a shell breaks it nowhere. */
  readonly quoted: boolean;
}

export function splitLine(line: string): TypedLine {
  const words: string[] = [];
  let word = "";
  let inWord = false;
  let quote = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quote !== "") {
      if (char === quote) quote = "";
      else word += char;
    } else if (char === "'" || char === '"') {
      [quote, inWord, quoted] = [char, true, true];
    } else if (char === "\\" && i + 1 < line.length) {
      word += line[++i]!;
      inWord = true;
    } else if (/\s/.test(char)) {
      if (inWord) words.push(word);
      [word, inWord, quoted] = ["", false, false];
    } else {
      word += char;
      inWord = true;
    }
  }
  return { words: [...words, word], quoted };
}

/** How much of a word bash leaves as it is: it breaks words at these signs, and replaces the last piece. */
export function brokenOff({ words, quoted }: TypedLine): number {
  if (quoted) return 0;
  const word = words.at(-1)!;
  return Math.max(word.lastIndexOf("="), word.lastIndexOf(":")) + 1;
}

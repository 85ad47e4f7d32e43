/** How wide a text is, in the letters of Helvetica and Arial, with some room for wider fonts. */

/** Thousandths of the font size, from the space to the tilde. */
const ascii = [
  ...[278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278],
  ...[556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556],
  ...[1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778],
  ...[667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556],
  ...[333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556],
  ...[556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584],
];
const other = 640;
/** East Asian letters and the like fill a square. */
const full = 1000;
const room = 1.15;

export function widthOf(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    width += ascii[code - 32] ?? (code > 0x2e80 ? full : other);
  }
  return (width / 1000) * fontSize * room;
}

/** The text, cut with an ellipsis where it is wider. */
export function fitText(text: string, fontSize: number, width: number): string {
  if (text === "" || widthOf(text, fontSize) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && widthOf(`${characters.join("")}…`, fontSize) > width) {
    characters.pop();
  }
  return `${characters.join("")}…`;
}

/** What stands around a drawing that is not Vega's: a title, notes and a background. */
import type { Figure } from "../../engine/index.ts";
import type { Look } from "./sketch.ts";
import { escapeXml, headOf } from "./svg.ts";
import { widthOf } from "./text-width.ts";
import { colours, fontFamily } from "./theme.ts";

const margin = 10;

/** On a page, the page itself has the title and the notes. */
export function frame(
  figure: Figure,
  inside: string,
  size: { readonly width: number; readonly height: number },
  notes: readonly string[],
  { theme }: Look,
): string {
  const isPage = theme === "page";
  const head = headOf(figure);
  const said = notes.join("; ");
  const top = isPage ? 0 : said === "" ? 30 : 46;
  const titles = isPage
    ? ""
    : textAt(head, 0, 15, 15, colours["text"]!, { weight: "600" }) +
      textAt(said, 0, 33, 11, colours["muted"]!);
  const least = isPage ? 0 : Math.max(widthOf(head, 16), widthOf(said, 11));
  const width = Math.ceil(Math.max(size.width, least) + 2 * margin);
  const height = Math.ceil(size.height + top + 2 * margin);
  const surface = isPage
    ? ""
    : `<rect width="${width}" height="${height}" fill="${colours["surface"]}"/>`;
  const root = `xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fontFamily}"`;
  const drawing = `<g transform="translate(${margin},${margin + top})">${inside}</g>`;
  return `<svg ${root}>${surface}<g transform="translate(${margin},${margin})">${titles}</g>${drawing}</svg>`;
}

export function textAt(
  content: string,
  x: number,
  y: number,
  size: number,
  fill: string,
  { weight = "400", anchor = "start" } = {},
): string {
  if (content === "") return "";
  const place = `x="${round(x)}" y="${round(y)}" font-size="${size}"`;
  const look = `font-weight="${weight}" text-anchor="${anchor}" fill="${fill}"`;
  return `<text ${place} ${look}>${escapeXml(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

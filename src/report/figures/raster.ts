/** SVG → PNG. Knows nothing of what the picture shows. */
import { Resvg, type ResvgRenderOptions } from "@resvg/resvg-js";

export interface Raster {
  readonly png: Uint8Array;
  /** What is wrong with the picture. */
  readonly warning?: string;
}

const noFont =
  "this machine has no font: the PNG has no text; install one (such as DejaVu Sans), or export SVG";

/**
 * @param scale - pixels of the PNG to one of the SVG
 * @param fonts - files to write with, instead of the machine's
 */
export async function rasterize(
  svg: string,
  { scale = 2, fonts }: { scale?: number; fonts?: readonly string[] } = {},
): Promise<Raster> {
  const font = {
    loadSystemFonts: fonts === undefined,
    ...(fonts ? { fontFiles: [...fonts] } : {}),
    ...{ defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
  };
  const image = new Resvg(svg, { fitTo: { mode: "zoom", value: scale }, font });
  const png = image.render().asPng();
  return !svg.includes("<text") || hasLetters(font) ? { png } : { png, warning: noFont };
}

/** A letter takes no room where there is no font to draw it with. */
function hasLetters(font: NonNullable<ResvgRenderOptions["font"]>): boolean {
  const style = 'font-family="system-ui, sans-serif"';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" ${style}>x</text></svg>`;
  return new Resvg(svg, { font }).getBBox() !== undefined;
}

/** SVG → PNG. Knows nothing of what the picture shows. */
import { Resvg, type ResvgRenderOptions } from "@resvg/resvg-js";

export interface Raster {
  readonly png: Uint8Array;
  /** What is wrong with the picture. */
  readonly warning?: string;
}

const noFont =
  "this machine has no font: the PNG has no text; install one (such as DejaVu Sans), or export SVG";

/** What the rasterizer can hold: beyond it, it would end the process. */
const most = { side: 30_000, pixels: 50_000_000 };
/** Smaller than this nobody could read it. */
const leastScale = 0.25;

/**
 * Throws if the picture has too many pixels.
 *
 * @param scale - pixels of the PNG to one of the SVG; less where that would be too many
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
  const value = Math.min(scale, largestScale(svg));
  const image = new Resvg(svg, { fitTo: { mode: "zoom", value }, font });
  const png = image.render().asPng();
  return !svg.includes("<text") || hasLetters(font) ? { png } : { png, warning: noFont };
}

function largestScale(svg: string): number {
  const { width, height } = new Resvg(svg, { font: { loadSystemFonts: false } });
  const { side, pixels } = most;
  const largest = Math.min(side / width, side / height, Math.sqrt(pixels / (width * height)));
  if (largest >= leastScale) return largest;
  throw new Error(`${width} × ${height} pixels are too many for a PNG; export SVG`);
}

/** A letter takes no room where there is no font to draw it with. */
function hasLetters(font: NonNullable<ResvgRenderOptions["font"]>): boolean {
  const style = 'font-family="system-ui, sans-serif"';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" ${style}>x</text></svg>`;
  return new Resvg(svg, { font }).getBBox() !== undefined;
}

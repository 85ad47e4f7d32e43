/** SVG → PNG. Knows nothing of what the picture shows. */
import { Resvg } from "@resvg/resvg-js";

export interface Raster {
  readonly png: Uint8Array;
  /** What is wrong with the picture. */
  readonly warning?: string;
}

const noFont =
  "this machine has no font: the PNG has no text; install one (such as DejaVu Sans), or export SVG";

/** @param scale - pixels of the PNG to one of the SVG */
export async function rasterize(svg: string, scale = 2): Promise<Raster> {
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      loadSystemFonts: true,
      defaultFontFamily: "DejaVu Sans",
      sansSerifFamily: "DejaVu Sans",
    },
  });
  const png = image.render().asPng();
  return hasFont() || !svg.includes("<text") ? { png } : { png, warning: noFont };
}

let known: boolean | undefined;

/** A letter takes no room where there is no font to draw it with. */
function hasFont(): boolean {
  if (known !== undefined) return known;
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">x</text></svg>';
  known = new Resvg(svg, { font: { loadSystemFonts: true } }).getBBox() !== undefined;
  return known;
}

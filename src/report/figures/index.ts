/**
 * Figures as pictures. What draws, Vega above all, is loaded when the first one is drawn. A figure is
 * made of what is cached: nothing is computed here.
 */
import type { Figure } from "../../engine/index.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { Data, Look, Sketch, Source } from "./sketch.ts";
import { finish } from "./svg.ts";
import { figureColours, recolour } from "./theme.ts";

export type { Look };
export { figureColours };

/** A drawing, with what should be said of it; or why there is none. */
export type Drawn =
  | { readonly svg: string; readonly notes: readonly string[] }
  | { readonly missing: string };

/** A plan, or whatever else knows the record of each instance, by index. */
interface Cached {
  readonly plan: readonly (
    | { readonly record: Pick<StoreRecord, "outputs"> | undefined }
    | undefined
  )[];
  readonly store: Store;
}

/** In letters. One more would make a page slow, and such a picture is no better than a table. */
const mostOnPage = 4_000_000;

export async function drawFigure(
  { plan, store }: Cached,
  figure: Figure,
  look: Look,
): Promise<Drawn> {
  const sources = figure.members.flatMap(({ instance, port, coordinate }): Source[] => {
    const outputs = plan[instance]?.record?.outputs;
    const artifact = outputs && Object.hasOwn(outputs, port) ? outputs[port] : undefined;
    return artifact ? [{ coordinate, artifact }] : [];
  });
  const all = figure.members.length;
  if (sources.length === 0) return { missing: "none of its data has been computed" };
  const partial = sources.length < all ? [`${sources.length} of ${all} instances`] : [];
  try {
    const sketch = await sketchOf(figure, { store, sources, notes: partial }, look);
    const notes = [...new Set([...partial, ...sketch.notes])];
    const svg = finish(sketch.svg, figure);
    if (look.theme === "page" && svg.length > mostOnPage) {
      return {
        missing: `its picture of ${(svg.length / 1e6).toFixed(1)} MB is too large for a page`,
      };
    }
    return { svg: recolour(svg, look.theme), notes };
  } catch (error) {
    // A specification may hold anything: what Vega makes of it is for the person who wrote it.
    return { missing: `it cannot be drawn: ${(error as Error).message}` };
  }
}

async function sketchOf(figure: Figure, data: Data, look: Look): Promise<Sketch> {
  const { body } = figure;
  if (body.kind === "tiles") {
    return (await import("./tiles/index.ts")).drawTiles(figure, body.tiles, data, look);
  }
  if (body.kind === "image") return (await import("./image.ts")).drawImage(figure, data, look);
  return (await import("./view.ts")).drawView(figure, body.spec, data, look);
}

/** A picture of a million letters takes a second or two. */
const pngSeconds = 120;

/** A PNG of an SVG. Warns where this machine has no font to write with; throws if it is too large. */
export const rasterize: typeof import("./raster.ts").rasterize = async (...args) =>
  (await import("./apart.ts")).apart("png", args, pngSeconds);

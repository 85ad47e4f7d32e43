/** Finds the figures that a command names, and draws them. Writes nothing. */
import {
  type Drawn,
  didYouMean,
  drawFigure,
  type Figure,
  type Look,
  type Opened,
  planPipeline,
  rasterize,
  UsageError,
} from "../index.ts";
import { quote } from "../text/quote.ts";

/** Throws `UsageError` for a name that is unknown. */
export function findFigure({ graph }: Opened, name: string): Figure {
  const found = graph.figures.find((figure) => figure.name === name);
  if (found) return found;
  const names = graph.figures.map((figure) => figure.name);
  const hint =
    names.length === 0
      ? 'declare some under "figures:"'
      : (didYouMean(name, names) ?? "blockspin show FILE --figure, without a name, lists them");
  throw new UsageError(`there is no figure ${quote(name)}`, hint);
}

export interface Picture {
  readonly figure: Figure;
  readonly content: string | Uint8Array;
  /** What is to be said of it. */
  readonly notes: readonly string[];
}

/** One after the other; why there is none, for one that cannot be drawn. */
export async function* drawn(
  opened: Opened,
  figures: readonly Figure[],
  format: "svg" | "png",
  look: Look,
): AsyncGenerator<Picture | { readonly figure: Figure; readonly missing: string }> {
  const stages = figures.flatMap(({ members }) => members.map(({ instance }) => instance));
  const names = new Set(stages.map((instance) => opened.graph.instances[instance]!.stage));
  const planning = await planPipeline(opened, [...names]);
  for (const figure of figures) {
    const picture = await drawFigure(planning, figure, look);
    if ("missing" in picture) yield { figure, missing: picture.missing };
    else if (format === "svg") yield { figure, content: picture.svg, notes: picture.notes };
    else {
      yield { figure, ...(await asPng(picture)) };
    }
  }
}

async function asPng({
  svg,
  notes,
}: Extract<Drawn, { svg: string }>): Promise<Omit<Picture, "figure"> | { missing: string }> {
  try {
    const { png, warning } = await rasterize(svg);
    return { content: png, notes: warning ? [...notes, warning] : notes };
  } catch (error) {
    return { missing: `it cannot be drawn: ${(error as Error).message}` };
  }
}

/** The figures, in colours that the page sets: one drawing serves light and dark. */
import type { Figure as Declared, Opened } from "../../../engine/index.ts";
import type { Store } from "../../../store/store.ts";
import { type Drawn, drawFigure } from "../../figures/index.ts";
import type { Known } from "../known.ts";
import type { Figure } from "../model.ts";

/** Drawings by figure and by what they show; a live page draws again only what changed. */
export type Drawings = Map<string, { readonly of: string; readonly drawn: Drawn }>;

export async function figuresIn(
  { graph }: Opened,
  store: Store,
  known: readonly Known[],
  drawings: Drawings,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [i, figure] of graph.figures.entries()) {
    const id = `figure-${i + 1}`;
    const of = contentOf(figure, known);
    const before = drawings.get(id);
    const drawn =
      before?.of === of
        ? before.drawn
        : await drawFigure({ plan: known, store }, figure, { theme: "page" });
    drawings.set(id, { of, drawn });
    figures.push({
      ...{ id, title: figure.title ?? figure.name, text: figure.text, drawn },
      own: figure.stage === undefined,
      stages: [...new Set(figure.members.map(({ instance }) => graph.instances[instance]!.stage))],
    });
  }
  return figures;
}

/** Keys of what a figure shows. */
function contentOf({ members }: Declared, known: readonly Known[]): string {
  return members.map(({ instance }) => known[instance]!.record?.key ?? "").join(" ");
}

/** The figures, drawn for a page that is light or dark. */
import type { Opened } from "../../../engine/index.ts";
import type { Store } from "../../../store/store.ts";
import type { Known } from "../known.ts";
import type { Figure } from "../model.ts";

export async function figuresIn(
  _opened: Opened,
  _store: Store,
  _known: readonly Known[],
): Promise<Figure[]> {
  return [];
}

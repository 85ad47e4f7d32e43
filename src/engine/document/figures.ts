/**
 * Reads `figures:`. `expand/figures/` checks that the stages and columns that they name exist. Knows
 * nothing of how a picture is drawn.
 */
import { checkKind } from "../figures/kind.ts";
import type { Problems } from "../language/problems.ts";
import { type Scope, substitute, substituteReferences } from "../language/reference.ts";
import { type Entry, entriesOf, get, type MapTree, type Tree } from "../language/tree.ts";
import { readInput } from "./inputs.ts";
import { checkName } from "./names.ts";
import type { FigureSpec } from "./pipeline.ts";

export function readFigures(
  section: Tree | undefined,
  scope: Scope,
  problems: Problems,
): readonly FigureSpec[] {
  return [...entriesOf(section)].flatMap(([name, { key: span, value }]) => {
    checkName("figure", name, span, problems);
    const data = readInput(get(value, "data")!, scope, problems);
    const entries = [...entriesOf(value)].filter(([key]) => key !== "data");
    const filled = entries.map(([key, entry]): [string, Entry] => {
      // Only in a Vega-Lite specification `{ range: [a, b] }` is something else than a list.
      const fill = key === "tiles" ? substitute : substituteReferences;
      return [key, { ...entry, value: fill(entry.value, scope, problems) }];
    });
    const body: MapTree = { kind: "map", entries: new Map(filled), span: value.span };
    checkKind(name, body, span, problems);
    return data ? { name, span, data, body } : [];
  });
}

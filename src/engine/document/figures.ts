/**
 * Reads `figures:`. `expand/figures/` checks that the stages and columns that they name exist. Knows
 * nothing of how a picture is drawn.
 */
import { checkKind } from "../figures/kind.ts";
import { tiles } from "../figures/schema.ts";
import type { Problems } from "../language/problems.ts";
import { type Scope, substitute, substituteReferences } from "../language/reference.ts";
import { type Entry, entriesOf, get, type MapTree, plain, type Tree } from "../language/tree.ts";
import { report, validate } from "../language/validate.ts";
import { readInput } from "./inputs.ts";
import { checkName } from "./names.ts";
import type { FigureSpec } from "./pipeline.ts";

export function readFigures(
  section: Tree | undefined,
  scope: Scope,
  problems: Problems,
): readonly FigureSpec[] {
  return [...entriesOf(section)].flatMap(([name, { key: span, value }]) => {
    const before = problems.errors;
    checkName("figure", name, span, problems);
    const data = readInput(get(value, "data")!, scope, problems);
    const entries = [...entriesOf(value)].filter(([key]) => key !== "data");
    const filled = entries.map(([key, entry]): [string, Entry] => {
      // Only in a Vega-Lite specification `{ range: [a, b] }` is something else than a list.
      const fill = key === "tiles" ? substitute : substituteReferences;
      return [key, { ...entry, value: fill(entry.value, scope, problems) }];
    });
    const body: MapTree = { kind: "map", entries: new Map(filled), span: value.span };
    const filledTiles = body.entries.get("tiles")?.value;
    if (filledTiles?.kind === "map" && problems.errors === before) {
      const context = { tree: filledTiles, span: filledTiles.span, word: "key" as const };
      report(validate(tiles, plain(filledTiles)).errors, context, problems);
    }
    checkKind(name, body, span, problems);
    return data ? { name, span, data, body } : [];
  });
}

/**
 * Checks the words of a Vega-Lite view that a person gets wrong: marks, channels and types, which
 * Vega-Lite itself drops in silence or stumbles over. Knows nothing of columns.
 */
import { quote } from "../../text/quote.ts";
import { type Problems, suggest } from "../language/problems.ts";
import { entriesOf, get, plain, type Tree } from "../language/tree.ts";

export const marks = [
  ...["arc", "area", "bar", "boxplot", "circle", "errorband", "errorbar", "geoshape", "line"],
  ...["point", "rect", "rule", "square", "text", "tick", "trail"],
];
export const channels = [
  ...["x", "y", "x2", "y2", "xOffset", "yOffset", "xError", "xError2", "yError", "yError2"],
  ...["color", "fill", "stroke", "opacity", "fillOpacity", "strokeOpacity", "strokeWidth"],
  ...["strokeDash", "size", "shape", "angle", "text", "tooltip", "detail", "key", "order"],
  ...["row", "column", "facet", "theta", "theta2", "radius", "radius2", "description", "time"],
  ...["longitude", "latitude", "longitude2", "latitude2"],
];
const types = ["quantitative", "nominal", "ordinal", "temporal", "geojson"];

export function checkWords(view: Tree, problems: Problems): void {
  const mark = get(view, "mark");
  const type = mark?.kind === "map" ? get(mark, "type") : mark;
  if (mark && !type) problems.error("invalid-value", "a mark has a type", mark.span);
  if (type && plain(type) === "image") {
    const hint = '"image: true" shows a picture of a program, "tiles" lists of numbers';
    problems.error("invalid-value", "a figure has no images by address", type.span, { hint });
  } else if (type) checkWord("mark", type, marks, problems);
  for (const [name, { key, value }] of entriesOf(get(view, "encoding"))) {
    // These have an error of their own: they read from outside.
    if (name === "href" || name === "url") continue;
    if (!channels.includes(name)) {
      const hint = suggest(name, channels);
      problems.error("unknown-key", `there is no channel ${quote(name)}`, key, { hint });
    }
    for (const one of value.kind === "list" ? value.items : [value]) {
      const given = one.kind === "map" ? get(one, "type") : undefined;
      if (given) checkWord("type", given, types, problems);
    }
  }
}

function checkWord(what: string, tree: Tree, known: readonly string[], problems: Problems): void {
  const word = plain(tree);
  if (known.includes(word as string)) return;
  const hint = suggest(String(word), known);
  problems.error("invalid-value", `there is no ${what} ${quote(word)}`, tree.span, { hint });
}

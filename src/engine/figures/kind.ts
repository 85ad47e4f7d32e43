/** A figure is one thing: a view, tiles or an image. Knows nothing of columns. */
import { quote } from "../../text/quote.ts";
import type { Span } from "../language/diagnostic.ts";
import type { Problems } from "../language/problems.ts";
import type { MapTree } from "../language/tree.ts";
import { viewKinds } from "./schema.ts";

const kinds = [...Object.keys(viewKinds), "tiles", "image"];
const common = ["title", "text", "port"];

export function checkKind(name: string, body: MapTree, span: Span, problems: Problems): void {
  const { entries } = body;
  const drawn = kinds.filter((kind) => entries.has(kind));
  const hint = `it has one of ${kinds.join(", ")}`;
  if (drawn.length === 0) {
    problems.error("invalid-value", `figure ${quote(name)} draws nothing`, span, { hint });
  } else if (drawn.length > 1) {
    const message = `figure ${quote(name)} has both ${quote(drawn[0])} and ${quote(drawn[1])}`;
    problems.error("invalid-value", message, entries.get(drawn[1]!)!.key, { hint });
  } else if (drawn[0] === "tiles" || drawn[0] === "image") {
    for (const [key, entry] of entries) {
      if (key === drawn[0] || common.includes(key)) continue;
      const message = `${quote(key)} is of Vega-Lite, and ${quote(drawn[0])} stands alone`;
      problems.error("unknown-key", message, entry.key);
    }
  }
}

/** What to write in place of a value of the wrong kind. Knows no names. */
import { clip } from "../../text/clip.ts";
import { hintForNumbers } from "./number-lists.ts";
import { hintForPlaceholder } from "./placeholders.ts";
import type { Tree } from "./tree.ts";

const oneValue = "one value is expected; to use each of several, make an axis of them under for:";

/**
 * @param types - the kinds of value that are expected, as JSON Schema calls them
 * @param inList - whether the value stands in a list, where a range stands for several
 */
export function hintForValue(
  tree: Tree,
  types: readonly string[],
  inList: boolean,
): string | undefined {
  const { source, start, end } = tree.span;
  const written = tree.kind === "scalar" ? String(tree.value) : source.text.slice(start, end);
  const placeholder = hintForPlaceholder(written);
  if (placeholder !== undefined) return placeholder;
  const takesList = types.includes("array");
  if (takesList || types.includes("number") || types.includes("integer")) {
    const numbers = hintForNumbers(tree);
    if (numbers !== undefined) return takesList || inList ? numbers : oneValue;
  }
  const { length } = types;
  if (tree.kind === "scalar" && tree.value !== null && takesList) {
    return `write [${clip(source.text.slice(start, end) || written)}] for a list of one`;
  }
  if (tree.kind !== "list" || takesList || length === 0 || types.includes("object")) {
    return undefined;
  }
  const [only] = tree.items;
  if (tree.items.length === 1 && only?.kind === "scalar")
    return `write ${clip(String(only.value))}`;
  return oneValue;
}

/** Conclusions, counted by group. */
import { groupBy } from "../../text/group.ts";
import type { Conclusion, Count, Group } from "./conclusions.ts";

/**
 * @param order - the verdicts, in the order in which they are counted
 * @param texts - what each group claims
 */
export function groupsOf(
  rows: readonly Conclusion[],
  order: readonly string[],
  texts: Readonly<Record<string, unknown>> = {},
): Group[] {
  const groups = [...groupBy(rows, ({ role, group }) => JSON.stringify([role, group])).values()];
  const claims = groups.filter(([first]) => first!.role === "claim");
  const controls = groups.filter(([first]) => first!.role === "control");
  return [...claims, ...controls].map((members) => groupOf(members, order, texts));
}

function groupOf(
  rows: readonly Conclusion[],
  order: readonly string[],
  texts: Readonly<Record<string, unknown>>,
): Group {
  const { group: name, role } = rows[0]!;
  const text = role === "claim" && Object.hasOwn(texts, name) ? String(texts[name]) : "";
  const withExpectation = (wanted: boolean | null) =>
    rows.filter(({ asExpected }) => asExpected === wanted).length;
  return {
    ...{ name, text, role, rows },
    counts: count(
      rows.map(({ verdict }) => verdict),
      order,
    ),
    bearings: count(rows.flatMap(({ bearing }) => (bearing === "empirical" ? [] : bearing))),
    asExpected: withExpectation(true),
    notAsExpected: withExpectation(false),
    withoutExpectation: withExpectation(null),
    ...extremes(role === "claim" ? rows : []),
  };
}

/** Words in the order given, then others as they come. */
function count(words: readonly string[], order: readonly string[] = []): Count[] {
  const found = groupBy(words, (word) => word);
  const known = order.filter((word) => found.has(word));
  return [...new Set([...known, ...found.keys()])].map((word) => {
    return { word, count: found.get(word)!.length };
  });
}

/** What a theorem or the construction implies says nothing of the data. */
function extremes(rows: readonly Conclusion[]): Pick<Group, "strongest" | "weakest"> {
  const ranked = rows
    .filter(({ strength }) => !Number.isNaN(strength))
    .sort((a, b) => b.strength - a.strength);
  const empirical = ranked.filter(({ bearing }) => bearing === "empirical");
  const chosen = empirical.length > 0 ? empirical : ranked;
  return { strongest: chosen[0], weakest: chosen.at(-1) };
}

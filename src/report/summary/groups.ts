/** Conclusions, counted by group. */
import { groupBy } from "../../text/group.ts";
import type { Conclusion, Count, Expectation, Fact, Group } from "./conclusions.ts";

/**
 * @param facts - of all rows; none if the node type has no facts
 * @param order - the verdicts, in the order in which they are counted
 * @param texts - what each group claims
 */
export function groupsOf(
  rows: readonly Conclusion[],
  facts: readonly Fact[],
  order: readonly string[],
  texts: Readonly<Record<string, unknown>> = {},
): Group[] {
  // Families of controls are told apart for their errors only: what is looked for stands in the facts.
  const groupName = ({ role, group }: Conclusion | Fact) =>
    role === "control" && facts.length > 0 ? "controls" : group;
  const keyOf = (one: Conclusion | Fact) => JSON.stringify([one.role, groupName(one)]);
  const found = groupBy(facts, keyOf);
  const groups = [...groupBy(rows, keyOf)];
  const claims = groups.filter(([, [first]]) => first!.role === "claim");
  const controls = groups.filter(([, [first]]) => first!.role === "control");
  return [...claims, ...controls].map(([key, members]) => {
    return groupOf(groupName(members[0]!), members, found.get(key) ?? [], order, texts);
  });
}

function groupOf(
  name: string,
  rows: readonly Conclusion[],
  facts: readonly Fact[],
  order: readonly string[],
  texts: Readonly<Record<string, unknown>>,
): Group {
  const { role } = rows[0]!;
  const text = role === "claim" && Object.hasOwn(texts, name) ? String(texts[name]) : "";
  const counted: readonly (Conclusion | Fact)[] = facts.length > 0 ? facts : rows;
  const withExpectation = (wanted: Expectation) =>
    counted.filter(({ expectation }) => expectation === wanted).length;
  return {
    ...{ name, text, role, rows, facts },
    counts: count(
      counted.map(({ verdict }) => verdict),
      order,
    ),
    bearings: countBearings(counted),
    asExpected: withExpectation("met"),
    notAsExpected: withExpectation("missed"),
    expectationOpen: withExpectation("open"),
    withoutExpectation: withExpectation("none"),
    ...extremes(role === "claim" ? rows : []),
  };
}

/** `by construction`, `theorem in part`: what does not rest on data alone, the most frequent first. */
export function countBearings(all: readonly Pick<Conclusion, "bearing">[]): Count[] {
  const words = all.flatMap(({ bearing }) => {
    if (bearing === "empirical") return [];
    const [, word = bearing, part] = /^(.+?)( in \d+ of \d+ rows.*)?$/s.exec(bearing) ?? [];
    return `${word.replaceAll("-", " ")}${part === undefined ? "" : " in part"}`;
  });
  return count(words).sort((a, b) => b.count - a.count);
}

/** Words in the order given, then others as they come. */
export function count(words: readonly string[], order: readonly string[] = []): Count[] {
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

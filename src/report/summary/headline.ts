/** Counts in words. What was implied beforehand is counted apart from findings. */
import { plural } from "../../text/plural.ts";
import type { Conclusion, Conclusions, Fact, Group } from "./conclusions.ts";
import { count, countBearings } from "./groups.ts";

type Headline = Pick<Conclusions, "headline" | "apart">;
type Counted = Pick<Conclusion | Fact, "name" | "verdict" | "bearing" | "opposite">;

/**
 * `11 findings: 4 REPRODUCED, 2 CONTRADICTED, 5 MIXED.`, and what is not counted there; of controls where
 * nothing is claimed. Empty without any.
 *
 * @param order - the verdicts, in the order in which they are counted
 */
export function headlineOf(groups: readonly Group[], order: readonly string[]): Headline {
  const claims = groups.filter(({ role }) => role === "claim");
  const some = claims.length > 0 ? claims : groups;
  const all = some.flatMap(({ facts, rows }): readonly Counted[] =>
    facts.length > 0 ? facts : rows,
  );
  if (all.length === 0) return { headline: "", apart: "" };
  const opposite = all.filter((one) => one.opposite);
  const implied = all.filter((one) => !one.opposite && one.bearing !== "empirical");
  const found = all.filter((one) => !one.opposite && one.bearing === "empirical");
  const say = (some: readonly Counted[]) => {
    const words = count(
      some.map(({ verdict }) => verdict),
      order,
    );
    return words.map((one) => `${one.count} ${one.word}`).join(", ");
  };
  const [what, beside] = claims.length > 0 ? ["finding", "fact"] : ["control", "control"];
  const first = found.length > 0 ? `${plural(found.length, what)}: ${say(found)}.` : `No ${what}s.`;
  const more: string[] = [];
  if (implied.length > 0)
    more.push(
      `${plural(implied.length, beside)} that ${implied.length === 1 ? "does" : "do"} not rest on data alone (${bearingsOf(implied)}): ${say(implied)}`,
    );
  if (opposite.length > 0)
    more.push(
      `${plural(opposite.length, beside)} that ${opposite.length === 1 ? "states" : "state"} the opposite of the claim: ${say(opposite)}`,
    );
  return { headline: first, apart: more.length === 0 ? "" : `Counted apart: ${more.join("; ")}.` };
}

/** `2 facts and 1 control`: what rows belong to, by what is counted in their summary. */
export function unitsOf(rows: readonly Conclusion[], groups: readonly Group[]): string {
  const hasFacts = groups.some(({ facts }) => facts.length > 0);
  const parts = (["claim", "control"] as const).flatMap((role) => {
    const of = rows.filter((row) => row.role === role);
    const units = hasFacts
      ? new Set(of.map(({ id, fact }) => JSON.stringify([id, fact]))).size
      : of.length;
    const name = role === "claim" && hasFacts ? "fact" : role;
    return units === 0 ? [] : plural(units, name);
  });
  return parts.join(" and ");
}

/** `3 by construction, 1 by construction in part, 1 theorem` */
function bearingsOf(some: readonly Counted[]): string {
  return countBearings(some)
    .map((one) => `${one.count} ${one.word}`)
    .join(", ");
}

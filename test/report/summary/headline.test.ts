/** Counts in words: findings, what is counted apart from them, and units. */
import { expect, test } from "vitest";
import type { Conclusion, Fact, Group } from "../../../src/report/summary/conclusions.ts";
import { headlineOf, unitsOf } from "../../../src/report/summary/headline.ts";

const order = ["YES", "NO", "MIXED"];
const fact = (verdict: string, more: Partial<Fact> = {}) =>
  ({ name: "f", verdict, bearing: "empirical", opposite: false, ...more }) as Fact;
const group = (role: Group["role"], facts: readonly Fact[], rows: readonly Conclusion[] = []) =>
  ({ name: "g", role, facts, rows }) as unknown as Group;

test("the headline counts findings, and apart from them what was implied or is the opposite", () => {
  const facts = [
    fact("NO"),
    fact("YES"),
    fact("YES", { bearing: "theorem" }),
    fact("NO", { bearing: "by-construction" }),
    fact("YES", { bearing: "by-construction" }),
    fact("YES", { bearing: "by-construction in 5 of 6 rows" }),
    fact("MIXED"),
    fact("YES", { opposite: true, bearing: "theorem" }),
  ];
  expect(headlineOf([group("claim", facts), group("control", [fact("NO")])], order)).toEqual({
    headline: "3 findings: 1 YES, 1 NO, 1 MIXED.",
    apart:
      "Counted apart: 4 facts that do not rest on data alone (2 by construction, 1 theorem, " +
      "1 by construction in part): 3 YES, 1 NO; 1 fact that states the opposite of the claim: 1 YES.",
  });
  expect(headlineOf([group("claim", [fact("YES", { bearing: "theorem" })])], order)).toEqual({
    headline: "No findings.",
    apart: "Counted apart: 1 fact that does not rest on data alone (1 theorem): 1 YES.",
  });
  // Without claims, controls are what there is.
  const controls = headlineOf([group("control", [fact("YES"), fact("NO")])], order);
  expect(controls).toEqual({ headline: "2 controls: 1 YES, 1 NO.", apart: "" });
  expect(headlineOf([], order)).toEqual({ headline: "", apart: "" });
});

test("rows are counted in the unit of their summary: facts and controls, or else claims", () => {
  const row = (role: string, fact: string, id = "v") => ({ role, fact, id }) as Conclusion;
  const rows = [row("claim", "a"), row("claim", "a"), row("claim", "b"), row("control", "c")];
  expect(unitsOf(rows, [group("claim", [fact("YES")])])).toBe("2 facts and 1 control");
  expect(unitsOf(rows, [group("claim", [])])).toBe("3 claims and 1 control");
  // A fact of another instance is another.
  expect(
    unitsOf([row("claim", "a"), row("claim", "a", "w")], [group("claim", [fact("YES")])]),
  ).toBe("2 facts");
});

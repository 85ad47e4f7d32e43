/** Claims along an axis, facts of several rows, and what rows rest on. */
import { expect, test } from "vitest";
import { f64, nullable, utf8 } from "../../../src/engine/node-type.ts";
import { answerAlong } from "../../../src/nodes/verdict/along.ts";
import { allAsExpected, asExpected } from "../../../src/nodes/verdict/expectation.ts";
import { verdict } from "../../../src/nodes/verdict/index.ts";
import { countsOf } from "../../../src/nodes/verdict/phrases.ts";
import type { Word } from "../../../src/statistics/words.ts";
import { runNode } from "../../harness/run-node.ts";
import { tableOf } from "../../harness/tables.ts";

const seeds = [1, 2, 3, 4, 5];
const epochs = [30, 100, 300];
const rules = ["decimation", "majority"];

/** Of model a at each rule, beta and epochs; b has no rule, and c neither epochs nor rule. */
const metrics = (() => {
  const gains: Record<string, number> = { decimation: 1, majority: 0.2 };
  const rows = seeds.flatMap((seed) => {
    const noise = 0.01 * ((seed * 3) % 5);
    const of = epochs.flatMap((count) => [
      ...rules.map((rule) => {
        const value = gains[rule]! * Math.log10(count / 100) + noise;
        return { model: "a", rule, epochs: count, seed, value };
      }),
      { model: "b", rule: null, epochs: count, seed, value: -0.02 * seed },
    ]);
    return [...of, { model: "c", rule: null, epochs: null, seed, value: 0 }];
  });
  return tableOf(
    { model: utf8, rule: nullable(utf8), epochs: nullable(f64), seed: f64, value: f64 },
    {
      model: rows.map((r) => r.model),
      rule: rows.map((r) => r.rule),
      epochs: rows.map((r) => r.epochs),
      seed: rows.map((r) => r.seed),
      value: rows.map((r) => r.value),
    },
  );
})();

async function judge(params: Record<string, unknown>) {
  const { outputs } = await runNode(verdict, { inputs: { metrics }, params });
  const rowsOf = (port: keyof typeof outputs) => {
    const { columns, rows } = outputs[port] as unknown as {
      columns: Record<string, ArrayLike<unknown>>;
      rows: number;
    };
    return Array.from({ length: rows }, (_, i) =>
      Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells[i]])),
    );
  };
  return { outputs, rowsOf };
}

const gain = {
  name: "gain",
  metric: "value",
  left: { model: "a" },
  right: { model: "c" },
  each: ["rule"],
  along: "epochs",
  side: "greater",
  margin: 0.1,
};

test("a claim along an axis is judged at each value, and says where it begins to hold", async () => {
  const { rowsOf } = await judge({ claims: [gain] });
  const table = rowsOf("table");
  expect(table.map((row) => [row["each"], row["verdict"], row["reason"]])).toEqual([
    [
      "rule=decimation",
      "MIXED",
      "begins to hold at epochs 300, turns at 30, within the margin at 100; least at epochs 30",
    ],
    ["rule=majority", "MIXED", expect.stringMatching(/; least at epochs 30$/)],
  ]);
  expect(table[0]).toMatchObject({ p: null, p_adjusted: null, n: 5 });
  expect(table[0]!["estimate"]).toBeCloseTo(Math.log10(0.3) + 0.02, 12); // of the least value
  const along = rowsOf("along");
  expect(along.map((row) => [row["each"], row["value"], row["verdict"]]).slice(0, 3)).toEqual([
    ["rule=decimation", 30, "CONTRADICTED"],
    ["rule=decimation", 100, "EQUIVALENT"],
    ["rule=decimation", 300, "REPRODUCED"],
  ]);
  // Two rows share alpha, and three values share a row's.
  for (const row of along)
    expect(row["p_adjusted"]).toBeCloseTo(Math.min(1, 6 * (row["p"] as number)), 12);
});

test("a window chooses values; one axis for all of them is a row as any other", async () => {
  const { rowsOf } = await judge({
    claims: [{ ...gain, along: { axis: "epochs", window: [200, 400] } }],
    controls: [
      {
        ...gain,
        name: "b differs",
        left: { model: "b" },
        each: [],
        side: "different",
        margin: 0.2,
      },
    ],
  });
  const [decimation, majority, control] = rowsOf("table");
  expect(decimation).toMatchObject({ verdict: "REPRODUCED" });
  expect(decimation!["reason"]).toBe("holds at epochs 300; least at epochs 300");
  expect(majority!["verdict"]).toBe("INCONCLUSIVE");
  expect(control).toMatchObject({ verdict: "ABSENT", role: "control", family: "controls" });
  expect(control!["reason"]).toMatch(/^is absent at all 3 values of epochs, 30 … 300; /);
});

test("without a claim along an axis there is no such port", async () => {
  const { along, ...rest } = gain;
  const { outputs } = await judge({
    claims: [{ ...rest, where: { epochs: 300 }, right: 0 }],
  });
  expect(Object.keys(outputs)).toEqual(["table", "facts", "details"]);
  expect(along).toBe("epochs");
});

test("answerAlong() names what holds first, and what is not decided last", () => {
  const say = (words: readonly Word[]) =>
    answerAlong("x", [1, 2, 3, 4, 5].slice(0, words.length), words);
  const [yes, no, open, same] = [
    "REPRODUCED",
    "CONTRADICTED",
    "INCONCLUSIVE",
    "EQUIVALENT",
  ] as const;
  expect(say([yes, yes, open, no, no])).toBe("holds at x ≤ 2, turns at ≥ 4 (undecided at 3)");
  expect(say([yes, yes, yes])).toBe("holds at all 3 values of x, 1 … 3");
  expect(say([open, open, yes, yes])).toBe("begins to hold at x ≥ 3 (undecided at ≤ 2)");
  expect(say([no, yes, no])).toBe("holds at x 2, turns at 1 and 3");
  expect(say([no, no, same])).toBe("is contradicted at x ≤ 2, lies within the margin at 3");
  expect(say([yes, yes, same, same, yes])).toBe("holds at x ≤ 2 and 5, within the margin at 3 … 4");
  expect(say([open, "REPORT-ONLY"])).toBe("is undecided at x 1, is not judged at 2");
  expect(say(["PRESENT", "PRESENT", "ABSENT"])).toBe("is present at x ≤ 2, absent at 3");
  expect(say(["ABSENT", "UNCLEAR"])).toBe("is absent at x 1 (undecided at 2)");
  expect(say([yes])).toBe("holds at x 1");
  // The critical beta has too many digits for a sentence, and a whole number keeps all of its.
  expect(answerAlong("beta", [0.4406867935097715, 1234567], [yes, open])).toBe(
    "holds at beta 0.44069 (undecided at 1234567)",
  );
});

test("rows of one fact come to one answer, with the range of each metric", async () => {
  const row = { metric: "value", where: { epochs: 300 }, right: 0, side: "greater", margin: 0.05 };
  const { rowsOf } = await judge({
    claims: [
      {
        ...row,
        name: "one",
        fact: "it grows",
        left: { model: "a" },
        each: ["rule"],
        expect: "REPRODUCED",
      },
      { ...row, name: "two", fact: "it grows", left: { model: "a", rule: "majority" } },
      { ...row, name: "b too", fact: "all grow", left: { model: "b" } },
      {
        ...row,
        name: "a too",
        fact: "all grow",
        left: { model: "a" },
        each: ["rule"],
        expect: "CONTRADICTED",
      },
      { ...row, name: "alone", text: "a sentence", left: { model: "b" }, expect: "CONTRADICTED" },
    ],
    facts: { "it grows": "the model grows" },
  });
  const facts = rowsOf("facts");
  expect(facts).toMatchObject([
    {
      fact: "it grows",
      answer: "REPRODUCED",
      rows: 3,
      holds: 3,
      as_expected: 1,
      text: "the model grows",
    },
    { fact: "all grow", answer: "MIXED", rows: 3, holds: 2, as_expected: 0, text: "" },
    { fact: "alone", rows: 1, holds: 0, text: "a sentence" },
  ]);
  expect(facts[0]!["says"]).toBe("holds in 3 of 3 rows; value 0.115 … 0.497");
  expect(facts[1]).toMatchObject({
    ...{ counts: "2 rows hold, 1 short of the margin", expected: "CONTRADICTED" },
    says: "falls short: b too; value -0.06 … 0.497",
  });
  expect(facts.map((fact) => fact["states"])).toEqual(["claim", "claim", "claim"]);
  expect(facts[2]!["says"]).toMatch(/^value -0\.06 \[-0\.\d+, -?0\.\d+\]$/);
});

test("MIXED says how many hold, fail, or are undecided, of rows or of values along an axis", async () => {
  const { rowsOf } = await judge({
    claims: [
      { ...gain, fact: "f" },
      { ...gain, name: "again", fact: "f", each: [], left: { model: "a", rule: "majority" } },
    ],
  });
  const counts = rowsOf("table").map((row) => row["counts"]);
  expect(counts[0]).toBe("1 value holds, 1 contradicted, 1 within the margin");
  expect(counts[1]).toBe("1 value short of the margin, 1 within the margin, 1 undecided");
  // Of the fact all nine values.
  expect(rowsOf("facts")[0]!["counts"]).toBe(
    "1 value holds, 3 within the margin, 2 short of the margin, 1 contradicted, 2 undecided",
  );
  expect(countsOf(["REPRODUCED", "INCONCLUSIVE", "REPRODUCED"], "row")).toBe(
    "2 rows hold, 1 undecided",
  );
  expect(countsOf(["PRESENT", "UNCLEAR"], "value")).toBe("1 value present, 1 undecided");
  expect(countsOf(["REPRODUCED", "REPRODUCED"], "row")).toBe("");
});

test("what is undecided is no evidence against what was expected", () => {
  const [absent, present, open] = ["ABSENT", "PRESENT", "UNCLEAR"] as const;
  expect(asExpected([absent], [open, absent, absent])).toBeNull();
  expect(asExpected([absent], [absent, absent])).toBe(true);
  expect(asExpected([absent], [open, present])).toBe(false);
  expect(asExpected([absent], [open])).toBeNull();
  expect(asExpected([open], [open])).toBe(true);
  expect(asExpected([], [present])).toBeNull();
  expect(asExpected([absent], ["REPORT-ONLY"])).toBeNull();
  // MIXED needs two decided words; one of them and an open value may become either.
  expect(asExpected(["MIXED"], [present, open, absent])).toBe(true);
  expect(asExpected(["MIXED"], [present, open])).toBeNull();
  expect(asExpected(["MIXED"], [present, present])).toBe(false);
  expect(asExpected(["MIXED", present], [present, open])).toBe(true);
  const row = (expected: string, as_expected: number | null) => ({ expected, as_expected });
  expect(allAsExpected([row("ABSENT", 1), row("", null)])).toBe(true);
  expect(allAsExpected([row("ABSENT", 1), row("ABSENT", null)])).toBeNull();
  expect(allAsExpected([row("ABSENT", 0), row("ABSENT", null)])).toBe(false);
  expect(allAsExpected([row("", null)])).toBeNull();
});

test("a fact that states the opposite of its family says so, in all of its rows", async () => {
  const row = { ...gain, along: undefined, where: { epochs: 300 }, right: 0, fact: "f" };
  const { rowsOf } = await judge({ claims: [{ ...row, states: "opposite", text: "a sentence" }] });
  // Two rows of one claim, so the fact has the claim's text.
  expect(rowsOf("facts")).toMatchObject([{ states: "opposite", text: "a sentence" }]);
  expect(rowsOf("details").map((one) => one["states"])).toEqual(["opposite", "opposite"]);
  const params = {
    claims: [
      { ...row, states: "opposite" },
      { ...row, name: "other" },
    ],
  };
  await expect(judge(params)).rejects.toMatchObject({
    path: "claims.1.states",
    message: expect.stringContaining("unlike that of claims.0"),
  });
});

test("a fact is of one family, and of claims or of controls", async () => {
  const one = { ...gain, along: undefined, where: { epochs: 300 }, right: 0, fact: "f" };
  const two = { ...one, name: "other" };
  const fails = (params: object) => expect(judge(params as Record<string, unknown>)).rejects;
  await fails({ claims: [one], controls: [two] }).toMatchObject({
    path: "controls.0.fact",
    message: expect.stringContaining("is the fact of claims.0 too, a claim"),
  });
  await fails({ claims: [one, { ...two, family: "b" }] }).toMatchObject({ path: "claims.1.fact" });
});

test("what a row rests on may differ by the values of its axes", async () => {
  const row = { ...gain, along: undefined, where: { epochs: 300 }, right: 0, fact: "f" };
  const one = { "by-construction": { rule: "decimation" } };
  const { rowsOf } = await judge({ claims: [{ ...row, bearing: one }] });
  expect(rowsOf("table").map((one) => one["bearing"])).toEqual(["by-construction", "empirical"]);
  expect(rowsOf("facts")[0]!["bearing"]).toBe("by-construction in 1 of 2 rows");
  const params = { claims: [{ ...row, bearing: { theorem: { epochs: 300 } } }] };
  await expect(judge(params)).rejects.toMatchObject({
    path: "claims.0.bearing.theorem.epochs",
    message: 'names "epochs", which is not in each',
  });
});

test("an axis of a claim holds numbers, and is not one of each", async () => {
  const fails = (claim: object) => expect(judge({ claims: [{ ...gain, ...claim }] })).rejects;
  await fails({ along: "rule", each: [] }).toMatchObject({
    path: "claims.0.along",
    message: 'is "rule", which holds no numbers',
  });
  await fails({ along: "epoch" }).toMatchObject({ path: "claims.0.along" });
  await fails({ each: ["rule", "epochs"] }).toMatchObject({
    path: "claims.0.along",
    message: 'is "epochs", which each names too: choose one',
  });
  await fails({ along: { axis: "epochs", window: [7, 8] } }).toMatchObject({
    path: "claims.0.each",
    message: "names rule and epochs, of which no row has a value",
  });
});

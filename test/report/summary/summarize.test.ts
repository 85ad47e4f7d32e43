/** Conclusions of a user's node type, from a real store. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openPipeline, planPipeline, summarize } from "../../../src/index.ts";
import { Space } from "../../harness/space.ts";

const judging = fileURLToPath(new URL("../../fixtures/judging-node.js", import.meta.url));

const pipeline = (rows: readonly object[], more = "") => `
blockspin: 1
name: judged
use: [${JSON.stringify(judging)}]
params: { rows: ${JSON.stringify(rows)} }
stages:
  judged: { node: judge, for: { seed: [1, 2] }, with: { rows: "\${rows}", seed: "\${seed}" } }
  other: { node: judge, with: { rows: [{ what: other, answer: "NO" }] } }
results: [judged]
${more}`;

async function summaries(space: Space, ablations: readonly string[] = []) {
  const path = space.path("p.yaml");
  const opened = await openPipeline(path, { ablations, cache: space.path("cache") });
  const { plan, store } = await planPipeline(opened);
  return await summarize(store, opened.graph, (index) => plan[index]?.record);
}

const rows = [
  { what: "strong", answer: "YES", of: "a", x: 4, from: 3, to: 5, sentence: "A sentence." },
  { what: "certain", answer: "YES", of: "a", x: 9, from: 8.9, to: 9.1, rests: "theorem" },
  { what: "weak", answer: "NO", wanted: "YES", of: "a", x: -1, from: -2, to: 0 },
  { what: "unclear", answer: "MAYBE", wanted: "YES or NO", of: "b" },
  { what: "unexpected word", answer: "PERHAPS", wanted: "PERHAPS", of: "b" },
  { what: "control", answer: "NO", wanted: "NO", of: "a", kind: "control", x: 1, from: 0, to: 2 },
];

test("summarize() counts by group, and names what is strongest, weakest and not as expected", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline(rows));
  expect((await space.run("p.yaml")).code).toBe(0);
  const [judged, other, ...more] = await summaries(space);
  expect(more).toEqual([]);
  expect(other).toMatchObject({ stage: "other", rows: [{ name: "other", group: "", at: "" }] });
  expect(judged).toMatchObject({ stage: "judged", port: "answers", missing: [], shared: false });
  expect(judged!.verdicts["MAYBE"]).toBe("nobody knows");
  // Two instances, so each row is there twice; where it stands tells them apart.
  expect(judged!.rows.length).toBe(12);
  expect(judged!.rows[0]).toMatchObject({
    at: "seed=1",
    text: "A sentence.",
    id: "judged[seed=1]",
  });
  const [a, b, controls] = judged!.groups;
  expect(a).toMatchObject({ name: "a", role: "claim", asExpected: 0, notAsExpected: 2 });
  expect(a!.counts).toEqual([
    { word: "YES", count: 4 },
    { word: "NO", count: 2 },
  ]);
  expect(a!.bearings).toEqual([{ word: "theorem", count: 2 }]);
  // The theorem's row has more strength, and says nothing of the data.
  expect(a!.strongest).toMatchObject({ name: "strong", strength: 4 });
  expect(a!.weakest).toMatchObject({ name: "weak", strength: -1 });
  // A word that the node type does not list is counted after those that it lists.
  expect(b!.counts.map(({ word }) => word)).toEqual(["MAYBE", "PERHAPS"]);
  expect(b).toMatchObject({
    strongest: undefined,
    asExpected: 2,
    notAsExpected: 0,
    expectationOpen: 2,
  });
  expect(controls).toMatchObject({ name: "a", role: "control", strongest: undefined });
  expect(judged!.notAsExpected.map(({ name }) => name)).toEqual(["weak", "weak"]);
  expect(judged!.undecided.map(({ name }) => name)).toEqual(["unclear", "unclear"]);
});

test("summarize() lists what has not been computed, and what has lost its bytes", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline(rows));
  expect((await space.run("p.yaml", ["--only", "judged[seed=1]"])).code).toBe(0);
  const [judged] = await summaries(space);
  expect(judged).toMatchObject({ missing: ["judged[seed=2]"] });
  expect(judged!.rows.length).toBe(6);
  rmSync(join(space.path("cache"), "v1", "objects"), { recursive: true });
  expect((await summaries(space))[0]).toMatchObject({
    missing: ["judged[seed=1]", "judged[seed=2]"],
    rows: [],
    groups: [],
  });
});

test("summarize() has the baseline first, and says what an ablation shares with it", async () => {
  using space = new Space();
  const turned = JSON.stringify([{ what: "strong", answer: "NO" }]);
  space.write("p.yaml", pipeline(rows, `ablations: { turned: { rows: ${turned} } }`));
  expect((await space.run("p.yaml", ["--ablation", "all"])).code).toBe(0);
  const all = await summaries(space, ["all"]);
  expect(all.map(({ stage, ablation, shared }) => [stage, ablation, shared])).toEqual([
    ["judged", undefined, false],
    ["other", undefined, false],
    ["judged", "turned", false],
    ["other", "turned", true],
  ]);
  expect(all[2]!.rows).toMatchObject([
    { name: "strong", verdict: "NO", at: "seed=1" },
    { name: "strong", verdict: "NO", at: "seed=2" },
  ]);
});

test("summarize() counts facts where the node type has them, and controls together", async () => {
  using space = new Space();
  const of = (what: string, more: object) => ({
    what,
    answer: "YES",
    of: "f",
    rests: "p",
    ...more,
  });
  const rowsOfFacts = [
    of("one", { x: 2, from: 1, to: 3 }),
    of("two", { x: 4, from: 3, to: 5, answer: "BOTH" }),
    of("three", { of: "g", x: 9, from: 8, to: 10 }),
    of("four", { of: "h", rests: "q", kind: "control", wanted: "NO" }),
    of("five", { of: "i", rests: "r", kind: "control" }),
  ];
  const facts = [
    { fact: "f", part: "p", answer: "BOTH", says: "in 1 of 2", rests: "theorem in 1 of 2 rows" },
    { fact: "g", part: "p", answer: "YES", says: "nine", came: true },
    { fact: "h", part: "q", answer: "MAYBE", kind: "control", came: false },
    { fact: "i", part: "r", answer: "YES", kind: "control" },
  ];
  const text = pipeline(rowsOfFacts)
    .replace("node: judge,", "node: judge-facts,")
    .replace(/rows: "[^"]*"/, `$&, facts: ${JSON.stringify(facts)}`)
    .replace("seed: [1, 2]", "seed: [1]");
  space.write("p.yaml", text);
  const run = await space.cli(["run", "p.yaml"]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stdout).toContain(`
judged: 2 facts in 3 rows; 2 controls
  1 finding: 1 YES.
  Counted apart: 1 fact that does not rest on data alone (1 theorem in part): 1 BOTH.
  p         1 YES, 1 BOTH (1 theorem in part): 1 as expected, 1 without expectation
      BOTH  f [seed=1] (theorem in 1 of 2 rows)
              in 1 of 2
    ✓ YES   g [seed=1]
              nine
  controls  2: 1 not as expected, 1 without expectation
    ✗ MAYBE  h [seed=1]
      YES    i [seed=1]

not as expected: 1 control (1 row)
`);
  const [judged] = await summaries(space);
  const [p, controls, ...more] = judged!.groups;
  expect(more).toEqual([]);
  expect(p).toMatchObject({ name: "p", asExpected: 1, notAsExpected: 0, withoutExpectation: 1 });
  expect(p!.facts.map((fact) => fact.rows.map(({ name }) => name))).toEqual([
    ["one", "two"],
    ["three"],
  ]);
  expect(p!.facts[0]).toMatchObject({
    decided: true,
    asExpected: null,
    bearing: "theorem in 1 of 2 rows",
  });
  expect(p!.rows[1]!.strength).toBeNaN(); // neither for nor against
  expect(controls).toMatchObject({ name: "controls", role: "control", notAsExpected: 1 });
  expect(controls!.facts.map(({ decided }) => decided)).toEqual([false, true]);
});

test("summarize() of an empty table has no groups", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline([]));
  expect((await space.run("p.yaml")).code).toBe(0);
  const [judged] = await summaries(space);
  expect(judged).toMatchObject({ rows: [], groups: [], missing: [] });
});

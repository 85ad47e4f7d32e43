/** What a run says of its conclusions, and `show` of each of them. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { hasPty, onTerminal } from "../harness/pty.ts";
import { Space } from "../harness/space.ts";

const judging = fileURLToPath(new URL("../fixtures/judging-node.js", import.meta.url));

const rows = [
  { what: "heavier", answer: "YES", wanted: "YES", of: "masses", x: 4, from: 3, to: 5 },
  {
    what: "lighter",
    answer: "NO",
    of: "masses",
    x: -1.234,
    from: -2,
    to: -0.5,
    rests: "by-construction",
  },
  { what: "hotter", answer: "YES", wanted: "NO", of: "heats", x: 1e-9, from: 0.5e-9, to: 1.5e-9 },
  { what: "colder", answer: "MAYBE", of: "heats", x: Number.MIN_VALUE, from: -1, to: 1 },
  { what: "same", answer: "YES", wanted: "YES", kind: "control" },
];

const pipeline = (more = "") => `
blockspin: 1
name: judged
use: [${JSON.stringify(judging)}]
params: { rows: ${JSON.stringify(rows)} }
stages:
  judged: { node: judge, with: { rows: "\${rows}" } }
results: [judged]
${more}`;

test("a run ends with its conclusions: by group, not as expected, open, and where to look", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline());
  const { code, stdout, stderr } = await space.cli(["run", "p.yaml", "--set", "seed=1"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("seed")]);
  expect(stdout).toBe("");
  const run = await space.cli(["run", "p.yaml", "--set", "stages.judged.with.seed=3"]);
  expect(run.code).toBe(0);
  expect(run.stdout).toBe(`
judged: 4 claims, 1 control
  masses    1 YES, 1 NO (1 by construction): 1 as expected, 1 without expectation
            strongest  heavier: 4.0 [3.0, 5.0]  YES
  heats     1 YES, 1 MAYBE: 1 not as expected, 1 without expectation
            strongest  hotter: 1.0e-9 [5e-10, 1.5e-9]  YES
            weakest    colder: 0 [-1.0, 1.0]  MAYBE
  controls  1: 1 as expected
strongest, weakest: by the distance from the margin, in units of the interval

not as expected: 1 claim
  ✗ hotter
      expected NO, found YES: 1.0e-9 [5e-10, 1.5e-9]

not decided: 1 claim
  ? colder: MAYBE

every verdict:  blockspin show p.yaml --set stages.judged.with.seed=3 judged
with pictures:  blockspin report p.yaml --set stages.judged.with.seed=3
`);
});

test("show prints every conclusion; --rows fewer, --csv and --json the numbers as they are", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline());
  await space.run("p.yaml");
  const show = async (...more: string[]) =>
    (await space.cli(["show", "p.yaml", "judged", ...more])).stdout;
  expect(
    await show(),
  ).toBe(`  claim    verdict  estimate [interval]     expected  rests on         margin  group
  ───────  ───────  ──────────────────────  ────────  ───────────────  ──────  ──────
✓ heavier  YES      4.0 [3.0, 5.0]          YES                        0       masses
  lighter  NO       -1.2 [-2.0, -0.5]                 by construction  0       masses
✗ hotter   YES      1.0e-9 [5e-10, 1.5e-9]  NO                         0       heats
? colder   MAYBE    0 [-1.0, 1.0]                                      0       heats
✓ same     YES                              YES                        0
`);
  expect(await show("--rows", "2")).toMatch(/\n✓ heavier.*\n {2}lighter.*\n… 3 more rows\n$/);
  const json = JSON.parse(await show("--json"));
  expect(json[3]).toMatchObject({ what: "colder", x: Number.MIN_VALUE });
  expect(await show("--csv")).toContain("lighter,NO,,masses,,by-construction,-1.234,-2,-0.5\n");
  // Another port is a table like any other.
  expect((await space.cli(["show", "p.yaml", "judged.words"])).stdout).toMatch(/^sentence\n/);
});

test("with ablations, a run says what each changes, and ends with compare's table", async () => {
  using space = new Space();
  const other = rows.map((row) => (row.what === "heavier" ? { ...row, answer: "NO" } : row));
  const more = `
  sizes: { node: judge, for: { seed: [1, 2] }, with: { rows: "\${rows}", seed: "\${seed}" } }
results: [judged]
metrics: { x: { from: sizes.answers, column: x, where: { what: heavier }, over: seed } }
ablations:
  turned: { rows: ${JSON.stringify(other)} }
  same: { stages.sizes.with.seed: 7, stages.sizes.for: null }
`;
  space.write("p.yaml", pipeline().replace("results: [judged]\n", more));
  const run = await space.cli(["run", "p.yaml", "--ablation", "turned"]);
  expect(run.stdout).toContain("judged, ablation turned: 4 claims, 1 control\n");
  const all = await space.cli(["run", "p.yaml", "--ablation", "all"]);
  expect(all.code, all.stderr).toBe(0);
  expect(all.stdout).toContain(`
judged, ablation turned: 1 of 5 verdicts differ from the baseline's
  ✗ heavier: YES → NO

judged, ablation same: the baseline's
`);
  const compare = await space.cli(["compare", "p.yaml"]);
  expect(compare.stdout).toContain("x: x of sizes.answers");
  expect(all.stdout.endsWith(compare.stdout)).toBe(true);
  // What was not asked for as a whole is not compared.
  const some = await space.cli(["run", "p.yaml", "--ablation", "all", "--only", "judged"]);
  expect(some.stdout).not.toContain("x: x of sizes.answers");
});

test("a result of many rows is described, one of few is printed", async () => {
  using space = new Space();
  const many = Array.from({ length: 200 }, (_, i) => ({
    sentence: `s${i}`,
    what: "w",
    x: i - 100,
  }));
  space.write(
    "p.yaml",
    pipeline()
      .replace("results: [judged]", "results: [judged.words]")
      .replace(JSON.stringify(rows), JSON.stringify(many)),
  );
  const run = await space.cli(["run", "p.yaml"]);
  expect(run.stdout).toBe(`
judged.words
column    type  values
────────  ────  ───────────────────────
sentence  utf8  s0, s1, s2 and 197 more
200 rows: blockspin show p.yaml judged.words --rows 200
`);
});

test.runIf(hasPty)(
  "on a terminal, colours say what is as expected, and nothing is too wide",
  () => {
    using space = new Space();
    space.write("p.yaml", pipeline());
    const { screen } = onTerminal(space, ["run", "p.yaml"]);
    expect(screen).toContain("\x1b[31mnot as expected: 1 claim\x1b[39m");
    expect(screen).toContain("\x1b[33mnot decided: 1 claim\x1b[39m");
    // The word YES, which sounds well, has no colour of its own.
    expect(screen).toContain(
      "\n  masses    1 YES, 1 NO (1 by construction): \x1b[32m1 as expected",
    );
  },
);

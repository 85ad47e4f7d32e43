/** Ablations as a user meets them: counts of what runs, sweeps that go on, comparisons, acceptance. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const module = fileURLToPath(new URL("../fixtures/number-node.js", import.meta.url));
const ref = (name: string) => `"\${${name}}"`;

/** 3 + 3 + 1 instances; `gain` changes the last two stages, and `seeds` their number. */
const pipeline = `blockspin: 1
name: test
use: [${JSON.stringify(module)}]
params: { seeds: [1, 2, 3], gain: 1, fail_at: 0 }
stages:
  data: { node: number, for: { seed: ${ref("seeds")} }, with: { seed: ${ref("seed")} } }
  train:
    node: number
    inputs: { data: data }
    with: { gain: ${ref("gain")}, seed: ${ref("seed")}, fail_at: ${ref("fail_at")} }
  report: { node: number, inputs: { all: { from: train, collect: all } } }
results: [report]
ablations:
  double: { gain: 2 }
  gains: { grid: { gain: [1, 3, 5] } }
  fewer: { seeds: [1, 2] }
metrics:
  x: { from: train.summary, column: x, where: { layer: code }, over: seed, better: higher }
`;

test("an ablation runs exactly the changed cone, by count", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 7, cached: 0 });
  const double = await space.run("p.yaml", ["--ablation", "double"]);
  // data is the baseline's; report has the input of another train.
  expect(double.inState("ran")).toEqual([
    "report[ablation=double]",
    "train[ablation=double,seed=1]",
    "train[ablation=double,seed=2]",
    "train[ablation=double,seed=3]",
  ]);
  expect(double.inState("cached")).toEqual(["data[seed=1]", "data[seed=2]", "data[seed=3]"]);
  const ran = double.events.find((event) => event["id"] === "report[ablation=double]")!;
  expect(ran).toMatchObject({ ablation: "double" });
  // Of the family, gain 1 is the baseline itself; fewer has a report of its own and nothing else.
  const all = await space.run("p.yaml", ["--ablation", "all"]);
  expect(all.finished).toMatchObject({ ran: 2 * 4 + 1, cached: 7 + 4 });
  expect((await space.run("p.yaml", ["--ablation", "all"])).finished).toMatchObject({ ran: 0 });
});

test("an ablation alone computes what it shares with the baseline, and not the rest of it", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const double = await space.run("p.yaml", ["--ablation", "double"]);
  expect(double.finished).toMatchObject({ ran: 7, cached: 0 });
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 4, cached: 3 });
});

test("more seeds run the new instances alone, in every ablation", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  await space.run("p.yaml", ["--ablation", "baseline", "double"]);
  const before = await space.cli(["show", "p.yaml", "train[ablation=double]", "--csv"]);
  const more = ["--set", "seeds=[1, 2, 3, 4]"];
  const run = await space.run("p.yaml", ["--ablation", "baseline", "double", ...more]);
  expect(run.inState("ran")).toEqual([
    "data[seed=4]",
    "report",
    "report[ablation=double]",
    "train[ablation=double,seed=4]",
    "train[seed=4]",
  ]);
  const after = await space.cli(["show", "p.yaml", "train[ablation=double]", "--csv", ...more]);
  expect(after.stdout.startsWith(before.stdout)).toBe(true);
});

test("a sweep says what is done, failed and left, and goes on when it is run again", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const args = ["run", "p.yaml", "--ablation", "baseline", "double", "--keep-going", "--jobs", "1"];
  const first = await space.cli([...args, "--set", "stages.train.with.fail_at=2"]);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain(
    "baseline  5 done, 1 failed, 1 left\n" +
      "double    5 done (3 of the baseline's), 1 failed, 1 left\n" +
      "run it again to go on; finished work is kept\n",
  );
  // The reason is gone, by an edit that other seeds' keys do not see.
  space.write("p.yaml", pipeline.replace("gain: 1, fail_at: 0", "gain: 1, fail_at: 9"));
  const again = await space.cli(args);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stderr).toContain("baseline  7 done\ndouble    7 done (3 of the baseline's)\n");
});

test("lines are folded by stage and ablation; --verbose and --json have them all", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const args = ["plan", "p.yaml", "--ablation", "baseline", "double"];
  const folded = await space.cli(args);
  expect(folded.stdout).toBe(`run      data x 3
           never computed before
unknown  train x 3, after data
unknown  report, after data
unknown  train[ablation=double] x 3, after data
unknown  report[ablation=double], after data
0 cached; 3 run; 8 follow unless the bytes come out the same; backend wasm
how long it takes is not known: nothing like it has run
`);
  const verbose = await space.cli([...args, "--verbose"]);
  expect(verbose.stdout).toContain("unknown  train[ablation=double,seed=2]\n");
  const plain = JSON.parse((await space.cli([...args, "--json"])).stdout);
  expect(plain).toHaveLength(11);
  expect(plain.at(-1)).toEqual({
    id: "report[ablation=double]",
    state: "unknown",
    reason: expect.stringContaining("waits for data[seed=1]"),
    ablation: "double",
    expectedSeconds: null,
  });
  const run = await space.cli(["run", "p.yaml", "--ablation", "baseline", "double"]);
  expect(run.stderr).toMatch(/^ran {5,}\d+\.\d s {2}train\[ablation=double\] x 3$/m);
  expect(run.stderr).not.toContain("seed=2");
  const long = ["--verbose", "--ablation", "gains[gain=5]"];
  const all = await space.cli(["run", "p.yaml", ...long]);
  expect(all.stderr).toContain("train[ablation=gains[gain=5],seed=2]");
});

test("a plan of an ablation says what differs from the baseline", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  await space.run("p.yaml");
  const plan = await space.cli(["plan", "p.yaml", "--ablation", "double"]);
  expect(plan.stdout).toBe(`run      train[ablation=double] x 3
           params.gain: 1 → 2 (from the baseline's)
unknown  report[ablation=double], after train[ablation=double]
3 cached; 3 run; 1 follow unless the bytes come out the same; backend wasm
a moment or more
`);
});

test("patterns name ablations, shared instances included", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const only = ["--only", "train[ablation=gains[gain=3],seed=2]"];
  const run = await space.run("p.yaml", only);
  expect(run.inState("ran")).toEqual(["data[seed=2]", "train[ablation=gains[gain=3],seed=2]"]);
  const show = async (pattern: string) =>
    (await space.cli(["show", "p.yaml", pattern, "--csv"])).stdout;
  expect(await show("train[ablation=gains[gain=3],seed=2]")).toBe("layer,x\ncode,12\nimage,0\n");
  expect(await show("data[ablation=gains[gain=3],seed=2]")).toBe("layer,x\ncode,4\nimage,0\n");
  await space.run("p.yaml", ["--ablation", "all"]);
  expect(await show("train[ablation=gains,seed=2]")).toBe(
    "ablation,seed,layer,x\n,2,code,4\n,2,image,0\n" +
      "gains[gain=3],2,code,12\ngains[gain=3],2,image,0\n" +
      "gains[gain=5],2,code,20\ngains[gain=5],2,image,0\n",
  );
  const unknown = await space.cli(["show", "p.yaml", "train[ablation=dubble]"]);
  expect(unknown).toMatchObject({
    code: 2,
    stderr: 'error: unknown ablation "dubble"\n  = did you mean "double"?\n',
  });
});

test("results are printed for each ablation that has its own", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const run = await space.cli(["run", "p.yaml", "--ablation", "all", "--only", "report"]);
  const titles = run.stdout.split("\n").filter((line) => line.startsWith("report"));
  expect(titles).toEqual([
    "report.summary",
    "report.summary, ablation double",
    "report.summary, ablation gains[gain=1]: the baseline's",
    "report.summary, ablation gains[gain=3]",
    "report.summary, ablation gains[gain=5]",
    "report.summary, ablation fewer",
  ]);
});

test("where a comparison follows, the baseline's results are enough", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const run = await space.cli(["run", "p.yaml", "--ablation", "all"]);
  const titles = run.stdout.split("\n").filter((line) => /^(report|tables|x:)/.test(line));
  expect(titles).toEqual([
    "report.summary",
    "tables of 5 ablations: blockspin show p.yaml 'report[ablation=NAME]'",
    expect.stringContaining("x: "),
  ]);
});

test("compare says what is not computed and how to, then compares pair by pair", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  await space.run("p.yaml");
  const before = await space.cli(["compare", "p.yaml", "--ablation", "double"]);
  expect(before.stdout).toContain(
    "not computed: train[ablation=double,seed=1], train[ablation=double,seed=2], " +
      "train[ablation=double,seed=3]\n  blockspin run p.yaml --ablation double\n",
  );
  // What a metric does not ask for need not be computed.
  const two = ["--ablation", "double", "--set", "metrics.x.where.seed=[1, 2]"];
  expect((await space.cli(["compare", "p.yaml", ...two])).stdout).toContain(
    "not computed: train[ablation=double,seed=1], train[ablation=double,seed=2]\n",
  );
  await space.run("p.yaml", ["--ablation", "all"]);
  const answers = JSON.parse((await space.cli(["compare", "p.yaml", "--json"])).stdout);
  expect(answers).toHaveLength(1);
  const { comparisons, unpaired } = answers[0];
  // 1, 4, 9 against 2, 8, 18: see test/compare/compare.test.ts for the statistics.
  expect(comparisons[0]).toMatchObject({
    ...{ ablation: "double", coordinate: {}, n: 3, reference: 14 / 3, value: 28 / 3 },
    outcome: "unclear",
  });
  expect(comparisons[0].p).toBeCloseTo(1 - 2 / Math.sqrt(6), 12);
  const outcomes = comparisons.map((one: Record<string, unknown>) => [
    one["ablation"],
    one["n"],
    one["outcome"],
  ]);
  expect(outcomes).toEqual([
    ["double", 3, "unclear"],
    ["gains[gain=1]", 3, "same"],
    ["gains[gain=3]", 3, "unclear"],
    ["gains[gain=5]", 3, "unclear"],
    ["fewer", 2, "same"],
  ]);
  expect(unpaired).toEqual([{ name: "fewer", side: "reference", ids: ["train[seed=3]"] }]);
  const csv = (await space.cli(["compare", "p.yaml", "--csv", "--ablation", "double"])).stdout;
  expect(csv).toMatch(/^metric,ablation,n,reference,value,difference,lo,.*\nx,double,3,4\.666/);
  const text = (await space.cli(["compare", "p.yaml", "--ablation", "double"])).stdout;
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(160);
  expect(text).toMatch(/^double {2}3 {2}unclear {2}5 \[-5, 15\] {13}0\.18 {6}4\.67 {3}9\.33$/m);
});

test("compare --with compares with an earlier run, by its name or by counting back", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  await space.run("p.yaml");
  space.write("p.yaml", pipeline.replace("gain: 1", "gain: 2").replace("[1, 2, 3]", "[1, 2]"));
  await space.run("p.yaml");
  const listed = JSON.parse((await space.cli(["runs", "p.yaml", "--json"])).stdout);
  expect(listed).toMatchObject([
    { ran: 3, cached: 2, failed: 0, skipped: 0, finished: true },
    { ran: 7, cached: 0, failed: 0, skipped: 0, finished: true },
  ]);
  const compare = async (run: string) =>
    JSON.parse((await space.cli(["compare", "p.yaml", "--with", run, "--json"])).stdout)[0];
  const back = await compare("latest~1");
  expect(back.comparisons).toMatchObject([
    { ablation: "now", n: 2, reference: 2.5, value: 5, difference: 2.5 },
  ]);
  expect(back.unpaired).toEqual([{ name: "now", side: "reference", ids: ["train[seed=3]"] }]);
  expect(await compare(listed[1].name)).toEqual(back);
  expect((await compare("latest")).comparisons).toMatchObject([{ outcome: "same", n: 2 }]);
  const unknown = await space.cli(["compare", "p.yaml", "--with", "latest~2"]);
  expect(unknown).toMatchObject({
    code: 2,
    stderr: 'error: there is no run "latest~2"\n  = blockspin runs lists them; there are 2\n',
  });
});

test.each([
  [["--metric", "y"], 'error: unknown metric "y"\n  = metrics: x\n'],
  [["--ablation", "duble"], 'error: unknown ablation "duble"\n  = did you mean "double"?\n'],
])("compare %j says what is wrong", async (args, message) => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const ended = await space.cli(["compare", "p.yaml", ...args]);
  expect(ended).toMatchObject({ code: 2, stdout: "", stderr: message });
});

test("compare names the columns that separate what a metric takes for one number", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline.replace("where: { layer: code }, ", ""));
  await space.run("p.yaml", ["--ablation", "baseline", "double"]);
  const ended = await space.cli(["compare", "p.yaml", "--ablation", "double"]);
  expect(ended).toMatchObject({
    code: 2,
    stderr:
      'error: metric "x": several rows of train[seed=1] are one observation\n' +
      '  = select rows with "where", or separate them with "by": layer\n',
  });
});

import { expect, test } from "vitest";
import { f64, nullable, utf8 } from "../../../src/engine/node-type.ts";
import { verdict } from "../../../src/nodes/verdict/index.ts";
import type { Table } from "../../../src/table/schema.ts";
import { runNode } from "../../harness/run-node.ts";
import { tableOf } from "../../harness/tables.ts";
import { digestOf } from "../digest.ts";

const seeds = [1, 2, 3, 4, 5];
/** Small differences between seeds that sum to zero. */
const wobble = [-0.002, 0.001, 0, 0.003, -0.002];

/** As `collect: all` gives it: axes first, null where a model has no rule. */
function metricsOf(replicates = seeds): Table {
  const models = [
    { model: "ae", rule: null, hoyer: 0.2, pr: 86, mse: 0.243, rho: null },
    { model: "rg", rule: "decimation", hoyer: 0.857, pr: 1.1, mse: 0.315, rho: null },
    { model: "rg", rule: "majority", hoyer: 0.606, pr: 5.2, mse: 0.297, rho: 1 },
  ];
  const rows = models.flatMap((row) =>
    replicates.map((seed, i) => ({
      ...row,
      seed,
      hoyer: row.hoyer + wobble[i % 5]! * (row.model === "ae" ? 1 : -2),
      pr: row.pr * (1 + wobble[i % 5]!),
      mse: row.mse + wobble[(i + 2) % 5]! * (row.model === "ae" ? 1 : 0.5),
    })),
  );
  return tableOf(
    {
      model: utf8,
      rule: nullable(utf8),
      seed: f64,
      hoyer: f64,
      pr: f64,
      mse: f64,
      mse_se: f64,
      rho: nullable(f64),
    },
    {
      model: rows.map((r) => r.model),
      rule: rows.map((r) => r.rule),
      seed: rows.map((r) => r.seed),
      hoyer: rows.map((r) => r.hoyer),
      pr: rows.map((r) => r.pr),
      mse: rows.map((r) => r.mse),
      mse_se: rows.map(() => 0.003),
      rho: rows.map((r) => r.rho),
    },
  );
}

/** One row a beta, seed and ensemble; the coarse entropy crosses the original's at .5. */
const entropies = (() => {
  const betas = [0.2, 0.4, 0.6];
  const rows = ["original", "coarse"].flatMap((ensemble) =>
    seeds.flatMap((seed, i) =>
      betas.map((beta) => ({
        ensemble,
        seed,
        beta,
        entropy: 0.8 - beta + (ensemble === "coarse" ? 0.5 - beta + wobble[i]! : 0),
      })),
    ),
  );
  return tableOf(
    { ensemble: utf8, seed: f64, beta: f64, estimator: utf8, entropy: f64 },
    {
      ensemble: rows.map((r) => r.ensemble),
      seed: rows.map((r) => r.seed),
      beta: rows.map((r) => r.beta),
      estimator: rows.map(() => "cond5"),
      entropy: rows.map((r) => r.entropy),
    },
  );
})();

const sides = { left: { model: "ae" }, right: { model: "rg" }, each: ["rule"], margin: 0.05 };
const sparse = {
  name: "sparse",
  metric: "hoyer",
  side: "less",
  ...sides,
  bearing: "by-construction",
};

async function judge(params: Record<string, unknown>, metrics = metricsOf()) {
  const inputs = { metrics };
  const run = await runNode(verdict, { inputs, params, moreInputs: { entropy: entropies } });
  const { rows } = run.outputs.table;
  const columns = { ...run.outputs.details.columns, ...run.outputs.table.columns };
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const row = (i: number) => Object.fromEntries(names.map((name) => [name, columns[name]![i]]));
  return { ...run, rows: Array.from({ length: rows }, (_, i) => row(i)) };
}

test("verdict() repeats a claim over `each`, with a side that lacks the axis against every value", async () => {
  const { rows, warnings } = await judge({ claims: [sparse] });
  expect(rows.map(({ each, verdict, n }) => [each, verdict, n])).toEqual([
    ["rule=decimation", "REPRODUCED", 5],
    ["rule=majority", "REPRODUCED", 5],
  ]);
  const [first] = rows;
  expect(first!["estimate"]).toBeCloseTo(0.2 - 0.857, 12); // left - right, not turned around
  expect(first!["lo"] as number).toBeLessThan(-0.657);
  expect(first!["hi"] as number).toBeLessThan(-0.05);
  expect(first).toMatchObject({
    claim: "sparse",
    role: "claim",
    family: "claims",
    bearing: "by-construction",
    reason: "the interval lies beyond the margin on the claimed side",
    fact: "sparse",
    beta: null,
    bca_lo: null,
  });
  expect(first!["p_adjusted"]).toBeCloseTo(2 * (first!["p"] as number), 18);
  expect(first!["p_flip"]).toBe(1 / 16); // of five signs, twice 1/32
  expect(warnings).toEqual([]);
});

test("verdict() compares by ratio on the log scale, the margin being a factor", async () => {
  const claim = { ...sparse, name: "pr", metric: "pr", side: "greater", scale: "log", margin: 2 };
  const { rows } = await judge({ claims: [claim, { ...claim, name: "pr20", margin: 20 }] });
  expect(rows.map(({ verdict }) => verdict)).toEqual([
    "REPRODUCED",
    "REPRODUCED",
    "REPRODUCED",
    "EQUIVALENT", // 86 / 5.2 = 16.5, within a factor of 20
  ]);
  expect(rows[0]!["estimate"]).toBeCloseTo(86 / 1.1, 9);
  expect(rows[0]!["lo"]).toBeCloseTo(86 / 1.1, 9); // no spread in the ratio: a point
});

test("verdict() shows the error within a replicate beside the interval", async () => {
  const claim = { ...sparse, name: "loss", metric: "mse", margin: 0, why_zero: "a sign" };
  const { rows } = await judge({ claims: [claim] });
  expect(rows[0]!["within_se"]).toBeCloseTo(0.003 * Math.SQRT2, 15);
});

test("verdict() means over betas or demands every one, in a window", async () => {
  const claim = {
    metric: "entropy.entropy",
    where: { estimator: "cond5" },
    left: { ensemble: "coarse" },
    right: { ensemble: "original" },
    side: "greater",
    margin: 0.02,
  };
  const { rows } = await judge({
    claims: [
      { ...claim, name: "mean", over: { betas: "mean" }, family: "a" },
      { ...claim, name: "every", over: { betas: "every" }, family: "b" },
      { ...claim, name: "hot", over: { betas: "every", window: [0.2, 0.4] }, family: "c" },
    ],
    controls: [{ ...claim, name: "cold", over: { betas: "mean", window: [0.5, 1] } }],
  });
  expect(rows.map(({ claim, role, verdict, beta }) => [claim, role, verdict, beta])).toEqual([
    ["mean", "claim", "REPRODUCED", null],
    ["every", "claim", "CONTRADICTED", 0.6],
    ["hot", "claim", "REPRODUCED", 0.4],
    ["cold", "control", "ABSENT", null],
  ]);
  expect(rows[0]!["estimate"]).toBeCloseTo(0.1, 12);
  expect(rows[1]!["reason"]).toMatch(/; least at beta 0\.6$/);
  expect(rows[2]!["estimate"]).toBeCloseTo(0.1, 12);
});

test("verdict() corrects over claims and their `each` within a family, controls apart", async () => {
  const { rows } = await judge({
    claims: [sparse],
    controls: [
      { ...sparse, name: "control", family: "claims", right: { rule: "majority" }, each: [] },
    ],
  });
  // Two rows of claims share alpha; the control stands alone.
  for (const row of rows) {
    const share = row["role"] === "claim" ? 2 : 1;
    expect(row["p_adjusted"]).toBeCloseTo(share * (row["p"] as number), 18);
  }
  expect(rows.map(({ verdict }) => verdict)).toEqual(["REPRODUCED", "REPRODUCED", "PRESENT"]);
});

test("verdict() only reports three replicates, and one without an interval", async () => {
  const three = await judge({ claims: [sparse] }, metricsOf([1, 2, 3]));
  expect(three.rows[0]).toMatchObject({
    verdict: "REPORT-ONLY",
    n: 3,
    reason: "3 replicates: a report, no verdict",
  });
  expect(three.rows[0]!["lo"]).not.toBeNull();
  const single = await judge({ claims: [sparse] }, metricsOf([7]));
  expect(single.rows[0]).toMatchObject({
    verdict: "REPORT-ONLY",
    n: 1,
    lo: null,
    hi: null,
    p: null,
  });
});

test("verdict() gives a bootstrap interval from twenty replicates on", async () => {
  const { rows } = await judge({ claims: [sparse] }, metricsOf([...Array(20).keys()]));
  expect(rows[0]!["bca_lo"] as number).toBeLessThan(rows[0]!["estimate"] as number);
  expect(rows[0]!["bca_hi"] as number).toBeGreaterThan(rows[0]!["estimate"] as number);
});

test("verdict() compares with a number", async () => {
  const claim = { ...sparse, name: "gaussian", right: 0.2, margin: 0.01, each: [] };
  const { rows } = await judge({ claims: [claim] });
  expect(rows[0]).toMatchObject({ verdict: "EQUIVALENT", each: "" });
  expect(rows[0]!["right"]).toBeCloseTo(0.2, 15);
});

test("verdict() names what it could not pair", async () => {
  const metrics = metricsOf();
  const gone = { ...metrics.columns, seed: (metrics.columns["seed"] as Float64Array).slice() };
  gone.seed[0] = 9; // the autoencoder of seed 1 is now of a seed that no other model has
  const { rows, warnings } = await judge({ claims: [sparse] }, { ...metrics, columns: gone });
  expect(rows[0]).toMatchObject({ n: 4 });
  expect(warnings[0]).toEqual({
    code: "unpaired",
    message: "sparse (rule=decimation): 2 of 6 replicates (seed) have no pair: 1, 9",
  });
});

test("verdict() points at what is wrong with a claim before anything runs", async () => {
  const fails = async (claim: object, path: string, message: string | RegExp) => {
    const params = { claims: [sparse, { ...sparse, name: "b", ...claim }] };
    await expect(judge(params)).rejects.toMatchObject({
      name: "InvalidParam",
      path: `claims.1${path}`,
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
  };
  await fails(
    { metric: "hoyr" },
    ".metric",
    'names the unknown column "hoyr" of metrics; there is model, rule, seed, hoyer, pr, mse, mse_se, rho',
  );
  await fails(
    { metric: "weights.hoyer" },
    ".metric",
    'names the unknown port "weights"; there is metrics, entropy',
  );
  await fails({ metric: "model" }, ".metric", 'is "model", which holds no numbers');
  await fails({ name: "sparse" }, ".name", 'is "sparse" again, as of claims.0');
  await fails(
    { left: { mdel: "ae" } },
    ".left.mdel",
    /^names the unknown column "mdel" of metrics/,
  );
  await fails({ each: ["rul"] }, ".each.0", /^names the unknown column "rul"/);
  await fails(
    { scale: "log", margin: 0.5 },
    ".margin",
    "is a factor on the log scale, 1 or more, got 0.5",
  );
  await fails(
    { over: { betas: "mean" } },
    ".over",
    'asks for betas, but metrics has no column "beta"',
  );
  await fails(
    { metric: "entropy.entropy", left: { ensemble: "coarse" }, right: 0, each: [] },
    "",
    "needs over: { betas: mean } or every, or along: beta, as entropy has a row a beta",
  );
  // Known only from the values:
  await fails(
    { left: { model: "aee" } },
    ".left",
    'matches no row: model: "aee"; model is "ae", "rg"',
  );
  await fails({ each: [] }, ".right", 'matches several rows for seed 1; they differ in "rule"');
  // A beta that is not there is none of 0.
  const unknown = tableOf(
    { seed: f64, beta: nullable(f64), x: f64 },
    { seed: [1, 2, 3, 4], beta: [0.3, null, 0.3, 0.3], x: [1, 2, 3, 4] },
  );
  const x = { name: "x", metric: "x", left: {}, right: 0, side: "greater", margin: 1 };
  await expect(judge({ claims: [{ ...x, over: { betas: "mean" } }] }, unknown)).rejects.toThrow(
    "asks for betas, but row 1 has none",
  );
  const replicate = judge({ claims: [sparse], replicate: "run" });
  await expect(replicate).rejects.toMatchObject({ path: "replicate" });
  const { margin, ...without } = sparse;
  await expect(judge({ claims: [without] })).rejects.toThrow(
    "must have required property 'margin'",
  );
  expect(margin).toBe(0.05);
});

test("verdict() gives the same bits as ever for one table", async () => {
  const log = { ...sparse, name: "pr", metric: "pr", side: "greater", scale: "log", margin: 2 };
  const { outputs } = await judge({ claims: [sparse, log] }, metricsOf([...Array(20).keys()]));
  // Output changed? Raise the node's version (now 4) and record the new digest.
  expect(digestOf(outputs)).toBe("09006899fd1437f9");
});

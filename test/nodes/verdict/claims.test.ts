/** What `verdict` does with values that are not there, with scales, and with expectations. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expandPipeline } from "../../../src/engine/expand/index.ts";
import type { Registry } from "../../../src/engine/graph.ts";
import { renderDiagnostic } from "../../../src/engine/language/diagnostic.ts";
import { f64, nullable, utf8 } from "../../../src/engine/node-type.ts";
import { constants, nodeTypes } from "../../../src/nodes/index.ts";
import { verdict } from "../../../src/nodes/verdict/index.ts";
import { createGenerator, streamSeed } from "../../../src/random/index.ts";
import type { Table } from "../../../src/table/schema.ts";
import { loadPipeline } from "../../harness/load-pipeline.ts";
import { runNode } from "../../harness/run-node.ts";
import { tableOf } from "../../harness/tables.ts";

interface Row {
  readonly model: string;
  readonly seed: number;
  readonly beta?: number;
  readonly value: number | null;
}

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const wobble = (seed: number) => 0.01 * ((seed * 5) % 7);

/** `value` for each model, seed and beta; undefined gives no row. */
function rowsOf(
  value: (model: string, seed: number, beta: number) => number | null | undefined,
  betas: readonly number[] = [0],
): Row[] {
  return ["a", "b"].flatMap((model) =>
    seeds.flatMap((seed) =>
      betas.flatMap((beta) => {
        const given = value(model, seed, beta);
        return given === undefined ? [] : [{ model, seed, beta, value: given }];
      }),
    ),
  );
}

function tableFrom(rows: readonly Row[]): Table {
  return tableOf(
    { model: utf8, seed: f64, beta: f64, value: nullable(f64) },
    {
      model: rows.map((r) => r.model),
      seed: rows.map((r) => r.seed),
      beta: rows.map((r) => r.beta ?? 0),
      value: rows.map((r) => r.value),
    },
  );
}

const base = {
  name: "c",
  metric: "value",
  left: { model: "a" },
  right: { model: "b" },
  side: "greater",
  margin: 0.1,
  over: { betas: "mean" },
};

async function judge(
  rows: readonly Row[],
  claims: readonly object[],
  more: Record<string, unknown> = {},
) {
  const params = { claims: claims.map((claim) => ({ ...base, ...claim })), ...more };
  const run = await runNode(verdict, { inputs: { metrics: tableFrom(rows) }, params });
  const { columns, rows: count } = run.outputs.table;
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const row = (i: number) => Object.fromEntries(names.map((name) => [name, columns[name][i]]));
  return { rows: Array.from({ length: count }, (_, i) => row(i)), warnings: run.warnings };
}

const undecided = { verdict: "INCONCLUSIVE", lo: null, hi: null, p: null, p_adjusted: null };

test("verdict() decides nothing on the replicates that happen to have a value", async () => {
  // Those that have one all say the same, clearly; four of them would be enough for a verdict.
  for (const gone of [[2, 3, 5, 7, 8], [8]]) {
    const text = `${gone.length} of 8 replicates (seed) have no value: ${gone.join(", ")}; nothing is decided`;
    const lacks = (side: string) =>
      rowsOf((model, seed) =>
        model === side && gone.includes(seed) ? null : (model === "a" ? 1 : 0) + wobble(seed),
      );
    for (const [rows, right] of [
      [lacks("a"), 0],
      [lacks("a"), { model: "b" }],
      [lacks("b"), { model: "b" }],
      [rowsOf((_, seed) => (gone.includes(seed) ? null : 1 + wobble(seed))), { model: "b" }],
      [lacks("a").map((r) => ({ ...r, value: r.value ?? Number.NaN })), 0],
    ] as const) {
      const judged = await judge(rows, [{ right, expect: "REPRODUCED" }]);
      expect(judged.rows[0]).toMatchObject({ ...undecided, n: 8 - gone.length, reason: text });
      expect(judged.rows[0]!["as_expected"]).toBeNull(); // no evidence against it
      expect(judged.warnings).toEqual([{ code: "missing-values", message: `c: ${text}` }]);
    }
  }
});

test("verdict() keeps a beta without a value for some replicate in its window", async () => {
  // At .4 the claim fails; without it, it would be reproduced.
  const value = (model: string, seed: number, beta: number) =>
    model === "b" ? 0 : (beta === 0.4 ? -1 : 1) + wobble(seed);
  const betas = [0.2, 0.4, 0.6];
  const lacks = (what: null | undefined, which: readonly number[]) =>
    rowsOf(
      (model, seed, beta) =>
        model === "a" && beta === 0.4 && which.includes(seed) ? what : value(model, seed, beta),
      betas,
    );
  const claims = [{ over: { betas: "every" } }, { name: "mean" }];
  expect((await judge(lacks(null, []), claims)).rows[0]!["verdict"]).toBe("CONTRADICTED");
  const text = "1 of 8 replicates (seed) have no value: 3 (at beta 0.4); nothing is decided";
  for (const what of [null, undefined]) {
    const { rows, warnings } = await judge(lacks(what, [3]), claims);
    expect(rows[0]).toMatchObject({ ...undecided, n: 7, reason: `${text}; least at beta 0.4` });
    expect(rows[0]!["estimate"]).toBeLessThan(-0.9);
    expect(rows[1]).toMatchObject({ ...undecided, n: 7, reason: text });
    expect(warnings.map(({ code }) => code)).toEqual(["missing-values", "missing-values"]);
  }
  const nowhere = await judge(lacks(null, seeds), claims);
  for (const row of nowhere.rows) {
    expect(row).toMatchObject({ ...undecided, n: 0, estimate: null, left: null, right: null });
    expect(row["reason"]).toMatch(/^8 of 8 .*: 1 \(at beta 0\.4\), 2 \(at beta 0\.4\), /);
  }
  // Outside of the window it does not matter.
  const window = { over: { betas: "every", window: [0.5, 0.7] } };
  expect((await judge(lacks(null, [3]), [window])).rows[0]!["verdict"]).toBe("REPRODUCED");
});

test("verdict() reports and names what lacks a value where there are too few anyway", async () => {
  const rows = rowsOf((_, seed) => (seed > 3 ? undefined : seed === 2 ? null : 1 + wobble(seed)));
  const judged = await judge(rows, [{ right: 0, expect: "REPRODUCED" }]);
  expect(judged.rows[0]).toMatchObject({
    ...undecided,
    verdict: "REPORT-ONLY",
    n: 2,
    reason: "1 of 3 replicates (seed) have no value: 2; nothing is decided",
    as_expected: null,
  });
});

test("a claim without all values still widens its family", async () => {
  const rows = rowsOf((model, seed) => (model === "b" && seed === 4 ? null : 1 + wobble(seed)));
  const judged = await judge(rows, [{ right: 0 }, { name: "lacks" }]);
  const [whole] = judged.rows;
  expect(whole!["p_adjusted"]).toBeCloseTo(2 * (whole!["p"] as number), 20);
  expect(judged.rows[1]).toMatchObject(undecided);
});

test("verdict() compares what stands on both sides, and tells what does not", async () => {
  const value = (model: string, seed: number) => (model === "a" ? 1 : 0) + wobble(seed);
  const rows = rowsOf(
    (model, seed, beta) =>
      (model === "b" && (seed === 2 || beta === 0.4)) || (model === "a" && seed === 8)
        ? undefined
        : value(model, seed),
    [0.2, 0.4],
  );
  const { rows: judged, warnings } = await judge(rows, [{}]);
  const texts = ["2 of 8 replicates (seed) have no pair: 2, 8", "1 of 2 betas have no pair: 0.4"];
  expect(judged[0]).toMatchObject({ verdict: "REPRODUCED", n: 6 });
  expect(judged[0]!["reason"]).toMatch(new RegExp(`${texts.join("; ").replace(/[()]/g, "\\$&")}$`));
  expect(warnings).toEqual(texts.map((text) => ({ code: "unpaired", message: `c: ${text}` })));
});

test("verdict() leaves undecided where every replicate lacks a value, and decides elsewhere", async () => {
  const value = (model: string, seed: number, beta: number) =>
    model === "b" || beta === 0.4 ? null : 1 + wobble(seed);
  const all = "8 of 8 replicates (seed) have no value: 1, 2, 3, 4, 5, 6, 7, 8; nothing is decided";
  const each = { left: {}, right: 0, each: ["model"] };
  const judged = await judge(rowsOf(value), [each]);
  const empty = { ...undecided, n: 0, estimate: null, left: null, right: null, reason: all };
  expect(judged.rows).toMatchObject([{ each: "model=a", verdict: "REPRODUCED", n: 8 }, empty]);
  expect(judged.warnings).toEqual([{ code: "missing-values", message: `c (model=b): ${all}` }]);
  // All lack it on the right alone, over all betas, and at one value of an axis.
  expect((await judge(rowsOf(value), [{}])).rows[0]).toMatchObject(empty);
  const along = { left: { model: "a" }, right: 0, along: "beta", over: undefined };
  const [row] = (await judge(rowsOf(value, [0.2, 0.4]), [along])).rows;
  expect(row).toMatchObject({ verdict: "MIXED", n: 8 });
  expect(row!["reason"]).toMatch(/^holds at beta 0\.2 \(undecided at 0\.4\); .*8 of 8 replicates/);
  // Two without a value stay a report, as two with one are.
  const few = rowsOf((_, seed) => (seed > 2 ? undefined : null));
  expect((await judge(few, [{ right: 0 }])).rows[0]).toMatchObject({
    verdict: "REPORT-ONLY",
    n: 0,
  });
});

test("verdict() fails where the two sides have no rows in common", async () => {
  const fails = (rows: readonly Row[]) => expect(judge(rows, [{}])).rejects;
  const half = rowsOf((model, seed) => ((model === "a") === seed > 4 ? 1 : undefined));
  await fails(half).toMatchObject({
    name: "InvalidParam",
    path: "claims.0",
    message: "has no replicates (seed) that left and right share",
  });
  const betas = rowsOf(
    (model, _, beta) => ((model === "a") === beta > 0.3 ? 1 : undefined),
    [0.2, 0.4],
  );
  await fails(betas).toMatchObject({ message: "has no betas that left and right share" });
});

test("verdict() decides nothing without positive values on the log scale", async () => {
  const log = { scale: "log", margin: 2 };
  const rows = rowsOf((model, seed) => (model === "a" ? 1 : -1) - wobble(seed));
  const none = await judge(rows, [log]);
  expect(none.rows[0]).toMatchObject({ ...undecided, n: 0, estimate: null });
  expect(none.rows[0]!["reason"]).toMatch(/^8 of 8 replicates \(seed\) have no positive value: /);
  await expect(judge(rows, [{ ...log, right: -1 }])).rejects.toMatchObject({
    name: "InvalidParam",
    path: "claims.0.right",
    message: "must be positive on the log scale, got -1",
  });
  const some = rowsOf((model, seed) => (model === "a" && seed === 6 ? 0 : 1 + wobble(seed)));
  const judged = await judge(some, [log]);
  expect(judged.rows[0]).toMatchObject({
    ...undecided,
    n: 7,
    reason: "1 of 8 replicates (seed) have no positive value: 6; nothing is decided",
  });
});

test("verdict() says whether it saw what is expected", async () => {
  const rows = rowsOf((model, seed) => (model === "a" ? 1 : 0) + wobble(seed) * 0.1 * seed);
  const { rows: judged } = await judge(rows, [
    { name: "right", expect: "REPRODUCED" },
    { name: "wrong", expect: "EQUIVALENT" },
    { name: "either", expect: ["EQUIVALENT", "REPRODUCED"] },
    { name: "none" },
  ]);
  expect(judged.map((row) => [row["expected"], row["as_expected"]])).toEqual([
    ["REPRODUCED", 1],
    ["EQUIVALENT", 0],
    ["EQUIVALENT or REPRODUCED", 1],
    ["", null],
  ]);
});

/** What is said of a pipeline that ships, after an edit. */
function diagnosticsOf(path: string, edit: (text: string) => string) {
  const text = edit(readFileSync(path, "utf8"));
  const readFile = (file: string) => (file.endsWith(path) ? text : readFileSync(file, "utf8"));
  const registry: Registry = new Map(
    nodeTypes.map((type) => [type.type, { type, module: "", code: null }]),
  );
  const loaded = loadPipeline(path, { set: [], constants, readFile });
  const expanded = expandPipeline(loaded.value!, registry, { hashFile: () => "" });
  const line = (word: string) => text.slice(0, text.indexOf(word)).split("\n").length;
  return { told: expanded.diagnostics.map(renderDiagnostic), line };
}

test("a claim without a margin is an error at its place in the pipeline, told once", () => {
  const path = "pipelines/rg-vs-autoencoder.yaml";
  const { told, line } = diagnosticsOf(path, (text) => text.replace(/^ +margin: 0\.05\n/m, ""));
  expect(told).toEqual([
    expect.stringMatching(
      `^${path}:${line("- name: sparser weights")}:11: error\\[missing-key\\]: missing key "claims.0.margin"`,
    ),
  ]);
});

test("a misspelt expectation is an error at its place in the pipeline", () => {
  const path = "pipelines/mcrg.yaml";
  const { told, line } = diagnosticsOf(path, (text) =>
    text
      .replace("expect: REPRODUCED", "expect: REPRODUCDE")
      .replace("expect: REPRODUCED", "expect: [REPRODUCED, REPORT-ONLY]"),
  );
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(
    `${path}:${line("REPRODUCDE")}:19: error[invalid-param]: "claims.0.expect" must be`,
  );
  expect(told[0]).toMatch('did you mean "REPRODUCED"?');
  expect(told[1]).toMatch(
    `${path}:${line("[REPRODUCED, REP")}:32: error[invalid-param]: "claims.1.expect.1" must be`,
  );
});

/** The rows of the node's table, on a scale from `low` to `high`. */
function byTable(lo: number, hi: number, low: number, high: number): string {
  if (lo > high) return "REPRODUCED";
  if (hi < low) return "CONTRADICTED";
  if (low < lo && hi < high) return "EQUIVALENT";
  return hi < high ? "NOT-REPRODUCED" : "INCONCLUSIVE";
}

test("verdict() prints an interval from which its verdict follows, on both scales", async () => {
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "scales", seed: 1, parts: [] }),
  );
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!;
  const seen = new Set<string>();
  for (let trial = 0; trial < 600; trial++) {
    const spread = pick([0, 0.01, 0.1, 0.3]);
    const places = new Map([
      [0, pick([-1, 0, 1]) * Math.LN2 + 2 * spread * random.normal()],
      [1, pick([-1, 0, 1]) * 0.3 + 2 * spread * random.normal()],
    ]);
    const rows = rowsOf(
      (model, _, beta) =>
        model === "b" ? 1 : Math.exp(places.get(beta)! + spread * random.normal()),
      [...places.keys()],
    );
    const claims = [0, 1].flatMap((beta) =>
      ["greater", "less"].flatMap((side) => [
        { side, scale: "log", margin: pick([1, 1.35, 2]), where: { beta } },
        { side, scale: "linear", margin: pick([0, 0.3, 0.6]), where: { beta } },
      ]),
    );
    const named = claims.map((claim, i) => {
      const isZero = claim.margin === (claim.scale === "log" ? 1 : 0);
      const why = isZero ? { why_zero: "a sign" } : {};
      return { ...claim, ...why, name: `c${i}`, over: undefined };
    });
    for (const [i, row] of (await judge(rows, named)).rows.entries()) {
      const { side, scale, margin } = claims[i]!;
      const low = scale === "log" ? 1 / margin : -margin;
      const [lo, hi] = [row["lo"] as number, row["hi"] as number];
      const read =
        side === "greater" ? byTable(lo, hi, low, margin) : byTable(-hi, -lo, -margin, -low);
      expect(row["verdict"], JSON.stringify(row)).toBe(read);
      seen.add(`${scale} ${row["verdict"]}`);
    }
  }
  const all = ["CONTRADICTED", "EQUIVALENT", "INCONCLUSIVE", "NOT-REPRODUCED", "REPRODUCED"];
  expect([...seen].sort()).toEqual(all.flatMap((word) => [`linear ${word}`, `log ${word}`]).sort());
});

test("a margin of none is refused unless the claim says why", async () => {
  const rows = rowsOf((model, seed) => (model === "a" ? 1 : 0.5) + wobble(seed));
  const fails = (claim: object) => expect(judge(rows, [claim])).rejects;
  const cure = "write the least that matters, or in why_zero why every one does";
  await fails({ margin: 0 }).toMatchObject({
    path: "claims.0.margin",
    message: `is 0, so that any difference decides, however small: ${cure}`,
  });
  await fails({ margin: 1, scale: "log" }).toMatchObject({
    path: "claims.0.margin",
    message: expect.stringContaining("is 1, so that any difference decides"),
  });
  await fails({ margin: 0, side: "equal", why_zero: "a sign" }).toMatchObject({
    path: "claims.0.margin",
    message: expect.stringContaining("no interval lies within that"),
  });
  await fails({ margin: 0.1, why_zero: "a sign" }).toMatchObject({
    path: "claims.0.why_zero",
    message: "says why the margin is none, but it is 0.1",
  });
  const judged = await judge(rows, [{ margin: 0, why_zero: "the claim is of a sign" }]);
  expect(judged.rows[0]).toMatchObject({ verdict: "REPRODUCED", margin: 0 });
});

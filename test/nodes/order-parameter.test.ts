import { expect, test } from "vitest";
import { f64, InvalidInput, InvalidParam, i32, vector } from "../../src/engine/node-type.ts";
import { orderParameter } from "../../src/nodes/order-parameter/index.ts";
import { peakOf } from "../../src/nodes/order-parameter/rows.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { random } from "../learn/networks.ts";
import { digestOf } from "./digest.ts";

async function measure(configurations: Table, params: object) {
  const { outputs, warnings } = await runNode(orderParameter, {
    params: { ...params },
    inputs: { configurations },
  });
  const { peak, by_beta } = outputs as unknown as Record<"peak" | "by_beta", Table>;
  type Cells = Record<string, (number | null)[]>;
  return {
    peak: peak.columns as unknown as Cells,
    by_beta: by_beta.columns as unknown as Cells,
    warnings,
    outputs: { peak, by_beta },
  };
}

test("peakOf() finds the vertex of a parabola, also between uneven betas", () => {
  const betas = [0.3, 0.35, 0.4, 0.42, 0.5, 0.7];
  const values = betas.map((beta) => 5 - 40 * (beta - 0.413) ** 2);
  for (const reach of [1, 2, 5]) {
    const peak = peakOf(betas, values, reach)!;
    expect(Math.abs(peak.beta - 0.413)).toBeLessThan(1e-12);
    expect(Math.abs(peak.height - 5)).toBeLessThan(1e-12);
  }
  expect(peakOf(betas, [...values].sort(), 2)).toBeUndefined();
  expect(peakOf([1, 2], [1, 2], 1)).toBeUndefined();
});

test("order-parameter has the moments worked out by hand", async () => {
  const configurations = tableOf(
    { values: vector("float32", 2), beta: f64 },
    { values: [9, 1, 9, -1, 9, 3, 9, -3].map(Number), beta: [0.5, 0.5, 0.5, 0.5] },
  ) as Table;
  const { by_beta, peak, warnings } = await measure(configurations, {
    unit: 1,
    sites: 16,
    divide: 2,
  });
  // z = 1/2, -1/2, 3/2, -3/2: <|z|> = 1, <z^2> = 5/4, <z^4> = 41/16.
  expect(by_beta["mean"]![0]).toBe(0);
  expect(by_beta["mean_abs"]![0]).toBe(1);
  expect(by_beta["susceptibility"]![0]).toBe(4);
  expect(by_beta["binder"]![0]).toBeCloseTo(1 - 41 / 16 / (3 * (25 / 16)), 12);
  expect(peak["beta_peak"]).toEqual([null]);
  expect(warnings).toEqual([
    {
      code: "few-configurations",
      message:
        "4 configurations at beta 0.5: below 20, the blocks of the jackknife, errors are a guess",
    },
    { code: "no-peak", message: "the susceptibility has no peak within the betas" },
  ]);
});

/** z = +-(1 + s x) with x = +-1: <|z|> = 1, <z^2> = 1 + s^2, so N s^2 is the susceptibility. */
function scattered(samples: number) {
  const betas = Array.from({ length: 9 }, (_, i) => 0.4 + 0.01 * i);
  const generator = random("order");
  const rows = betas.flatMap((beta) => {
    const s = Math.sqrt(0.02 - 4 * (beta - 0.443) ** 2);
    return Array.from({ length: samples }, () => {
      const sign = generator.below(2) * 2 - 1;
      return { beta, z: sign * (1 + s * (generator.below(2) * 2 - 1)) };
    });
  });
  return tableOf(
    { z: f64, beta: f64, magnetization: i32 },
    {
      z: rows.map(({ z }) => z),
      beta: rows.map(({ beta }) => beta),
      magnetization: rows.map(({ z }) => Math.round(1000 * z)),
    },
  ) as Table;
}

test("order-parameter finds the peak of a susceptibility within its errors", async () => {
  const { peak, outputs } = await measure(scattered(2000), { column: "z", sites: 100, reach: 4 });
  // Two comparisons at 4 sigma of 20-block jackknives (t with 19 degrees: 8e-4 each).
  const at = (name: string) => peak[name]![0]!;
  expect(Math.abs(at("beta_peak") - 0.443)).toBeLessThan(4 * at("beta_peak_se"));
  expect(at("beta_peak_se")).toBeLessThan(0.002);
  expect(Math.abs(at("susceptibility_peak") - 2)).toBeLessThan(4 * at("susceptibility_peak_se"));
  expect(at("temperature_peak")).toBe(1 / at("beta_peak"));
  expect([orderParameter.version, digestOf(outputs)]).toEqual([1, "38bc5b99b76862ee"]);
});

test("order-parameter locates what does not fit", async () => {
  const table = scattered(2);
  await expect(measure(table, { column: "z", sites: 4, unit: 1 })).rejects.toEqual(
    new InvalidParam("unit", "expected less than 1, got 1"),
  );
  await expect(measure(table, { column: "zz", sites: 4 })).rejects.toEqual(
    new InvalidParam("column", 'must be one of the columns "z", "beta", "magnetization", got "zz"'),
  );
  const empty = tableOf({ values: vector("float32", 1), beta: f64 }, { values: [], beta: [] });
  await expect(measure(empty as Table, { sites: 4 })).rejects.toEqual(
    new InvalidInput("configurations", "holds no configurations"),
  );
});

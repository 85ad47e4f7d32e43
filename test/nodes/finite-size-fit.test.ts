import { expect, test } from "vitest";
import { f64, InvalidInput, InvalidParam, i32, nullable } from "../../src/engine/node-type.ts";
import { finiteSizeFit } from "../../src/nodes/finite-size-fit.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";

type Point = readonly [size: number, value: number | null, error: number | null];

async function extrapolate(points: readonly Point[], params: object = {}) {
  const values = tableOf(
    { size: i32, beta_peak: nullable(f64), beta_peak_se: nullable(f64) },
    {
      size: points.map(([size]) => size),
      beta_peak: points.map(([, value]) => value),
      beta_peak_se: points.map(([, , error]) => error),
    },
  ) as Table;
  const { outputs, warnings } = await runNode(finiteSizeFit, {
    params: { column: "beta_peak", ...params },
    inputs: { values },
  });
  const columns = outputs["fit"].columns as unknown as Record<string, ArrayLike<number | null>>;
  return { at: (name: string) => columns[name]![0]!, warnings };
}

const on = (omega: number, error: number | null) =>
  [8, 16, 32].map((size): Point => [size, 0.44 - 0.2 * size ** -omega, error]);

test("finite-size-fit extrapolates what scales as L^-omega exactly", async () => {
  for (const omega of [1, 0.5]) {
    const { at } = await extrapolate(on(omega, 0.001), { exponent: omega });
    expect(at("estimate")).toBeCloseTo(0.44, 12);
    expect(at("amplitude")).toBeCloseTo(-0.2, 12);
    expect(at("chi_square")).toBeLessThan(1e-20);
    expect([at("degrees"), at("sizes")]).toEqual([1, 3]);
  }
});

test("finite-size-fit weighs sizes by their errors, and takes errors from residuals without them", async () => {
  const two: Point[] = [
    [10, 0.3, 0.01],
    [20, 0.4, 0.02],
  ];
  const { at } = await extrapolate(two);
  // Through both points: 2 y(20) - y(10), with errors 2 * 0.02 and 0.01.
  expect(at("estimate")).toBeCloseTo(0.5, 12);
  expect(at("estimate_se")).toBeCloseTo(Math.hypot(0.04, 0.01), 12);
  const bent: Point[] = [...on(1, null).slice(0, 2), [32, 0.44, null]];
  const unweighted = await extrapolate(bent);
  expect(unweighted.at("estimate_se")).toBeGreaterThan(0);
  expect(unweighted.at("chi_square")).toBeNull();
});

test("finite-size-fit leaves out sizes without a value and says so", async () => {
  const { at, warnings } = await extrapolate([...on(1, 0.001), [64, null, null]]);
  expect(at("sizes")).toBe(3);
  expect(warnings).toEqual([{ code: "missing-sizes", message: "1 of 4 rows have no beta_peak" }]);
});

test("finite-size-fit refuses a single size, and columns that are not there", async () => {
  await expect(extrapolate(on(1, 0.001).slice(0, 1))).rejects.toEqual(
    new InvalidInput("values", "an extrapolation needs values at two sizes or more, got 1"),
  );
  await expect(extrapolate(on(1, null).slice(0, 2))).rejects.toEqual(
    new InvalidInput("values", "two rows without errors say nothing of the estimate's error"),
  );
  await expect(extrapolate(on(1, 0.001), { column: "peak" })).rejects.toEqual(
    new InvalidParam(
      "column",
      'no column of numbers "peak"; there is size, beta_peak, beta_peak_se',
    ),
  );
});

test("finite-size-fit refuses errors in some rows only, and says where there are none", async () => {
  const [first, ...rest] = on(1, 0.001) as [Point, ...Point[]];
  for (const lost of [null, 0, Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(extrapolate([first, [16, 0.4275, lost], ...rest.slice(1)])).rejects.toEqual(
      new InvalidInput(
        "values",
        "has no error in beta_peak_se in row 1 (size 16), but in others: give all rows one, or none",
      ),
    );
  }
  // A row without a value needs no error.
  const { at } = await extrapolate([...on(1, 0.001), [64, null, null]]);
  expect(at("chi_square")).not.toBeNull();
  const { warnings } = await extrapolate(on(1, null));
  expect(warnings.map(({ code }) => code)).toEqual(["unweighted"]);
});

test("finite-size-fit takes NaN for no value, and refuses sizes and errors that mean nothing", async () => {
  const { at, warnings } = await extrapolate([...on(1, 0.001), [64, Number.NaN, 0.001]]);
  expect([at("sizes"), warnings[0]!.code]).toEqual([3, "missing-sizes"]);
  expect(at("estimate")).toBeCloseTo(0.44, 12);
  await expect(extrapolate([...on(1, 0.001), [0, 0.4, 0.001]])).rejects.toEqual(
    new InvalidInput("values", "has size 0 in row 3: expected more than 0"),
  );
  await expect(extrapolate(on(1, 1e-200))).rejects.toEqual(
    new InvalidInput("values", "the points do not determine the fit"),
  );
});

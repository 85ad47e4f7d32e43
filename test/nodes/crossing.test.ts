import { expect, test } from "vitest";
import { f64, InvalidInput, InvalidParam, nullable } from "../../src/engine/node-type.ts";
import { crossingNode } from "../../src/nodes/crossing.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";

const betas = [0.42, 0.43, 0.44, 0.45, 0.46];
const curve = (of: (beta: number) => number, error: number | null = 0.01, at = betas) =>
  tableOf(
    { beta: f64, y: f64, y_se: nullable(f64) },
    { beta: at, y: at.map(of), y_se: at.map(() => error) },
  ) as Table;
const meet = async (a: Table, b: Table, more: object = {}) => {
  const given = { params: { column: "y", ...more }, inputs: { a, b } as never };
  const { outputs, warnings } = await runNode(crossingNode, given);
  const row = Object.fromEntries(
    Object.entries(outputs.crossing.columns).map(([name, cells]) => [
      name,
      (cells as ArrayLike<number | null>)[0],
    ]),
  ) as Record<string, number | null>;
  return { row, warnings };
};

test("polynomials meet where they do, with the ratio of their slopes", async () => {
  const b = (x: number) => 0.5 + 3 * (x - 0.441) + 10 * (x - 0.441) ** 2;
  const a = (x: number) => 0.5 + 6 * (x - 0.441) - 20 * (x - 0.441) ** 2;
  const { row } = await meet(curve(a), curve(b));
  expect(row["crossing"]).toBeCloseTo(0.441, 12);
  expect(row["value"]).toBeCloseTo(0.5, 12);
  expect(row["slope_ratio"]).toBeCloseTo(2, 9);
  expect(row["exponent"]).toBeCloseTo(1, 9);
  expect(row["chi_square"]).toBeCloseTo(0, 12);
  expect(row["degrees"]).toBe(4);
  const three = await meet(curve(a), curve(b), { scale: 4 });
  expect(three.row["exponent"]).toBeCloseTo(0.5, 9);
});

test("errors are those of repeated measurements", async () => {
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "crossing", seed: 2, parts: [] }),
  );
  const noise = 0.002;
  const found: Record<string, number | null>[] = [];
  for (let i = 0; i < 400; i++) {
    const noisy = (slope: number) => (x: number) =>
      0.5 + slope * (x - 0.441) + noise * random.normal();
    found.push((await meet(curve(noisy(4), noise), curve(noisy(2), noise))).row);
  }
  for (const name of ["crossing", "exponent"]) {
    const values = found.map((row) => row[name]!);
    const mean = values.reduce((a, b) => a + b) / 400;
    const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 399);
    const stated = found.reduce((sum, row) => sum + row[`${name}_se`]!, 0) / 400;
    // A standard deviation of 400 values is known to 3.5 %, first order to as much: 15 %.
    expect(Math.abs(stated / spread - 1), name).toBeLessThan(0.15);
    expect(Math.abs(mean - (name === "crossing" ? 0.441 : 1)), name).toBeLessThan(
      (4 * spread) / 20,
    );
  }
});

test("curves that do not meet have no crossing, and opposite slopes no exponent", async () => {
  const { row, warnings } = await meet(
    curve((x) => x),
    curve((x) => x + 1),
  );
  expect([row["crossing"], row["exponent"], row["chi_square"]]).toEqual([null, null, null]);
  expect(warnings.map(({ code }) => code)).toEqual(["no-crossing"]);
  const crossed = await meet(
    curve((x) => x - 0.44),
    curve((x) => 0.44 - x),
  );
  expect(crossed.row["crossing"]).toBeCloseTo(0.44, 12);
  expect([crossed.row["exponent"], crossed.row["exponent_se"]]).toEqual([null, null]);
});

test("crossing says what does not fit", async () => {
  const line = curve((x) => x);
  await expect(meet(line, line, { column: "z" })).rejects.toEqual(
    new InvalidParam("column", 'no column of numbers "z" in a: beta, y, y_se'),
  );
  await expect(
    meet(
      line,
      curve((x) => x, 0.01, [0.4, 0.5]),
    ),
  ).rejects.toEqual(new InvalidInput("b", "has 2 rows: a polynomial of degree 2 needs 3"));
  await expect(
    meet(
      curve((x) => x, null),
      line,
    ),
  ).rejects.toEqual(
    new InvalidInput("a", "has 0.42 with an error of NaN in row 0: expected a value and an error"),
  );
  await expect(
    meet(
      curve((x) => x, 0.01, [0.4, 0.4, 0.5]),
      line,
    ),
  ).rejects.toEqual(new InvalidInput("a", "has several rows for a beta: select one of them"));
});

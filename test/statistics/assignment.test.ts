import fc from "fast-check";
import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { assignRows } from "../../src/statistics/assignment.ts";

/** The least cost over all ways to give the rows different columns. */
function bruteForce(cost: readonly number[], rows: number, columns: number): number {
  const visit = (row: number, taken: number): number => {
    if (row === rows) return 0;
    let best = Infinity;
    for (let j = 0; j < columns; j++) {
      if ((taken >> j) & 1) continue;
      best = Math.min(best, cost[row * columns + j]! + visit(row + 1, taken | (1 << j)));
    }
    return best;
  };
  return visit(0, 0);
}

test("assignRows() costs as little as the best of all assignments", () => {
  const problem = fc
    .record({ rows: fc.integer({ min: 0, max: 5 }), more: fc.integer({ min: 0, max: 2 }) })
    .chain(({ rows, more }) => {
      const columns = rows + more;
      const length = { minLength: rows * columns, maxLength: rows * columns };
      // Small whole numbers: many ties, negative costs, and sums without rounding.
      const cost = fc.array(fc.integer({ min: -4, max: 4 }), length);
      return fc.record({ rows: fc.constant(rows), columns: fc.constant(columns), cost });
    });
  fc.assert(
    fc.property(problem, ({ rows, columns, cost }) => {
      const assigned = assignRows(cost, rows, columns);
      expect(new Set(assigned).size).toBe(rows);
      const total = assigned.reduce((sum, column, row) => sum + cost[row * columns + column]!, 0);
      expect(total).toBe(bruteForce(cost, rows, columns));
    }),
    { seed: 11, numRuns: 500 },
  );
});

test("assignRows() finds a hidden permutation of 256 rows", () => {
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "assignment", seed: 1, parts: [] }),
  );
  const n = 256;
  const hidden = random.shuffle(Int32Array.from({ length: n }, (_, i) => i));
  const cost = Float64Array.from({ length: n * n }, () => random.float64());
  for (let i = 0; i < n; i++) cost[i * n + hidden[i]!] = -1;
  expect(assignRows(cost, n, n)).toEqual(hidden);
});

test("assignRows() refuses what has no assignment", () => {
  expect(() => assignRows([1, 2], 2, 1)).toThrow("2 rows do not fit 1 columns");
  expect(() => assignRows([1, NaN], 1, 2)).toThrow("cost NaN is not finite");
});

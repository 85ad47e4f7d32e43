import { expect, test } from "vitest";
import { constantPredictor, nearestNeighbour } from "../../src/learn/baselines.ts";
import { floatRows } from "../../src/learn/rows.ts";
import { flat, randomSpins } from "./networks.ts";

// Rows of whole bytes, and others; more bits than rows have is what a chunk may end with.
test.each([4, 6, 8, 16, 24, 32])(
  "baselines of %d x %d spins, bit by bit and as numbers",
  (side) => {
    const width = side * side;
    const rows = randomSpins(23, width, `baselines ${side}`);
    const numbers = floatRows(flat(rows), width);
    expect(constantPredictor(rows)).toEqual(constantPredictor(numbers));
    const { mse, accuracy } = constantPredictor(rows);
    for (let row = 0; row < rows.rows; row++) {
      const spins = flat(rows).subarray(row * width, (row + 1) * width);
      const m = spins.reduce((sum, s) => sum + s, 0) / width;
      expect([mse[row], accuracy[row]]).toEqual([1 - m * m, (1 + Math.abs(m)) / 2]);
    }
    for (const factor of [2, 3, 4, 8].filter((b) => side % b === 0)) {
      const shares = nearestNeighbour(rows, factor);
      expect(shares).toEqual(nearestNeighbour(numbers, factor));
      for (let row = 0; row < rows.rows; row++) {
        const spins = flat(rows).subarray(row * width, (row + 1) * width);
        const same = spins.filter((s, site) => {
          const [y, x] = [Math.floor(site / side), site % side];
          return s === spins[(y - (y % factor)) * side + x - (x % factor)];
        });
        expect(shares[row]).toBe(same.length / width);
      }
    }
  },
);

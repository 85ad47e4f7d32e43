import { expect, test } from "vitest";
import { loadBackend } from "../../src/learn/backend/backend.ts";
import { predict } from "../../src/learn/layers/forward.ts";
import { distortionRows, reconstructRows } from "../../src/learn/reconstruct.ts";
import { floatRows } from "../../src/learn/rows.ts";
import { compareRows } from "../../src/learn/wasm/arrays.ts";
import { dense, flat, randomSpins } from "./networks.ts";

const sites = 36;

// Fewer rows than a window, whole windows, and rows behind the last one. All at once is what
// test/learn/wasm/kernel.test.ts compares with plain sums.
test.each([1, 1023, 1024, 2500])("%d rows are measured in windows as at once", async (rows) => {
  const backend = await loadBackend("wasm");
  const layers = [dense("code", sites, 9), dense("image", 9, sites)];
  const spins = randomSpins(rows, sites);
  const negated = floatRows(
    flat(spins).map((x) => -x),
    sites,
  );
  const [f, g] = [predict(backend, layers, spins), predict(backend, layers, negated)];
  const { squares, same, defects } = compareRows(f, spins, g);
  const expected = {
    mse: squares.map((sum) => sum / sites),
    accuracy: same.map((count) => count / sites),
    overlap: same.map((count) => Math.abs(2 * count - sites) / sites),
    z2_defect: defects.map((sum) => sum / 2 / sites),
  };
  expect(new Set(expected.mse).size).toBe(rows);
  expect(reconstructRows(backend, { layers, loss: "mse" }, spins)).toEqual(expected);
  const codes = floatRows(predict(backend, layers.slice(0, 1), spins), 9);
  const decoder = { layers: layers.slice(1), loss: "mse" } as const;
  const { mse, accuracy } = expected;
  expect(distortionRows(backend, decoder, spins, codes)).toEqual({ mse, accuracy });
});

import { expect, test } from "vitest";
import { fitProbe, meanOf } from "../../src/learn/linear-probe.ts";
import type { Layer } from "../../src/learn/model.ts";
import { floatRows } from "../../src/learn/rows.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";

const random = createGenerator(
  streamSeed({ nodeType: "test", purpose: "probe", seed: 5, parts: [] }),
);
const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());

function apply({ inputs, outputs, kernel, bias }: Layer, codes: Float32Array): Float32Array {
  return Float32Array.from({ length: (codes.length / inputs) * outputs }, (_, at) => {
    const [row, i] = [Math.floor(at / outputs), at % outputs];
    let sum = bias[i]!;
    for (let a = 0; a < inputs; a++) sum += kernel[i * inputs + a]! * codes[row * inputs + a]!;
    return sum;
  });
}

const n = 20_000;
const codes = normals(3 * n);
/** Two numbers a row: 0.6 h_0 + 0.8 noise, and 1 + 0.3 h_0 - 0.4 h_2 + noise. */
const spins = Float32Array.from({ length: 2 * n }, (_, at) => {
  const h = 3 * (at >> 1);
  return at & 1
    ? 1 + 0.3 * codes[h]! - 0.4 * codes[h + 2]! + random.normal()
    : 0.6 * codes[h]! + 0.8 * random.normal();
});

test("Gaussian data have the weights and the R² that they are made with", () => {
  const half = (values: Float32Array, width: number, second = false) =>
    values.subarray((second ? n / 2 : 0) * width, (second ? n : n / 2) * width);
  const probe = fitProbe(floatRows(half(codes, 3), 3), floatRows(half(spins, 2), 2), 1e-9);
  const want = [0.6, 0, 0, 0.3, 0, -0.4];
  // Eight numbers with errors of at most 1 / sqrt(10,000); 4 errors: one in 2,000 by chance.
  for (const [at, w] of want.entries()) {
    expect(Math.abs(probe.kernel[at]! - w)).toBeLessThan(0.04);
  }
  expect(Math.abs(probe.bias[0]!)).toBeLessThan(0.04);
  expect(Math.abs(probe.bias[1]! - 1)).toBeLessThan(0.04);
  const [test, image] = [half(spins, 2, true), apply(probe, half(codes, 3, true))];
  const means = meanOf(floatRows(test, 2));
  for (const [i, r2] of [0.36, 0.25 / 1.25].entries()) {
    let [wrong, spread] = [0, 0];
    for (let at = i; at < test.length; at += 2) {
      wrong += (test[at]! - image[at]!) ** 2;
      spread += (test[at]! - means[i]!) ** 2;
    }
    // The error of R² is 2 sqrt(R²) (1 - R²) / sqrt n (Olkin and Finn 1995): .0077 and .0072; 4 of them.
    expect(Math.abs(1 - wrong / spread - r2)).toBeLessThan(0.031);
  }
});

test("the image is the same for any basis of the code", () => {
  const turned = Float32Array.from(codes, (_, at) => {
    const h = at - (at % 3);
    const [a, b, c] = [codes[h]!, codes[h + 1]!, codes[h + 2]!];
    return [2 * a + b, b - 0.5 * c + 3, a + b + c][at % 3]!;
  });
  const fitted = (of: Float32Array) =>
    apply(fitProbe(floatRows(of, 3), floatRows(spins, 2), 1e-9), of);
  const [plain, other] = [fitted(codes), fitted(turned)];
  for (let at = 0; at < plain.length; at += 997) expect(other[at]!).toBeCloseTo(plain[at]!, 4);
});

test("units that are twins share their weight, and one that never varies gets none", () => {
  const doubled = Float32Array.from({ length: 4 * n }, (_, at) =>
    at % 4 === 3 ? 7 : codes[3 * (at >> 2) + (at % 4 === 2 ? 0 : at % 4)]!,
  );
  const { kernel } = fitProbe(floatRows(doubled, 4), floatRows(spins, 2), 1e-6);
  const [first, , twin, constant] = kernel;
  expect(first).toBeCloseTo(twin!, 4);
  expect(Math.abs(first! + twin! - 0.6)).toBeLessThan(0.03);
  expect(constant).toBe(0);
  const still = fitProbe(floatRows(new Float32Array(n).fill(2), 1), floatRows(spins, 2), 1e-6);
  expect([...still.kernel]).toEqual([0, 0]);
  expect(still.bias[1]).toBeCloseTo(meanOf(floatRows(spins, 2))[1]!, 6);
});

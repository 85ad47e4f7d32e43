import fc from "fast-check";
import { expect, test } from "vitest";
import { createGenerator, type Generator, streamSeed } from "../../src/random/index.ts";
import { familyInterval, holm, type Rejection } from "../../src/statistics/holm.ts";
import { type Estimate, estimate, pGreater, pLess } from "../../src/statistics/t-test.ts";

const generator = (purpose: string): Generator =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 1, parts: [] }));

test("holm() adjusts as in Holm's procedure", () => {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02.
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((p, i) => {
    expect(adjusted[i]).toBeCloseTo(p, 15);
  });
  expect(holm([])).toEqual([]);
  expect(holm([0.7, Number.NaN])).toEqual([1, 1]);
});

test("holm() keeps order, lies between p and Bonferroni, and is 1 at most", () => {
  const p = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(p, { minLength: 1, maxLength: 8 }), (values) => {
      const adjusted = holm(values);
      for (const [i, a] of adjusted.entries()) {
        expect(a).toBeGreaterThanOrEqual(values[i]!);
        expect(a).toBeLessThanOrEqual(Math.min(1, values.length * values[i]!));
        for (const [j, b] of adjusted.entries())
          if (values[i]! < values[j]!) expect(a <= b).toBe(true);
      }
    }),
    { seed: 5 },
  );
});

const alpha = 0.05;
const margin = 0.5;

/** A family of claims about `truth`, each from 5 normal values around it. */
function family(truth: readonly number[], random: Generator) {
  const samples: Estimate[] = truth.map((m) =>
    estimate(Array.from({ length: 5 }, () => m + random.normal())),
  );
  const up = samples.map((s) => pGreater(s, margin));
  const down = samples.map((s) => pLess(s, -margin));
  const adjusted = holm(samples.map((_, i) => Math.min(1, 2 * Math.min(up[i]!, down[i]!))));
  return samples.map((s, i) => {
    const rejected = adjusted[i]! <= alpha;
    const rejection = !rejected ? "none" : up[i]! < down[i]! ? "above" : "below";
    const size = samples.length;
    return { rejection, ...familyInterval(s, { size, alpha }, margin, rejection) } as const;
  });
}

test("familyInterval() agrees with every decision of Holm", () => {
  const random = generator("agreement");
  for (let trial = 0; trial < 500; trial++) {
    for (const { rejection, lo, hi } of family([0.5, 2, 4, -3], random)) {
      if (rejection === "above") expect(lo).toBeGreaterThanOrEqual(margin);
      else if (rejection === "below") expect(hi).toBeLessThanOrEqual(-margin);
      else expect(lo <= margin && hi >= -margin).toBe(true);
    }
  }
});

test("Holm's decisions are all right, and the intervals all cover, as often as they say", () => {
  // 4000 families. The share of families with an error has a standard deviation of at most
  // sqrt(.05 .95 / 4000) = .0034 where the true rate is .05; 4 of them are .014. Two comparisons
  // per family of truths, three families: a false alarm in about 2e-4 of all seeds.
  const random = generator("coverage");
  for (const truth of [
    [0.5, 0.5, 0.5, 0.5],
    [0.5, -0.5, 0, 9],
    [0.5, 9, 9, 9],
  ]) {
    let wrong = 0;
    let missed = 0;
    for (let trial = 0; trial < 4000; trial++) {
      const members = family(truth, random);
      const errs = ({ rejection }: { rejection: Rejection }, i: number) =>
        (rejection === "above" && truth[i]! <= margin) ||
        (rejection === "below" && truth[i]! >= -margin);
      if (members.some(errs)) wrong++;
      // An end drawn at the margin is Holm's statement, counted above; the others are Bonferroni's.
      const misses = members.some(
        ({ lo, hi }, i) => (lo !== margin && truth[i]! < lo) || (hi !== -margin && truth[i]! > hi),
      );
      if (misses) missed++;
    }
    expect(wrong / 4000).toBeLessThan(alpha + 0.014);
    expect(missed / 4000).toBeLessThan(alpha + 0.014);
  }
});

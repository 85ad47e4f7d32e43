import fc from "fast-check";
import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { type Claim, judge, type Verdict } from "../../src/statistics/verdict.ts";

/** Five differences of this mean, whose 95 % t interval is mean -+ half. */
function five(mean: number, half: number): number[] {
  // Of -2..2: standard error sqrt(2.5 / 5); t_.975 with 4 degrees of freedom is 2.776445.
  const unit = half / (2.776445105197794 * Math.sqrt(0.5));
  return [-2, -1, 0, 1, 2].map((z) => mean + z * unit);
}

const one = (points: number[][], margin: number, family = "a"): Claim => ({
  family,
  points,
  margin,
});
const verdictOf = (claim: Claim): Verdict => judge([claim], 0.05)[0]!.verdict;

test("judge() answers by the rows of the table, in order", () => {
  const rows: [mean: number, half: number, margin: number, Verdict][] = [
    [1, 0.4, 0.5, "REPRODUCED"], // .6 to 1.4 lies above .5
    [1, 0.4, 0, "REPRODUCED"],
    [-1, 0.4, 0.5, "CONTRADICTED"], // -1.4 to -.6 lies below -.5
    [-1, 0.4, 0, "CONTRADICTED"],
    [0.1, 0.3, 0.5, "EQUIVALENT"], // -.2 to .4 lies within -.5 to .5
    [-0.4, 0.3, 0.5, "NOT-REPRODUCED"], // -.7 to -.1 ends below .5, and reaches below -.5
    [0.3, 0.4, 0.5, "INCONCLUSIVE"], // -.1 to .7 reaches across .5
    [0, 2, 0.5, "INCONCLUSIVE"], // -2 to 2 holds everything
    [0.1, 0.3, 0, "INCONCLUSIVE"], // without a margin nothing is equivalent
  ];
  for (const [mean, half, margin, expected] of rows) {
    expect(verdictOf(one([five(mean, half)], margin)), `${mean} -+ ${half}`).toBe(expected);
  }
});

test("judge() finds equivalence by the interval of confidence 1 - 2 alpha", () => {
  // t_.95 / t_.975 at 4 degrees of freedom is .768: half a width of .6 becomes .46.
  const differences = five(0, 0.6);
  expect(verdictOf(one([differences], 0.47))).toBe("EQUIVALENT");
  expect(verdictOf(one([differences], 0.45))).toBe("INCONCLUSIVE");
});

test("judge() gives a report and no verdict up to three replicates", () => {
  const three = judge([one([[0.9, 1, 1.1]], 0.2)], 0.05)[0]!;
  expect(three.verdict).toBe("REPORT-ONLY");
  expect(three.n).toBe(3);
  // t_.975 with 2 degrees of freedom is 4.302653.
  expect(three.lo).toBeCloseTo(1 - 4.30265272974946 * (0.1 / Math.sqrt(3)), 12);
  expect(three.p).toBeLessThan(0.05);
  const single = judge([one([[1]], 0.2)], 0.05)[0]!;
  expect(single).toMatchObject({ verdict: "REPORT-ONLY", n: 1, estimate: 1, lo: NaN, p: NaN });
  expect(verdictOf(one([[0.9, 1, 1.1, 1]], 0.2))).toBe("REPRODUCED");
});

test("judge() corrects within a family and not across families", () => {
  const clear = five(1, 0.4); // p just above .003 against a margin of .5
  const weak = five(1, 0.49); // alone just significant: .51
  const alone = judge([one([weak], 0.5)], 0.05)[0]!;
  expect(alone.verdict).toBe("REPRODUCED");
  const together = judge([one([weak], 0.5), one([five(0.5, 1)], 0.5)], 0.05);
  expect(together[0]!.verdict).toBe("INCONCLUSIVE");
  expect(together[0]!.pHolm).toBeCloseTo(2 * together[0]!.p, 15);
  expect(together[0]!.lo).toBeLessThan(0.5);
  const apart = judge([one([weak], 0.5), one([five(0.5, 1)], 0.5, "b")], 0.05);
  expect(apart[0]).toEqual(alone);
  // Holm helps where Bonferroni would not: the weaker of two is tested at alpha once the other is.
  const helped = judge([one([five(1, 0.2)], 0.5), one([weak], 0.5)], 0.05);
  expect(helped.map(({ verdict }) => verdict)).toEqual(["REPRODUCED", "REPRODUCED"]);
  expect(helped.map(({ clipped }) => clipped)).toEqual([false, true]);
  expect(helped[1]!.lo).toBe(0.5);
  expect(judge([one([clear], 0.5)], 0.05)[0]!.clipped).toBe(false);
});

test("judge() of a claim at every point rests on the least favourable one", () => {
  const [strong, enough, short] = [five(3, 0.4), five(1, 0.4), five(0.6, 0.4)];
  const held = judge([one([strong, enough, strong], 0.5)], 0.05)[0]!;
  expect(held).toMatchObject({ verdict: "REPRODUCED", point: 1, estimate: 1 });
  expect(held.lo).toBeCloseTo(0.6, 12); // no correction over points
  expect(judge([one([strong, short], 0.5)], 0.05)[0]).toMatchObject({
    verdict: "INCONCLUSIVE",
    point: 1,
  });
  // One point beyond the other side contradicts "at every point".
  expect(verdictOf(one([strong, five(-2, 0.4)], 0.5))).toBe("CONTRADICTED");
  expect(verdictOf(one([strong, five(0, 0.3)], 0.5))).toBe("NOT-REPRODUCED");
  expect(verdictOf(one([five(0.1, 0.2), five(-0.1, 0.2)], 0.5))).toBe("EQUIVALENT");
});

const differences = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
  minLength: 5,
  maxLength: 5,
});
const claim = fc.record({
  family: fc.constantFrom("a", "b"),
  points: fc.array(differences, { minLength: 1, maxLength: 3 }),
  margin: fc.constantFrom(0, 0.3, 1),
});

test("judge() never lets interval and verdict disagree", () => {
  fc.assert(
    fc.property(fc.array(claim, { minLength: 1, maxLength: 5 }), (claims) => {
      for (const [i, { verdict, lo, hi, pHolm, estimate }] of judge(claims, 0.05).entries()) {
        const { margin } = claims[i]!;
        expect(lo).toBeLessThanOrEqual(estimate + 1e-12);
        expect(hi).toBeGreaterThanOrEqual(estimate - 1e-12);
        const decided = verdict === "REPRODUCED" || verdict === "CONTRADICTED";
        expect(decided).toBe(pHolm <= 0.05);
        if (verdict === "REPRODUCED") expect(lo).toBeGreaterThanOrEqual(margin);
        else if (verdict === "CONTRADICTED") expect(hi).toBeLessThanOrEqual(-margin);
        else expect(lo <= margin && hi >= -margin).toBe(true);
        if (verdict === "NOT-REPRODUCED") expect(hi).toBeLessThan(margin);
        if (verdict === "INCONCLUSIVE") expect(hi).toBeGreaterThanOrEqual(margin);
      }
    }),
    { seed: 13, numRuns: 300 },
  );
});

test("judge() of the opposite claim contradicts what it reproduces", () => {
  fc.assert(
    fc.property(fc.array(claim, { minLength: 1, maxLength: 4 }), (claims) => {
      const single = claims.map((c) => ({ ...c, points: c.points.slice(0, 1) }));
      const opposite = single.map((c) => ({ ...c, points: c.points.map((d) => d.map((x) => -x)) }));
      const there = judge(single, 0.05);
      for (const [i, back] of judge(opposite, 0.05).entries()) {
        expect(back.verdict === "CONTRADICTED").toBe(there[i]!.verdict === "REPRODUCED");
        expect(back.lo).toBeCloseTo(-there[i]!.hi, 12);
      }
    }),
    { seed: 14 },
  );
});

test("judge() of a true null at every point errs no more often than alpha", () => {
  // The claim fails at one of three points only, exactly at the margin: reproduced in alpha / 2 of
  // 4000 trials; standard deviation sqrt(.025 .975 / 4000) = .0025, allow 4.
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "iut", seed: 1, parts: [] }),
  );
  let wrong = 0;
  for (let trial = 0; trial < 4000; trial++) {
    const points = [0.5, 5, 5].map((m) => Array.from({ length: 5 }, () => m + random.normal()));
    if (verdictOf(one(points, 0.5)) === "REPRODUCED") wrong++;
  }
  expect(wrong / 4000).toBeLessThan(0.025 + 0.01);
});

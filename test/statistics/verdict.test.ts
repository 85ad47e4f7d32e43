import fc from "fast-check";
import { expect, test } from "vitest";
import { createGenerator, type Generator, streamSeed } from "../../src/random/index.ts";
import type { Verdict } from "../../src/statistics/drawn.ts";
import { type Claim, judge } from "../../src/statistics/verdict.ts";

const generator = (purpose: string): Generator =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 1, parts: [] }));

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
  const within = judge([one([differences], 0.47)], 0.05)[0]!;
  expect(within).toMatchObject({ verdict: "EQUIVALENT", clipped: false });
  // scipy.stats.t.ppf(.95, 4) is 2.13184678; of .975, 2.77644511.
  expect(within.hi).toBeCloseTo((0.6 * 2.13184678632665) / 2.776445105197794, 12);
  expect(within.lo).toBeCloseTo(-within.hi, 12);
  const across = judge([one([differences], 0.45)], 0.05)[0]!;
  expect(across.verdict).toBe("INCONCLUSIVE");
  expect(across.hi).toBeCloseTo(0.6, 12);
  // The weaker of two is equivalent by Holm alone: drawn to the margin.
  const family = judge([one([differences], 0.47), one([five(0, 0.2)], 0.47)], 0.05);
  expect(family.map(({ verdict }) => verdict)).toEqual(["EQUIVALENT", "EQUIVALENT"]);
  expect(family.map(({ clipped }) => clipped)).toEqual([true, false]);
  expect(family[0]!.hi).toBeCloseTo(0.47, 14);
  expect(family[0]!.hi).toBeLessThan(0.47);
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
  expect(helped[1]!.lo).toBeCloseTo(0.5, 14);
  expect(helped[1]!.lo).toBeGreaterThan(0.5);
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
  // Equivalence is of every point, though the least difference lies within the margin here.
  const elsewhere = judge([one([strong, five(0, 0.3)], 0.5)], 0.05)[0]!;
  expect(elsewhere).toMatchObject({ verdict: "NOT-REPRODUCED", lo: -0.5, clipped: true });
  const everywhere = judge([one([five(0.2, 0.2), five(-0.1, 0.2)], 0.5)], 0.05)[0]!;
  expect(everywhere).toMatchObject({ verdict: "EQUIVALENT", point: 1 });
  const half = (0.2 * 2.13184678632665) / 2.776445105197794;
  expect(everywhere.lo).toBeCloseTo(-0.1 - half, 12); // of both points together
  expect(everywhere.hi).toBeCloseTo(0.2 + half, 12);
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

/** The rows of shared/definitions.md, section "Verdicts". */
function byTable(lo: number, hi: number, m: number): Verdict {
  if (lo > m) return "REPRODUCED";
  if (hi < -m) return "CONTRADICTED";
  if (m > 0 && -m < lo && hi < m) return "EQUIVALENT";
  return hi < m ? "NOT-REPRODUCED" : "INCONCLUSIVE";
}

/** A few claims whose points lie a few spreads from 0 or a margin, where decisions turn. */
function randomFamily(random: Generator): Claim[] {
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!;
  const point = (margin: number) => {
    const spread = pick([0, 0.01, 0.1, 0.3]);
    const mean = pick([-1, 0, 1]) * margin + 2 * spread * random.normal();
    return Array.from({ length: 5 }, () => mean + spread * random.normal());
  };
  return Array.from({ length: 1 + random.below(4) }, () => {
    const margin = pick([0, 0.3, 1]);
    return one(
      Array.from({ length: pick([1, 1, 2, 3]) }, () => point(margin)),
      margin,
      pick(["a", "a", "b"]),
    );
  });
}

test("judge() prints the verdict that follows from the interval it prints", () => {
  const random = generator("agreement");
  const seen = new Set<string>();
  for (let trial = 0; trial < 5000; trial++) {
    const claims = randomFamily(random);
    for (const [i, judged] of judge(claims, 0.05).entries()) {
      const { verdict, lo, hi, clipped, estimate } = judged;
      expect(verdict, JSON.stringify(judged)).toBe(byTable(lo, hi, claims[i]!.margin));
      expect(lo).toBeLessThanOrEqual(estimate + 1e-12);
      expect(hi).toBeGreaterThanOrEqual(estimate - 1e-12);
      seen.add(`${verdict}${clipped ? " drawn" : ""}`);
    }
  }
  // Each verdict occurs, and so does each that is drawn to a margin.
  expect([...seen].sort()).toEqual([
    "CONTRADICTED",
    "CONTRADICTED drawn",
    "EQUIVALENT",
    "EQUIVALENT drawn",
    "INCONCLUSIVE",
    "NOT-REPRODUCED",
    "NOT-REPRODUCED drawn",
    "REPRODUCED",
    "REPRODUCED drawn",
  ]);
});

test("judge() decides as Holm does", () => {
  fc.assert(
    fc.property(fc.array(claim, { minLength: 1, maxLength: 5 }), (claims) => {
      for (const { verdict, pHolm } of judge(claims, 0.05)) {
        expect(verdict === "REPRODUCED" || verdict === "CONTRADICTED").toBe(pHolm <= 0.05);
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
  const random = generator("iut");
  let wrong = 0;
  for (let trial = 0; trial < 4000; trial++) {
    const points = [0.5, 5, 5].map((m) => Array.from({ length: 5 }, () => m + random.normal()));
    if (verdictOf(one(points, 0.5)) === "REPRODUCED") wrong++;
  }
  expect(wrong / 4000).toBeLessThan(0.025 + 0.01);
});

/** A family of claims about `truth` against a margin of .5, each from 5 normal values around it. */
function family(truth: readonly number[], sigma: number, random: Generator) {
  const sample = (m: number) => Array.from({ length: 5 }, () => m + sigma * random.normal());
  return judge(
    truth.map((m) => one([sample(m)], 0.5)),
    0.05,
  );
}

test("decisions are right, and the intervals of a family cover, as often as they say", () => {
  // 4000 families. The share of families with an error has a standard deviation of at most
  // sqrt(.05 .95 / 4000) = .0034 where the true rate is .05; 4 of them are .014. Three comparisons:
  // a false alarm in about 1e-4 of all seeds.
  const random = generator("coverage");
  const truth = [0.5, -0.5, 0, 9];
  const wrong = { decided: 0, equivalent: 0, missed: 0 };
  for (let trial = 0; trial < 4000; trial++) {
    const members = family(truth, 1, random);
    const some = (errs: (judged: (typeof members)[number], truth: number) => boolean) =>
      members.some((judged, i) => errs(judged, truth[i]!));
    if (some(({ verdict }, d) => verdict === "REPRODUCED" && d <= 0.5)) wrong.decided++;
    else if (some(({ verdict }, d) => verdict === "CONTRADICTED" && d >= -0.5)) wrong.decided++;
    if (some(({ verdict }, d) => verdict === "EQUIVALENT" && Math.abs(d) >= 0.5))
      wrong.equivalent++;
    // A drawn interval is Holm's statement, counted above; the others are Bonferroni's.
    if (some(({ lo, hi, clipped }, d) => !clipped && (d < lo || d > hi))) wrong.missed++;
  }
  for (const count of Object.values(wrong)) expect(count / 4000).toBeLessThan(0.05 + 0.014);
});

test("no member of a family is wrongly called equivalent more often than alpha", () => {
  // All four lie exactly at a margin and spread little, which is the worst case: one side's test
  // errs in alpha / 4 to alpha of all cases, and the union over four in alpha at most. 4000
  // families, 4 standard deviations of sqrt(.05 .95 / 4000) = .0034.
  const random = generator("equivalence");
  const truth = [0.5, -0.5, 0.5, -0.5];
  let wrong = 0;
  for (let trial = 0; trial < 4000; trial++) {
    if (family(truth, 0.1, random).some(({ verdict }) => verdict === "EQUIVALENT")) wrong++;
  }
  expect(wrong / 4000).toBeLessThan(0.05 + 0.014);
  expect(wrong / 4000).toBeGreaterThan(0.05 - 0.018); // 1 - (1 - .05 / 4)^4 = .049: it is exhausted
});

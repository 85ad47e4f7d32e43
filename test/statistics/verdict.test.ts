/** Questions and the answers that their intervals give. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createGenerator, type Generator, streamSeed } from "../../src/random/index.ts";
import type { Side } from "../../src/statistics/limits.ts";
import { type Answer, judge, type Question } from "../../src/statistics/verdict.ts";
import { type Region, wordOf } from "../../src/statistics/words.ts";

const generator = (purpose: string): Generator =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 1, parts: [] }));

/** Five differences of this mean, whose 95 % t interval is mean -+ half. */
function five(mean: number, half: number): number[] {
  // Of -2..2: standard error sqrt(2.5 / 5); t_.975 with 4 degrees of freedom is 2.776445.
  const unit = half / (2.776445105197794 * Math.sqrt(0.5));
  return [-2, -1, 0, 1, 2].map((z) => mean + z * unit);
}

const ask = (points: number[][], margin: number, side: Side = "greater"): Question => ({
  ...{ side, margin, ratio: false, points },
});
/** A family of questions, each a row of its own. */
const family = (...questions: Question[]): Answer[] =>
  judge(
    questions.map((question) => ({ family: "a", questions: [question] })),
    0.05,
  ).map(([answer]) => answer!);
const regionOf = (question: Question): Region => family(question)[0]!.region;

test("judge() answers by the rows of the table, in order", () => {
  const rows: [mean: number, half: number, margin: number, side: Side, Region][] = [
    [1, 0.4, 0.5, "greater", "claimed"], // .6 to 1.4 lies above .5
    [1, 0.4, 0, "greater", "claimed"],
    [-1, 0.4, 0.5, "greater", "opposite"], // -1.4 to -.6 lies below -.5
    [-1, 0.4, 0, "greater", "opposite"],
    [0.1, 0.3, 0.5, "greater", "within"], // -.2 to .4 lies within -.5 to .5
    [-0.4, 0.3, 0.5, "greater", "short"], // -.7 to -.1 ends below .5, and reaches below -.5
    [0.3, 0.4, 0.5, "greater", "open"], // -.1 to .7 reaches across .5
    [0, 2, 0.5, "greater", "open"], // -2 to 2 holds everything
    [0.1, 0.3, 0, "greater", "open"], // without a margin nothing is equivalent
    [-1, 0.4, 0.5, "less", "claimed"],
    [1, 0.4, 0.5, "less", "opposite"],
    [0.4, 0.3, 0.5, "less", "short"],
    [-0.3, 0.4, 0.5, "less", "open"],
    [0.1, 0.3, 0.5, "equal", "claimed"],
    [1, 0.4, 0.5, "equal", "opposite"],
    [-1, 0.4, 0.5, "equal", "opposite"],
    [0.4, 0.3, 0.5, "equal", "open"],
    [1, 0.4, 0.5, "different", "claimed"],
    [-1, 0.4, 0.5, "different", "claimed"],
    [0.1, 0.3, 0.5, "different", "within"],
    [0.4, 0.3, 0.5, "different", "open"],
  ];
  for (const [mean, half, margin, side, expected] of rows) {
    const text = `${side} ${mean} -+ ${half}`;
    expect(regionOf(ask([five(mean, half)], margin, side)), text).toBe(expected);
  }
});

test("claims and controls have words of their own", () => {
  const regions: Region[] = ["claimed", "opposite", "within", "short", "open", "few"];
  expect(regions.map((region) => wordOf("claim", region))).toEqual([
    ...["REPRODUCED", "CONTRADICTED", "EQUIVALENT", "NOT-REPRODUCED", "INCONCLUSIVE"],
    "REPORT-ONLY",
  ]);
  expect(regions.map((region) => wordOf("control", region))).toEqual([
    ...["PRESENT", "ABSENT", "ABSENT", "ABSENT", "UNCLEAR", "REPORT-ONLY"],
  ]);
});

test("judge() shows the interval that decides, of confidence 1 - alpha also for equivalence", () => {
  const [alone] = family(ask([five(0, 0.6)], 0.61));
  expect(alone).toMatchObject({ region: "within" });
  expect(alone!.hi).toBeCloseTo(0.6, 12);
  expect(alone!.lo).toBeCloseTo(-0.6, 12);
  expect(regionOf(ask([five(0, 0.6)], 0.59))).toBe("open");
  // A ratio: the same on logarithms, shown as a factor, and so is its margin.
  const logs = five(Math.log(3), 0.3);
  const [ratio] = family({ side: "greater", margin: 2, ratio: true, points: [logs] });
  expect(ratio).toMatchObject({ region: "claimed" });
  expect(ratio!.estimate).toBeCloseTo(3, 12);
  expect(ratio!.lo).toBeCloseTo(3 * Math.exp(-0.3), 12);
  expect(ratio!.hi).toBeCloseTo(3 * Math.exp(0.3), 12);
});

test("judge() gives a report and no verdict up to three replicates", () => {
  const [three] = family(ask([[0.9, 1, 1.1]], 0.2));
  expect(three).toMatchObject({ region: "few", n: 3 });
  // t_.975 with 2 degrees of freedom is 4.302653.
  expect(three!.lo).toBeCloseTo(1 - 4.30265272974946 * (0.1 / Math.sqrt(3)), 12);
  expect(three!.p).toBeLessThan(0.05);
  const [single] = family(ask([[1]], 0.2));
  expect(single).toMatchObject({ region: "few", n: 1, estimate: 1, lo: NaN, p: NaN, pFlip: NaN });
  expect(regionOf(ask([[0.9, 1, 1.1, 1]], 0.2))).toBe("claimed");
});

test("judge() decides nothing where a replicate lacks a value", () => {
  const lacking = { ...ask([five(1, 0.1)], 0.2), missing: 1 };
  const [answer, other] = family(lacking, ask([five(1, 0.1)], 0.2));
  expect(answer).toMatchObject({ region: "open", estimate: 1, lo: NaN, hi: NaN, p: NaN });
  expect(other!.pAdjusted).toBeCloseTo(2 * other!.p, 15); // it counts in its family all the same
});

test("rows of a family share alpha, values of a row's axis share the row's, families share nothing", () => {
  const weak = ask([five(1, 0.49)], 0.5); // alone just significant: .51
  const other = ask([five(0.5, 1)], 0.5);
  expect(regionOf(weak)).toBe("claimed");
  const [first] = family(weak, other);
  expect(first).toMatchObject({ region: "open" });
  expect(first!.pAdjusted).toBeCloseTo(2 * first!.p, 15);
  const [[apart]] = judge(
    [
      { family: "a", questions: [weak] },
      { family: "b", questions: [other] },
    ],
    0.05,
  ) as [[Answer]];
  expect(apart).toEqual(family(weak)[0]);
  const [along, row] = judge(
    [
      { family: "a", questions: [other, weak, other] },
      { family: "a", questions: [weak] },
    ],
    0.05,
  );
  expect(along![1]!.pAdjusted).toBeCloseTo(6 * along![1]!.p, 15);
  expect(row![0]!.pAdjusted).toBeCloseTo(2 * row![0]!.p, 15);
});

test("judge() of a claim at every point rests on the least favourable one", () => {
  const [strong, enough, short] = [five(3, 0.4), five(1, 0.4), five(0.6, 0.4)];
  const [held] = family(ask([strong, enough, strong], 0.5));
  expect(held).toMatchObject({ region: "claimed", point: 1, estimate: 1 });
  expect(held!.lo).toBeCloseTo(0.6, 12); // no correction over points
  expect(held!.hi).toBeGreaterThan(1.4); // but here
  expect(family(ask([strong, short], 0.5))[0]).toMatchObject({ region: "open", point: 1 });
  // One point beyond the other side contradicts "at every point".
  expect(regionOf(ask([strong, five(-2, 0.4)], 0.5))).toBe("opposite");
  const [mirrored] = family(
    ask(
      [strong, five(-2, 0.4)].map((point) => point.map((d) => -d)),
      0.5,
      "less",
    ),
  );
  expect(mirrored).toMatchObject({ region: "opposite", point: 1, estimate: 2 });
  // Equivalence is of every point, though the least difference lies within the margin here.
  expect(regionOf(ask([strong, five(0, 0.1)], 0.5))).toBe("short");
  const [everywhere] = family(ask([five(0.2, 0.1), five(-0.1, 0.1)], 0.5));
  expect(everywhere).toMatchObject({ region: "within", point: 1 });
  expect(everywhere!.lo).toBeCloseTo(-0.2, 12); // of both points together
  expect(everywhere!.hi).toBeGreaterThan(0.3);
  expect(regionOf(ask([five(0.2, 0.1), five(-0.1, 0.1)], 0.5, "equal"))).toBe("claimed");
  // One point beyond the margin contradicts that all are equal, and is the one that is shown.
  const [unequal] = family(ask([five(0.1, 0.1), five(2, 0.1), five(1, 0.1)], 0.5, "equal"));
  expect(unequal).toMatchObject({ region: "opposite", point: 1, estimate: 2 });
  expect(regionOf(ask([five(2, 0.1), five(-2, 0.1)], 0.5, "different"))).toBe("open");
});

const differences = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
  minLength: 5,
  maxLength: 5,
});
const question = fc.record({
  side: fc.constantFrom<Side>("greater", "less", "equal", "different"),
  points: fc.array(differences, { minLength: 1, maxLength: 3 }),
  margin: fc.constantFrom(0.3, 1),
  ratio: fc.constant(false),
});

test("p is at most alpha exactly where something is decided", () => {
  fc.assert(
    fc.property(fc.array(question, { minLength: 1, maxLength: 5 }), (questions) => {
      for (const { region, pAdjusted } of family(...questions)) {
        fc.pre(Math.abs(pAdjusted - 0.05) > 1e-9);
        expect(region !== "open").toBe(pAdjusted < 0.05);
      }
    }),
    { seed: 13, numRuns: 400 },
  );
});

test("p decides at that alpha, and not below", () => {
  const random = generator("alpha");
  let seen = 0;
  for (let trial = 0; trial < 200; trial++) {
    const points = Array.from({ length: 1 + (trial % 3) }, () => {
      const mean = random.normal();
      return Array.from({ length: 5 }, () => mean + 0.3 * random.normal());
    });
    const sides = ["greater", "less", "equal", "different"] as const;
    const row = { family: "a", questions: [ask(points, 0.5, sides[trial % 4]!)] };
    const [[{ region, p }]] = judge([row], 0.05) as [[Answer]];
    if (region === "open") continue;
    seen++;
    const at = (alpha: number) => judge([row], alpha)[0]![0]!.region;
    expect(at(p * 1.001)).not.toBe("open");
    // Below it, less may be said; the same is not.
    expect(at(p * 0.999)).not.toBe(region);
  }
  expect(seen).toBeGreaterThan(50);
});

test("judge() of the opposite side and turned differences says the same", () => {
  fc.assert(
    fc.property(fc.array(question, { minLength: 1, maxLength: 4 }), (questions) => {
      const mirror = {
        greater: "less",
        less: "greater",
        equal: "equal",
        different: "different",
      } as const;
      const turned = questions.map((q) => ({
        ...q,
        side: mirror[q.side],
        points: q.points.map((point) => point.map((d) => -d)),
      }));
      const there = family(...questions);
      for (const [i, back] of family(...turned).entries()) {
        expect(back.region).toBe(there[i]!.region);
        expect(back.p).toBeCloseTo(there[i]!.p, 12);
        expect(back.lo).toBeCloseTo(-there[i]!.hi, 12);
        expect(back.hi).toBeCloseTo(-there[i]!.lo, 12);
      }
    }),
    { seed: 14 },
  );
});

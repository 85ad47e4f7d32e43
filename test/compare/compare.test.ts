/**
 * Statistics against numbers worked out by hand. With three pairs, Student's t has two degrees of
 * freedom, where everything is closed: p = 1 - |t| / sqrt(t^2 + 2), and the quantile of probability
 * 1 - q is (1 - 2q) sqrt(2 / (4 q (1 - q))).
 */

import { expect, test } from "vitest";
import { compare, type Sides } from "../../src/compare/compare.ts";
import type { Coordinate, Observation } from "../../src/compare/observations.ts";
import { sha256 } from "../../src/store/digest.ts";

const quantile2 = (q: number) => (1 - 2 * q) * Math.sqrt(2 / (4 * q * (1 - q)));

let sources = 0;
function observe(coordinate: Coordinate, unit: number | undefined, value: number): Observation {
  const digest = sha256(String(++sources));
  const full = unit === undefined ? coordinate : { ...coordinate, seed: unit };
  const artifact = { digest, schema: {}, chunks: [], rows: 1 };
  return { coordinate, unit, value, source: { id: idOf(full), coordinate: full, artifact } };
}

function idOf(coordinate: Coordinate): string {
  const parts = Object.entries(coordinate).map(([axis, value]) => `${axis}=${value}`);
  return `m[${parts.join(",")}]`;
}

/** Values of seeds 1, 2, … at one coordinate. */
function seeds(coordinate: Coordinate, values: readonly number[]): Observation[] {
  return values.map((value, i) => observe(coordinate, i + 1, value));
}

const options = { better: "higher", alpha: 0.05 } as const;

test("compare() pairs by unit: mean difference, t interval and p of three pairs", () => {
  const sides: Sides = {
    name: "x",
    reference: seeds({}, [1, 4, 9]),
    // Another order: pairs are found by their unit.
    other: seeds({}, [2, 8, 18]).toReversed(),
  };
  const { comparisons, unpaired } = compare([sides], options);
  expect(unpaired).toEqual([]);
  const [one] = comparisons;
  // Differences 1, 4, 9: mean 14/3, variance 49/3, standard error 7/3, t = 2.
  expect(one).toMatchObject({ name: "x", n: 3, outcome: "unclear", reference: 14 / 3 });
  expect(one!.difference).toBeCloseTo(14 / 3, 12);
  const half = quantile2(0.025) * (7 / 3);
  expect(one!.interval.lo).toBeCloseTo(14 / 3 - half, 9);
  expect(one!.interval.hi).toBeCloseTo(14 / 3 + half, 9);
  expect(one!.joint).toEqual(one!.interval);
  expect(one!.p).toBeCloseTo(1 - 2 / Math.sqrt(6), 12);
  expect(one!.pHolm).toBe(one!.p);
});

test("compare() corrects over all comparisons of a metric, equal bytes left out", () => {
  const reference = seeds({}, [1, 2, 3]);
  const sides = [
    { name: "wide", reference, other: seeds({}, [2, 6, 12]) }, // differences 1, 4, 9
    { name: "tight", reference, other: seeds({}, [0, 0.9, 2.1]) }, // -1, -1.1, -0.9
    { name: "same", reference, other: reference },
  ];
  const { comparisons } = compare(sides, options);
  const [wide, tight, same] = comparisons;
  // tight: mean -1, standard error 0.1 / sqrt 3, so t = -sqrt 300.
  const p = 1 - Math.sqrt(300 / 302);
  expect(tight!.p).toBeCloseTo(p, 12);
  expect(tight!.pHolm).toBeCloseTo(2 * p, 12);
  expect(tight).toMatchObject({ outcome: "worse" });
  expect(wide!.pHolm).toBeCloseTo(1 - 2 / Math.sqrt(6), 12);
  const half = quantile2(0.0125) * (0.1 / Math.sqrt(3));
  expect(tight!.joint.lo).toBeCloseTo(-1 - half, 9);
  expect(tight!.joint.hi).toBeCloseTo(-1 + half, 9);
  expect(same).toMatchObject({ outcome: "same", difference: 0, p: Number.NaN, pHolm: Number.NaN });
});

test.each([
  [undefined, "lower"],
  ["lower", "better"],
  ["higher", "worse"],
] as const)("compare() calls a significant fall with better: %s %s", (better, outcome) => {
  const sides = { name: "x", reference: seeds({}, [1, 2, 3]), other: seeds({}, [0, 0.9, 2.1]) };
  const { comparisons } = compare([sides], { better, alpha: 0.05 });
  expect(comparisons[0]!.outcome).toBe(outcome);
});

test("compare() takes each coordinate for itself and lists what has no counterpart", () => {
  const reference = [...seeds({ rule: "a" }, [1, 2, 3]), ...seeds({ rule: "b" }, [1, 2])];
  const other = [...seeds({ rule: "a" }, [5, 6]), ...seeds({ rule: "c" }, [100])];
  const { comparisons, unpaired } = compare([{ name: "x", reference, other }], options);
  expect(comparisons.map(({ coordinate, n, difference }) => [coordinate, n, difference])).toEqual([
    [{ rule: "a" }, 2, 4],
  ]);
  expect(unpaired).toEqual([
    {
      name: "x",
      side: "reference",
      ids: ["m[rule=a,seed=3]", "m[rule=b,seed=1]", "m[rule=b,seed=2]"],
    },
    { name: "x", side: "other", ids: ["m[rule=c,seed=1]"] },
  ]);
});

test("compare() pairs on the axes that both sides have; the others broadcast", () => {
  const reference = seeds({}, [1, 2, 4]);
  const other = [...seeds({ depth: 1 }, [2, 3, 5]), ...seeds({ depth: 2 }, [1, 2, 4.5])];
  const { comparisons, unpaired } = compare([{ name: "x", reference, other }], options);
  expect(comparisons.map(({ coordinate, difference }) => [coordinate, difference])).toEqual([
    [{ depth: 1 }, 1],
    [{ depth: 2 }, 0.5 / 3],
  ]);
  expect(unpaired).toEqual([]);
});

test("compare() gives one pair no interval and no part in the correction", () => {
  const sides = [
    { name: "one", reference: [observe({}, undefined, 1)], other: [observe({}, undefined, 3)] },
    { name: "x", reference: seeds({}, [1, 4, 9]), other: seeds({}, [2, 8, 18]) },
  ];
  const { comparisons } = compare(sides, options);
  expect(comparisons[0]).toMatchObject({ n: 1, difference: 2, outcome: "unclear", p: Number.NaN });
  expect(comparisons[0]!.interval).toEqual({ lo: Number.NaN, hi: Number.NaN });
  expect(comparisons[1]!.pHolm).toBe(comparisons[1]!.p);
});

test("compare() leaves out and counts pairs without a number", () => {
  const reference = seeds({}, [1, Number.NaN, 3]);
  const other = seeds({}, [2, 2, Number.POSITIVE_INFINITY]);
  const compared = compare([{ name: "x", reference, other }], options);
  expect(compared.comparisons[0]).toMatchObject({ n: 1, difference: 1 });
  expect(compared.withoutNumber).toBe(2);
  expect(compared.unpaired).toEqual([]);
});

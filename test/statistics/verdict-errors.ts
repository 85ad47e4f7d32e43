/** Families of questions whose true answers are known, judged many times: how often is a decision wrong? */
import { createGenerator, type Generator, streamSeed } from "../../src/random/index.ts";
import type { Side } from "../../src/statistics/limits.ts";
import { type Answer, judge, type Row } from "../../src/statistics/verdict.ts";
import type { Region } from "../../src/statistics/words.ts";

export interface TrueRow {
  readonly side: Side;
  readonly margin: number;
  /** True differences by value of the row's axis and then by point. */
  readonly truths: readonly (readonly number[])[];
  /** Standard deviation of a replicate about them. */
  readonly sd: number;
}

export interface Design {
  readonly name: string;
  readonly rows: readonly TrueRow[];
  /** Correlation of a replicate's errors over rows and points. */
  readonly shared?: number;
}

/** Errors of mean 0 and variance 1. */
export const errors = {
  normal: (random: Generator) => random.normal(),
  /** Skewness 2. */
  exponential: (random: Generator) => -Math.log(1 - random.float64()) - 1,
  /** Student's t with 5 degrees of freedom. */
  heavy: (random: Generator) => {
    const chi = Array.from({ length: 5 }, () => random.normal() ** 2).reduce((a, b) => a + b);
    return (random.normal() / Math.sqrt(chi / 5)) * Math.sqrt(3 / 5);
  },
};
export type Errors = keyof typeof errors;

/** Whether a decision says what is not so. A difference that equals the margin is neither beyond nor within. */
export function isWrong(region: Region, { side, margin: m }: TrueRow, d: readonly number[]) {
  const turned = side === "less" ? d.map((x) => -x) : d;
  const within = d.every((x) => Math.abs(x) < m);
  const least = Math.min(...turned);
  if (region === "open" || region === "few") return false;
  if (side === "equal") return region === "claimed" ? !within : d.every((x) => Math.abs(x) <= m);
  if (region === "within") return !within;
  if (side === "different") return !(d.every((x) => x > m) || d.every((x) => x < -m));
  return { claimed: least <= m, opposite: least >= -m, short: least >= m }[region];
}

export interface Outcome {
  /** Share of families with any wrong decision. */
  readonly wrong: number;
  /** Share of families, of questions with one point, with an interval that misses its difference. */
  readonly missed: number;
  /** Share of questions with each answer. */
  readonly shares: Readonly<Partial<Record<Region, number>>>;
}

export function simulate(
  { name, rows, shared = 0 }: Design,
  n: number,
  kind: Errors,
  trials: number,
): Outcome {
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: `${name} ${n} ${kind}`, seed: 1, parts: [] }),
  );
  const next = errors[kind];
  let wrong = 0;
  let missed = 0;
  const counts = new Map<Region, number>();
  for (let trial = 0; trial < trials; trial++) {
    const common = Array.from({ length: n }, () => next(random));
    const family = rows.map(
      ({ side, margin, truths, sd }): Row => ({
        family: "a",
        questions: truths.map((points) => ({
          ...{ side, margin, ratio: false },
          points: points.map((d) =>
            common.map(
              (c) => d + sd * (Math.sqrt(shared) * c + Math.sqrt(1 - shared) * next(random)),
            ),
          ),
        })),
      }),
    );
    let [errs, misses] = [false, false];
    const each = (answer: Answer, row: TrueRow, d: readonly number[]) => {
      if (isWrong(answer.region, row, d)) errs = true;
      if (d.length === 1 && (answer.lo > d[0]! || answer.hi < d[0]!)) misses = true;
      counts.set(answer.region, (counts.get(answer.region) ?? 0) + 1);
    };
    for (const [i, answers] of judge(family, 0.05).entries()) {
      for (const [j, answer] of answers.entries()) each(answer, rows[i]!, rows[i]!.truths[j]!);
    }
    if (errs) wrong++;
    if (misses) missed++;
  }
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  const shares = Object.fromEntries([...counts].map(([region, c]) => [region, c / total]));
  return { wrong: wrong / trials, missed: missed / trials, shares };
}

const m = 0.5;
const row = (d: number | readonly number[], sd: number, side: Side = "greater"): TrueRow => ({
  ...{ side, margin: m, sd },
  truths: [typeof d === "number" ? [d] : d],
});
const many = (count: number, of: (i: number) => TrueRow) =>
  Array.from({ length: count }, (_, i) => of(i));
const sides = ["greater", "less", "equal", "different"] as const;

/** True differences at the margins, where a decision is most easily wrong, between and beyond them. */
export const designs: readonly Design[] = [
  { name: "1 row, d = 0", rows: [row(0, 1)] },
  { name: "1 row, d = m", rows: [row(m, 0.2)] },
  { name: "1 row, d = -m", rows: [row(-m, 0.2)] },
  { name: "1 row, d = m, margin within the noise", rows: [row(m, 5)] },
  { name: "1 row equal, d = m", rows: [row(m, 0.2, "equal")] },
  { name: "1 row different, d = -m", rows: [row(-m, 0.2, "different")] },
  { name: "8 rows, d = m", rows: many(8, () => row(m, 0.1)) },
  { name: "8 rows, d = ±m", rows: many(8, (i) => row(i % 2 ? m : -m, 0.1)) },
  {
    name: "8 rows, d = ±m, correlated",
    rows: many(8, (i) => row(i % 2 ? m : -m, 0.1)),
    shared: 0.9,
  },
  { name: "8 rows, half at 0, half at m", rows: many(8, (i) => row(i % 2 ? m : 0, 0.1)) },
  { name: "8 rows, d = 0, wide", rows: many(8, () => row(0, 2)) },
  {
    name: "16 rows of all sides, d = 0, ±m, 9",
    rows: many(16, (i) => row([0, m, -m, 9][(i + (i >> 2)) % 4]!, 0.1, sides[i % 4]!)),
  },
  {
    name: "every of 6, all at m",
    rows: [
      row(
        many(6, () => row(0, 1)).map(() => m),
        0.2,
      ),
    ],
  },
  { name: "every of 6, one at m", rows: [row([m, 5, 5, 5, 5, 5], 0.2)] },
  { name: "every of 6, one at m, others 0", rows: [row([m, 0, 0, 0, 0, 0], 0.1)] },
  { name: "every of 6, at -m and m", rows: [row([-m, m, -m, m, -m, m], 0.1, "less")] },
  { name: "every of 6 equal, all at m", rows: [row([m, m, m, m, m, m], 0.1, "equal")] },
  {
    name: "along 7 values, -2m to 2m, and 3 rows",
    rows: [
      {
        side: "greater",
        margin: m,
        sd: 0.1,
        truths: [-2, -1, -0.5, 0, 0.5, 1, 2].map((x) => [x * m]),
      },
      ...many(3, (i) => row([m, -m, 0][i]!, 0.1)),
    ],
  },
];

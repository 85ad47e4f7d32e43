/**
 * What simultaneous intervals say of one question: is a difference d above, below or within a margin, at
 * one point or at every one of several? All that is decided is read from the ends of intervals, and every
 * wrong decision needs an end that lies on the wrong side of the d of its point. `near` ends leave
 * alpha / 2 on a side; `far` ends leave alpha / 2 for all points of a side together (Bonferroni). The ends
 * that a question uses err with a chance of at most alpha, whatever the differences:
 *
 * - `greater` is a question of the least d of all points: `near` lower ends (only the one at the least d
 *   can err, Berger 1982) and `far` upper ones. `less` is its mirror image.
 * - `equal` and `different` use `far` ends on both sides.
 *
 * Intervals are compared with margins on the scale on which they are printed.
 */
import type { Interval } from "./t-test.ts";
import type { Region } from "./words.ts";

export type Side = "greater" | "less" | "equal" | "different";

/** Intervals by point. */
export interface Limits {
  readonly near: readonly Interval[];
  readonly far: readonly Interval[];
}

/** -m and m, or of ratios 1 / m and m. */
export interface Margins {
  readonly low: number;
  readonly high: number;
}

export interface Finding {
  readonly region: Region;
  /** The interval from which the region follows. */
  readonly interval: Interval;
}

const lowest = (all: readonly Interval[]) => Math.min(...all.map(({ lo }) => lo));
const highest = (all: readonly Interval[]) => Math.max(...all.map(({ hi }) => hi));
/** The interval of the least d, and that of the greatest. */
const least = (lows: readonly Interval[], highs: readonly Interval[]): Interval => ({
  lo: lowest(lows),
  hi: Math.min(...highs.map(({ hi }) => hi)),
});
const greatest = (lows: readonly Interval[], highs: readonly Interval[]): Interval => ({
  lo: Math.max(...lows.map(({ lo }) => lo)),
  hi: highest(highs),
});

/** NaN, the end of an interval that is not known, leaves a question open. */
export function find(side: Side, { near, far }: Limits, margins: Margins): Finding {
  if (side === "greater") {
    const whole = { lo: lowest(near), hi: highest(far) };
    return oneSided(least(near, far), whole, margins, above, below);
  }
  if (side === "less") {
    const whole = { lo: lowest(far), hi: highest(near) };
    return oneSided(greatest(far, near), whole, margins, below, above);
  }
  const whole = { lo: lowest(far), hi: highest(far) };
  if (isWithin(whole, margins))
    return { region: side === "equal" ? "claimed" : "within", interval: whole };
  if (side === "different") {
    const beyond = above(whole, margins.high) || below(whole, margins.low);
    return { region: beyond ? "claimed" : "open", interval: whole };
  }
  const some = far.find((one) => above(one, margins.high) || below(one, margins.low));
  return some ? { region: "opposite", interval: some } : { region: "open", interval: whole };
}

const above = ({ lo }: Interval, bound: number) => lo > bound;
const below = ({ hi }: Interval, bound: number) => hi < bound;
const isWithin = (all: Interval, { low, high }: Margins) => low < all.lo && all.hi < high;

type Beyond = typeof above;

function oneSided(
  extreme: Interval,
  whole: Interval,
  margins: Margins,
  onSide: Beyond,
  onOther: Beyond,
): Finding {
  const { low, high } = margins;
  const [mine, other] = onSide === above ? [high, low] : [low, high];
  if (onSide(extreme, mine)) return { region: "claimed", interval: extreme };
  if (onOther(extreme, other)) return { region: "opposite", interval: extreme };
  if (isWithin(whole, margins)) return { region: "within", interval: whole };
  return { region: onOther(extreme, mine) ? "short" : "open", interval: extreme };
}

/** One-sided p values of one point: of H0 d <= bound, and of H0 d >= bound. */
export interface Tails {
  greater(bound: number): number;
  less(bound: number): number;
}

/**
 * The p value of what was found: the least alpha at which the ends would still say so. It is twice the
 * one-sided p value, as an end has half of alpha. Of a question that is left open, the least of those
 * that would have decided it.
 *
 * @param margin - on the scale of the differences
 */
export function pOf(region: Region, side: Side, points: readonly Tails[], margin: number): number {
  const all = side === "less" || side === "greater" ? pOneSided : pTwoSided;
  const turned =
    side === "less"
      ? points.map((t) => ({
          greater: (b: number) => t.less(-b),
          less: (b: number) => t.greater(-b),
        }))
      : points;
  const p = all(turned, margin, side);
  const found = p[region];
  return Math.min(1, 2 * (found ?? Math.min(...Object.values(p))));
}

type Values = Partial<Record<Region, number>>;

function pOneSided(points: readonly Tails[], margin: number): Values {
  const count = points.length;
  const greater = (bound: number) => Math.max(...points.map((t) => t.greater(bound)));
  const less = (bound: number) => points.map((t) => t.less(bound));
  return {
    claimed: greater(margin),
    opposite: count * Math.min(...less(-margin)),
    within: Math.max(greater(-margin), count * Math.max(...less(margin))),
    short: count * Math.min(...less(margin)),
  };
}

function pTwoSided(points: readonly Tails[], margin: number, side: Side): Values {
  const count = points.length;
  const up = points.map((t) => t.greater(margin));
  const down = points.map((t) => t.less(-margin));
  const within = count * Math.max(...points.flatMap((t) => [t.greater(-margin), t.less(margin)]));
  if (side === "equal") return { claimed: within, opposite: count * Math.min(...up, ...down) };
  return { claimed: count * Math.min(Math.max(...up), Math.max(...down)), within };
}

/**
 * Two sides of a comparison → paired statistics. Pairs agree on every axis that both have. What has
 * no counterpart is listed and enters no mean. Knows nothing of pipelines or stores.
 *
 * The unit of replication is one value of the metric's `over`. Significance is the paired t test,
 * corrected by Holm (Scand. J. Statist. 6, 65, 1979) over all comparisons of one metric.
 */
import { familyInterval, holm } from "../statistics/holm.ts";
import { mean } from "../statistics/moments.ts";
import { estimate, type Interval, pTwoSided, tInterval } from "../statistics/t-test.ts";
import type { Store } from "../store/store.ts";
import {
  type Coordinate,
  type MetricColumns,
  type Observation,
  observe,
  type Source,
} from "./observations.ts";

/** The two sides of a comparison: an ablation and the baseline, or now and an earlier run. */
export interface Sides<T = Observation> {
  readonly name: string;
  readonly reference: readonly T[];
  readonly other: readonly T[];
}

export interface Comparison {
  /** The name of the sides. */
  readonly name: string;
  readonly coordinate: Coordinate;
  /** Pairs of units. */
  readonly n: number;
  /** Mean over the paired units; so for `other`. */
  readonly reference: number;
  readonly other: number;
  /** The mean of other - reference over the units. */
  readonly difference: number;
  /** The interval of the difference at 1 - alpha, for this comparison alone; NaN for n < 2. */
  readonly interval: Interval;
  /** The same, jointly for all comparisons of the metric; agrees with Holm. */
  readonly joint: Interval;
  /** The p value of the two-sided paired t test; NaN for n < 2. */
  readonly p: number;
  readonly pHolm: number;
  readonly outcome: Outcome;
}

/** `same`: both sides have equal bytes. `unclear`: not significant, or fewer than two pairs. */
export type Outcome = "better" | "worse" | "higher" | "lower" | "unclear" | "same";

export interface Unpaired {
  readonly name: string;
  readonly side: "reference" | "other";
  /** Observations without a counterpart, as `id` or `id {column=value}`. */
  readonly ids: readonly string[];
}

export interface Compared {
  readonly comparisons: readonly Comparison[];
  readonly unpaired: readonly Unpaired[];
  /** Pairs that were left out because one of the two has no number. */
  readonly withoutNumber: number;
}

export interface CompareOptions {
  readonly better: "higher" | "lower" | undefined;
  readonly alpha: number;
}

/**
 * Compares the numbers of artifacts; `missing` lists the ids of those whose bytes are gone. Throws
 * `AmbiguousRows`.
 */
export async function compareArtifacts(
  store: Store,
  sides: readonly Sides<Source>[],
  metric: MetricColumns & CompareOptions,
): Promise<Compared & { readonly missing: readonly string[] }> {
  const known = new Map<readonly Source[], ReturnType<typeof observe>>();
  const read = (sources: readonly Source[]) => {
    const reading = known.get(sources) ?? observe(store, sources, metric);
    known.set(sources, reading);
    return reading;
  };
  const missing = new Set<string>();
  const observed: Sides[] = [];
  for (const { name, reference, other } of sides) {
    const [left, right] = [await read(reference), await read(other)];
    for (const id of [...left.missing, ...right.missing]) missing.add(id);
    observed.push({ name, reference: left.observations, other: right.observations });
  }
  return { ...compare(observed, metric), missing: [...missing] };
}

/** Makes all comparisons of one metric. */
export function compare(sides: readonly Sides[], { better, alpha }: CompareOptions): Compared {
  const paired = sides.map((side) => pair(side));
  const groups = paired.flatMap(({ groups }) => groups);
  const estimates = groups.map(({ pairs }) =>
    estimate(pairs.map(({ reference, other }) => other.value - reference.value)),
  );
  const p = estimates.map(pTwoSided);
  // Equal bytes are not tested, and one pair cannot be: neither widens the family.
  const tested = groups.flatMap((group, i) => (group.same || estimates[i]!.n < 2 ? [] : [i]));
  const adjusted = new Map(holm(tested.map((i) => p[i]!)).map((value, k) => [tested[k]!, value]));
  const comparisons = groups.map(({ name, coordinate, pairs, same }, i): Comparison => {
    const { n, mean: difference } = estimates[i]!;
    const pHolm = adjusted.get(i) ?? Number.NaN;
    const rejection = pHolm <= alpha ? (difference > 0 ? "above" : "below") : "none";
    const family = { size: Math.max(1, tested.length), alpha };
    return {
      ...{ name, coordinate, n, difference, p: same ? Number.NaN : p[i]!, pHolm },
      reference: mean(pairs.map((one) => one.reference.value)),
      other: mean(pairs.map((one) => one.other.value)),
      interval: tInterval(estimates[i]!, alpha),
      joint: familyInterval(estimates[i]!, family, 0, rejection),
      outcome: same ? "same" : outcomeOf(rejection, better),
    };
  });
  return {
    comparisons,
    unpaired: paired.flatMap(({ unpaired }) => unpaired).filter(({ ids }) => ids.length > 0),
    withoutNumber: paired.reduce((sum, one) => sum + one.withoutNumber, 0),
  };
}

function outcomeOf(
  rejection: "above" | "below" | "none",
  better: CompareOptions["better"],
): Outcome {
  if (rejection === "none") return "unclear";
  const higher = rejection === "above";
  if (better === undefined) return higher ? "higher" : "lower";
  return higher === (better === "higher") ? "better" : "worse";
}

interface Pair {
  readonly reference: Observation;
  readonly other: Observation;
}

interface Group {
  readonly name: string;
  readonly coordinate: Coordinate;
  readonly pairs: readonly Pair[];
  readonly same: boolean;
}

/** Joins the two sides by coordinate, and pairs the units of each coordinate. */
function pair({ name, reference, other }: Sides): {
  groups: Group[];
  unpaired: Unpaired[];
  withoutNumber: number;
} {
  const used = new Set<Observation>();
  const groups: Group[] = [];
  let withoutNumber = 0;
  for (const [left, ours] of byCoordinate(reference)) {
    for (const [right, theirs] of byCoordinate(other)) {
      if (!agree(ours.coordinate, theirs.coordinate)) continue;
      const units = new Map(theirs.members.map((one) => [one.unit, one]));
      const met = ours.members.flatMap((one): Pair[] => {
        const counterpart = units.get(one.unit);
        if (!counterpart) return [];
        used.add(one).add(counterpart);
        return [{ reference: one, other: counterpart }];
      });
      const pairs = met.filter((one) => Number.isFinite(one.other.value - one.reference.value));
      withoutNumber += met.length - pairs.length;
      if (pairs.length === 0) continue;
      const digest = ({ source }: Observation) => source.artifact.digest;
      const same = pairs.every((one) => digest(one.reference) === digest(one.other));
      const coordinate =
        left === right ? ours.coordinate : joined(ours.coordinate, theirs.coordinate);
      groups.push({ name, coordinate, pairs, same });
    }
  }
  const lonely = (side: readonly Observation[]) => side.filter((one) => !used.has(one)).map(nameOf);
  return {
    groups,
    withoutNumber,
    unpaired: [
      { name, side: "reference", ids: lonely(reference) },
      { name, side: "other", ids: lonely(other) },
    ],
  };
}

function byCoordinate(observations: readonly Observation[]) {
  const groups = new Map<string, { coordinate: Coordinate; members: Observation[] }>();
  for (const observation of observations) {
    const key = JSON.stringify(observation.coordinate);
    const group = groups.get(key) ?? { coordinate: observation.coordinate, members: [] };
    groups.set(key, group);
    group.members.push(observation);
  }
  return groups;
}

function agree(a: Coordinate, b: Coordinate): boolean {
  return Object.keys(a).every((axis) => !Object.hasOwn(b, axis) || a[axis] === b[axis]);
}

function joined(a: Coordinate, b: Coordinate): Coordinate {
  return Object.fromEntries(Object.entries({ ...a, ...b }).sort(([x], [y]) => (x < y ? -1 : 1)));
}

/** The instance, and the values that distinguish its rows. */
function nameOf({ source, coordinate, unit }: Observation): string {
  const own = Object.entries(coordinate).filter(
    ([name]) => !Object.hasOwn(source.coordinate, name),
  );
  const known = Object.values(source.coordinate);
  const row = own.map(([name, value]) => `${name}=${value}`);
  if (unit !== undefined && !known.includes(unit)) row.push(String(unit));
  return row.length === 0 ? source.id : `${source.id} {${row.join(",")}}`;
}

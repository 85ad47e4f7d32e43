import fc from "fast-check";
import { expect, test } from "vitest";
import { hiddenCorrelation, hiddenJackknife } from "../../../src/lattice/correlation/hidden.ts";
import {
  axisLags,
  type DistanceShells,
  distanceShells,
  type Lag,
  planeLags,
} from "../../../src/lattice/correlation/lags.ts";
import { planeSums } from "../../../src/lattice/correlation/plane.ts";
import { Products } from "../../../src/lattice/correlation/products.ts";
import { pairProducts, pairSums, retention } from "../../../src/lattice/correlation/two-point.ts";
import { rowsBetween } from "../../../src/lattice/spins.ts";
import { createGenerator, streamSeed } from "../../../src/random/index.ts";
import { mean, standardError } from "../../../src/statistics/moments.ts";
import { decimate, drawExactly, enumerate4, exactBetas, exactValues } from "../exact-ensembles.ts";
import { packed, randomSpins } from "../packed.ts";
import { connect, correlationProfile, meanProducts, summarizeCorrelation } from "./plain.ts";

const generator = (purpose: string) =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 1, parts: [] }));
const lag = (dy: number, dx: number): Lag => ({ offset: [dy, dx], averaged: [[dy, dx]] });

test("pairProducts() over all states of the 4x4 torus gives the exact G(r)", () => {
  const lags = [lag(1, 0), lag(1, 1), lag(2, 0), lag(2, 1), lag(0, 3)];
  const { products } = pairProducts(4, lags);
  for (const beta of exactBetas) {
    const sum = new Float64Array(lags.length);
    for (const { spins, weight } of enumerate4(beta)) {
      const g = products(packed(spins, 16));
      for (let k = 0; k < g.length; k++) sum[k]! += weight * g[k]!;
    }
    const exact = exactValues[`L=4 beta=${beta}`]!;
    for (const [k, name] of ["G10", "G11", "G20", "G21", "G30"].entries()) {
      expect(sum[k]).toBeCloseTo(exact[name]!, 11);
    }
  }
});

test("pairProducts() tells apart the displacements that the 4x4 torus cannot", () => {
  // On the 4x4 torus G(1,1) = G(2,0). 4000 independent exact 6x6 draws: within 4 standard errors,
  // 10 comparisons, a false alarm in 6e-4 of all seeds.
  const lags = [lag(1, 0), lag(1, 1), lag(2, 0), lag(2, 1), lag(0, 3)];
  const { products } = pairProducts(6, lags);
  for (const beta of [0.3, 0.4406867935097715]) {
    const draws = drawExactly(6, beta, 4000, generator(`six ${beta}`));
    const g = draws.map((spins) => products(packed(spins, 36)));
    const exact = exactValues[`L=6 beta=${beta}`]!;
    for (const [k, name] of ["G10", "G11", "G20", "G21", "G30"].entries()) {
      const values = g.map((row) => row[k]!);
      expect(Math.abs(mean(values) - exact[name]!)).toBeLessThan(4 * standardError(values));
    }
  }
});

const spinArray = (n: number) =>
  fc
    .array(fc.constantFrom(-1, 1), { minLength: n, maxLength: n })
    .map((values) => Int8Array.from(values));
const lattice = fc.integer({ min: 2, max: 7 }).chain((side) =>
  fc.record({
    side: fc.constant(side),
    spins: spinArray(side * side),
  }),
);

/** Rows that fill a word, and rows that do not fit one. */
const wide = fc.constantFrom(31, 32, 33).chain((side) =>
  fc.record({
    side: fc.constant(side),
    spins: spinArray(side * side),
  }),
);

test("pairProducts() is a brute-force sum over sites on asymmetric lattices", () => {
  fc.assert(
    fc.property(fc.oneof(lattice, wide), ({ side, spins }) => {
      const lags = planeLags(side).filter((_, k) => side < 8 || k % 97 < 3);
      const g = pairProducts(side, lags).products(packed(spins, side * side));
      for (const [k, { offset }] of lags.entries()) {
        let sum = 0;
        for (let y = 0; y < side; y++) {
          for (let x = 0; x < side; x++) {
            const other = ((y + offset[0]) % side) * side + ((x + offset[1]) % side);
            sum += spins[y * side + x]! * spins[other]!;
          }
        }
        expect(g[k]).toBe(sum / (side * side));
      }
    }),
    { seed: 9, numRuns: 100 },
  );
});

test("axisLags() averages both axes, and planeLags() has each pair of displacements once", () => {
  expect(axisLags(4).map(({ offset }) => offset)).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
  ]);
  expect(planeLags(4)).toHaveLength((16 + 4) / 2);
  fc.assert(
    fc.property(lattice, ({ side, spins }) => {
      const bits = packed(spins, side * side);
      const plane = pairProducts(side, planeLags(side)).products(bits);
      const axes = pairProducts(side, axisLags(side)).products(bits);
      const at = (dy: number, dx: number) =>
        plane[planeLags(side).findIndex(({ offset: [y, x] }) => y === dy && x === dx)]!;
      expect(axes[0]).toBe(1);
      expect(axes[1]).toBeCloseTo((at(0, 1) + at(1, 0)) / 2, 14);
    }),
    { seed: 10, numRuns: 50 },
  );
});

test("decimated nearest neighbours are the originals' (2,0) pairs on the kept sublattice, bit for bit", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }).chain((half) => spinArray(4 * half * half)),
      (spins) => {
        const side = Math.sqrt(spins.length);
        const coarse = decimate(spins, side);
        const bits = packed(coarse, coarse.length);
        const g = pairProducts(side / 2, [lag(1, 0)]).products(bits);
        let sum = 0;
        for (let y = 0; y < side; y += 2) {
          for (let x = 0; x < side; x += 2) {
            sum += spins[y * side + x]! * spins[((y + 2) % side) * side + x]!;
          }
        }
        expect(g[0]).toBe(sum / coarse.length);
      },
    ),
    { seed: 11, numRuns: 50 },
  );
});

interface Data {
  readonly n: number;
  readonly visible: Int8Array;
  readonly hidden: Float32Array | Float64Array;
}

function productsOf({ n, visible, hidden }: Data): Products {
  const [sites, units] = [visible.length / n, hidden.length / n];
  return new Products({ visible: packed(visible, sites), sites, hidden, units });
}

/** The correlation of all configurations, which plain loops find too, bit for bit. */
function correlate(data: Data, order?: ArrayLike<number>) {
  const given = productsOf(data);
  const products = order ? given.shuffled(order) : given;
  const shells = distanceShells(Math.sqrt(data.visible.length / data.n));
  const found = hiddenJackknife(products, [0, data.n], shells).all;
  const { matrices, ...rest } = found;
  expect(rest).toEqual(plainly(products, 0, data.n, shells));
  expect(hiddenCorrelation(products, shells)).toEqual(rest);
  return { ...rest, ...matrices };
}

function plainly(products: Products, from: number, to: number, shells: DistanceShells) {
  const sites = shells.side * shells.side;
  const sums = products.over(from, to);
  const { connected, ...frozen } = connect(sums);
  return {
    ...summarizeCorrelation(connected, sites),
    raw: summarizeCorrelation(meanProducts(sums, products.origin), sites),
    profile: correlationProfile(connected, shells),
    ...frozen,
  };
}

test("hiddenCorrelation() of plain decimation is G(r_i - b r_a), exactly", () => {
  // Each raw C_ia is the site-resolved <v_i v_j> with j the site that unit a keeps.
  const draws = drawExactly(6, 0.4, 200, generator("decimation"));
  const coarse = draws.map((spins) => decimate(spins, 6));
  const { raw, connected, max } = correlate({
    n: draws.length,
    visible: Int8Array.from(draws.flatMap((spins) => [...spins])),
    hidden: Float64Array.from(coarse.flatMap((spins) => [...spins])),
  });
  for (let a = 0; a < 9; a++) {
    const kept = 12 * Math.floor(a / 3) + 2 * (a % 3);
    for (let i = 0; i < 36; i++) {
      const products = draws.map((spins) => spins[i]! * spins[kept]!);
      expect(raw[a * 36 + i]).toBe(mean(products));
    }
    expect(connected[a * 36 + kept]).toBeCloseTo(1, 12);
  }
  expect(max).toBeCloseTo(1, 12);
});

test("the mean of raw C_ia over sites and units at one displacement is G there, exactly", () => {
  const draws = drawExactly(6, 0.4, 100, generator("average"));
  const { raw } = correlate({
    n: draws.length,
    visible: Int8Array.from(draws.flatMap((spins) => [...spins])),
    hidden: Float64Array.from(draws.flatMap((spins) => [...spins])),
  });
  const { products } = pairProducts(6, [lag(1, 2)]);
  const g = draws.map((spins) => products(packed(spins, 36))[0]!);
  const pairs = Array.from({ length: 36 }, (_, a) => {
    const y = (Math.floor(a / 6) + 1) % 6;
    const x = ((a % 6) + 2) % 6;
    return raw[a * 36 + 6 * y + x]!;
  });
  expect(mean(pairs)).toBeCloseTo(mean(g), 13);
});

test("hiddenCorrelation() is Pearson's correlation, and ignores the scale of a code", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          v: spinArray(4),
          h: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 2, maxLength: 2 }),
        }),
        { minLength: 3, maxLength: 12 },
      ),
      (rows) => {
        const visible = Int8Array.from(rows.flatMap(({ v }) => [...v]));
        const hidden = Float64Array.from(rows.flatMap(({ h }) => h));
        const { connected, raw } = correlate({ n: rows.length, visible, hidden });
        for (let a = 0; a < 2; a++) {
          for (let i = 0; i < 4; i++) {
            const x = rows.map(({ v }) => v[i]!);
            const y = rows.map(({ h }) => h[a]!);
            expect(raw[a * 4 + i]).toBeCloseTo(mean(x.map((xi, c) => xi * y[c]!)), 12);
            const dx = x.map((xi) => xi - mean(x));
            const dy = y.map((yi) => yi - mean(y));
            const scale = Math.sqrt(mean(dx.map((d) => d * d)) * mean(dy.map((d) => d * d)));
            if (scale < 1e-3) continue;
            const pearson = mean(dx.map((d, c) => d * dy[c]!)) / scale;
            expect(connected[a * 4 + i]).toBeCloseTo(pearson, 9);
          }
        }
      },
    ),
    { seed: 12, numRuns: 100 },
  );
});

test("hiddenCorrelation() of signs is that of the same numbers, doubled, at half their size", () => {
  // Codes of +1 and -1 take a path of their own, over words; 2 and -2 take the general one.
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 70 }).chain((n) =>
        fc.record({
          n: fc.constant(n),
          visible: spinArray(4 * n),
          codes: spinArray(2 * n),
          order: fc.shuffledSubarray([...Array(n).keys()], { minLength: n }),
        }),
      ),
      ({ n, visible, codes, order }) => {
        const hidden = Float32Array.from(codes);
        const one = correlate({ n, visible, hidden }, order);
        const two = { n, visible, hidden: Float32Array.from(codes, (s) => 2 * s) };
        expect(correlate(two, order).raw.map((c) => c / 2)).toEqual(one.raw);
        const shells = distanceShells(2);
        const blocks = [0, Math.floor(n / 3), Math.floor((2 * n) / 3), n];
        const bounds = blocks.filter((bound, b) => bound !== blocks[b - 1]);
        const [ones, twos] = [productsOf({ n, visible, hidden }), productsOf(two)];
        const [first, second] = [ones, twos].map((p) => hiddenJackknife(p, bounds, shells));
        for (let b = 0; bounds.length > 2 && b + 1 < bounds.length; b++) {
          const { raw, ...connected } = first!.without(b);
          const { raw: doubled, ...same } = second!.without(b);
          expect(same).toEqual(connected);
          expect({ mean: doubled.mean / 2, max: doubled.max / 2 }).toEqual(raw);
          // The last block is left out: plain loops over the others.
          if (b + 2 < bounds.length) continue;
          expect({ raw, ...connected }).toEqual(plainly(ones, 0, bounds[b]!, shells));
        }
        const paired = order.map((from) => codes[2 * from]! * visible[4 * order.indexOf(from)]!);
        expect(one.raw[0]).toBeCloseTo(mean(paired), 12);
      },
    ),
    { seed: 15 },
  );
});

test("units and sites that never change are excluded and counted", () => {
  const found = correlate({
    n: 3,
    // Site 1 alone varies.
    visible: Int8Array.of(1, -1, 1, -1, 1, 1, 1, -1, 1, -1, 1, -1),
    hidden: Float64Array.of(0.1, 0.1, 0.3, 0.1, 0.7, 0.1), // unit 1 frozen
  });
  expect([found.frozenSites, found.frozenUnits]).toEqual([3, 1]);
  expect([...found.connected].map(Number.isNaN)).toEqual(
    Array.from({ length: 8 }, (_, k) => k !== 1),
  );
  expect(found.mean).toBe(Math.abs(found.connected[1]!));
  expect(found.max).toBe(found.mean);
  const visible = Int8Array.of(1, 1, 1, 1);
  expect(correlate({ n: 1, visible, hidden: Float32Array.of(1) }).max).toBeNaN();
});

test("shuffled configurations leave the null of max |C|, near its known size", () => {
  // The largest of N = 256 independent |z| / sqrt n: with n = 1000 configurations about .096 and
  // with 100 about .31 at beta .2 (there the effective N is near 256). For independent spins the
  // expected maximum of 256 half-normals is 3.06 (numerically), / sqrt n = .0968; averaged over 64
  // units its standard deviation is about .4 / sqrt(1000 * 64) = .0016. Allow 4.
  const random = generator("null");
  const [n, sites, units] = [1000, 256, 64];
  const visible = Int8Array.from({ length: n * sites }, () => 2 * random.below(2) - 1);
  // Every unit copies a site: without the shuffle its largest correlation is 1.
  const hidden = Float64Array.from(
    { length: n * units },
    (_, k) => visible[Math.floor(k / units) * sites + (k % units)]!,
  );
  const data = { n, visible, hidden };
  expect(correlate(data).max).toBeCloseTo(1, 12);
  const order = random.shuffle(Int32Array.from({ length: n }, (_, c) => c));
  const { max } = correlate(data, order);
  expect(Math.abs(max - 0.0968)).toBeLessThan(0.0064);
});

test.each([16, 17, 64, 65, 66, 127, 128, 130])(
  "pairProducts() is that sum on %d sites a side too",
  (side) => {
    const spins = randomSpins(side, 2 * side * side);
    const some = planeLags(side).filter((_, k, all) => k % Math.ceil(all.length / 40) === 0);
    const offsets = [...axisLags(side), ...some].flatMap(({ averaged }) => averaged);
    const g = pairProducts(
      side,
      offsets.map((r) => lag(...r)),
    ).products(packed(spins, side * side));
    for (const row of [0, 1]) {
      const at = (y: number, x: number) => spins[(row * side + (y % side)) * side + (x % side)]!;
      for (const [k, [dy, dx]] of offsets.entries()) {
        let sum = 0;
        for (let y = 0; y < side; y++) {
          for (let x = 0; x < side; x++) sum += at(y, x) * at(y + dy, x + dx);
        }
        expect(g[row * offsets.length + k], `${dy} ${dx}`).toBe(sum / (side * side));
      }
    }
  },
);

test.each([2, 8, 9, 16, 32, 64])(
  "pairSums() adds up what pairProducts() gives each, on %d sites a side",
  (side) => {
    const rows = 301;
    const spins = randomSpins(side, rows * side * side);
    const all = packed(spins, side * side);
    for (const lags of [axisLags(side), planeLags(side)]) {
      const { products, width } = pairProducts(side, lags);
      const expected = new Float64Array(width + 1);
      for (const [k, value] of products(all).entries()) expected[k % width]! += value;
      for (let row = 0; row < rows; row++) {
        const own = spins.subarray(row * side * side, (row + 1) * side * side);
        expected[width]! += own.reduce((sum, s) => sum + s, 0) / (side * side);
      }
      const sums = pairSums(side, lags);
      const cut = rowsBetween(all, side * side, 80, 301);
      const first = rowsBetween(all, side * side, 0, 80);
      // A group that is empty, and an odd number of them, since two are transformed at once.
      const found = sums([[all], [first, cut], [], [first], [cut]]);
      expect(found.slice(0, 2)).toEqual([expected, expected]);
      expect(found[2]).toEqual(new Float64Array(width + 1));
      const whole = found[3]!.map((sum, k) => sum + found[4]![k]!);
      for (const [k, sum] of whole.entries()) expect(sum).toBeCloseTo(expected[k]!, 10);
    }
  },
);

test("pairSums() takes the same displacements on lattices of several sizes", () => {
  const lags = planeLags(32);
  for (const side of [32, 64]) {
    const all = packed(randomSpins(side, side * side), side * side);
    const { products, width } = pairProducts(side, lags);
    const [found] = pairSums(side, lags)([[all]]);
    expect(found!.slice(0, width)).toEqual(products(all));
  }
});

test("planeSums() is exact where all spins are equal, and for large lattices", () => {
  const side = 256;
  const ups = { bits: new Uint8Array((3 * side * side) / 8).fill(255), rows: 3 };
  expect([...planeSums(side, [[ups]])][0]!.every((sum) => sum === 3 * side * side)).toBe(true);
  const spins = packed(randomSpins(5, 3 * side * side), side * side);
  const [, sums] = [...planeSums(side, [[ups], [spins]])] as [Float64Array, Float64Array];
  const lags = [lag(0, 1), lag(1, 0), lag(3, 5), lag(128, 128), lag(255, 1), lag(17, 200)];
  const { products } = pairProducts(side, lags);
  const expected = new Float64Array(lags.length);
  for (const [k, mean] of products(spins).entries()) expected[k % lags.length]! += mean;
  expect(lags.map(({ offset: [dy, dx] }) => sums[dy * side + dx]! / side ** 2)).toEqual([
    ...expected,
  ]);
});

test("retention() has its plain values", () => {
  expect(retention([0.5, -0.25], [0.5, -0.25])).toBe(1);
  expect(retention([0.5, 0.25], [0, 0])).toBe(0);
  expect(retention([0.5, 0.25], [0.5, 0.5])).toBeCloseTo(2 / 3, 15);
  expect(retention([], [])).toBeNaN();
});

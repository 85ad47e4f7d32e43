/** The bound against enumeration, brute force and finite differences. Seeds were fixed beforehand. */
import { expect, test } from "vitest";
import { examplesAt } from "../../../src/lattice/surroundings.ts";
import { type Examples, information, type Sizes } from "../../../src/learn/rsmi/information.ts";
import { trainRsmi, whole } from "../../../src/learn/rsmi/train.ts";
import { createGenerator, streamSeed } from "../../../src/random/index.ts";

const stream = (...parts: (string | number)[]) =>
  createGenerator(streamSeed({ nodeType: "test", purpose: "rsmi", seed: 7, parts }));

const train = (
  sizes: Sizes,
  examples: Examples,
  more: { epochs: number; batch: number; rate: number; filter?: ArrayLike<number> },
) =>
  trainRsmi({
    ...{ sizes, examples, ...more, validation: undefined, initial: stream("initial") },
    order: (epoch) => stream("order", epoch),
    onEpoch: () => {},
    pause: async () => {},
  });

const all = ({ rows }: Examples) => ({
  order: Int32Array.from({ length: rows }, (_, i) => i),
  from: 0,
  to: rows,
});

/** Random spins with random weights. */
function noise(rows: number, visible: number, environment: number): Examples {
  const random = stream("noise");
  const spins = (n: number) => Float64Array.from({ length: n }, () => 2 * random.below(2) - 1);
  const weights = Float64Array.from({ length: rows }, () => random.float64());
  return { rows, visible: spins(rows * visible), environment: spins(rows * environment), weights };
}

test("the gradient is that of the bound", () => {
  const sizes = { visible: 3, environment: 5 };
  const examples = noise(40, 3, 5);
  const random = stream("parameters");
  const parameters = Float64Array.from({ length: 8 }, () => random.normal());
  const gradient = new Float64Array(parameters.length);
  information(sizes, parameters, examples, all(examples), { gradient });
  for (const [i, slope] of gradient.entries()) {
    const moved = [1e-5, -1e-5].map((d) => {
      const near = parameters.slice();
      near[i]! += d;
      return whole(sizes, near, examples);
    });
    expect((moved[0]! - moved[1]!) / 2e-5).toBeCloseTo(slope, 8);
  }
});

test("whatever the numbers, the bound is at most ln 2 and no more than what can be known", async () => {
  const sizes = { visible: 3, environment: 5 };
  const examples = noise(40, 3, 5);
  const random = stream("large");
  for (let i = 0; i < 50; i++) {
    const parameters = new Float64Array(8).map(() => 30 * random.normal());
    expect(whole(sizes, parameters, examples)).toBeLessThanOrEqual(Math.LN2);
  }
  // 40 rows and 8 numbers: fitted to noise, it is far from 0, and never above ln 2.
  const { parameters } = await train(sizes, examples, { epochs: 300, batch: 40, rate: 0.1 });
  const fitted = whole(sizes, parameters, examples);
  expect(fitted).toBeGreaterThan(0.1);
  expect(fitted).toBeLessThan(Math.LN2);
});

test("one spin that the environment repeats with errors is found, and its information", async () => {
  // Of four independent spins, the environment has the third, wrong with probability 0.1.
  const rows: number[][] = [];
  const weights: number[] = [];
  for (let v = 0; v < 16; v++) {
    const spins = [0, 1, 2, 3].map((k) => 2 * ((v >> k) & 1) - 1);
    for (const wrong of [0, 1]) {
      rows.push([...spins, wrong ? -spins[2]! : spins[2]!]);
      weights.push(wrong ? 0.1 : 0.9);
    }
  }
  const examples = {
    rows: rows.length,
    visible: Float64Array.from(rows.flatMap((row) => row.slice(0, 4))),
    environment: Float64Array.from(rows.map((row) => row[4]!)),
    weights: Float64Array.from(weights),
  };
  const sizes = { visible: 4, environment: 1 };
  const { parameters } = await train(sizes, examples, { epochs: 2000, batch: 32, rate: 0.05 });
  const exact = Math.LN2 + 0.1 * Math.log(0.1) + 0.9 * Math.log(0.9);
  const found = information(sizes, parameters, examples, all(examples), { draw: "sign" });
  expect(found).toBeLessThanOrEqual(exact + 1e-12);
  expect(found).toBeGreaterThan(exact - 1e-3);
  const [, , third, fourth] = parameters.map(Math.abs);
  expect(third).toBeGreaterThan(10 * fourth!);
});

// The 4 x 4 torus at the critical point, state by state: a block of 2 x 2 and the 12 other spins.
const size = 4;
const around = { size, stride: 2, window: 2, buffer: 0, thickness: 1 };
const { examples: torus, table } = enumerate(0.4406867935097715);

/** Every state with its weight, up to a reversal; and P(v, e) as a table of 16 x 4096. */
function enumerate(beta: number) {
  const states = 2 ** 15;
  const spins = new Int8Array(states * 16);
  const weights = new Float64Array(states);
  for (let state = 0; state < states; state++) {
    const row = spins.subarray(16 * state, 16 * state + 16);
    for (let site = 0; site < 16; site++) row[site] = 2 * ((state >> site) & 1) - 1;
    let bonds = 0;
    for (let site = 0; site < 16; site++) {
      const right = (site & 12) + ((site + 1) & 3);
      bonds += row[site]! * (row[right]! + row[(site + 4) & 15]!);
    }
    weights[state] = Math.exp(beta * (bonds - 32));
  }
  const places = Array.from({ length: states }, (_, row) => [row, 0] as const);
  const examples = examplesAt(around, spins, places, weights);
  const table = Array.from({ length: 16 }, () => new Float64Array(4096));
  const total = 2 * weights.reduce((sum, w) => sum + w, 0);
  const bitsOf = (values: Float64Array, row: number, n: number) =>
    values.subarray(row * n, row * n + n).reduce((sum, s, k) => sum + (s > 0 ? 2 ** k : 0), 0);
  for (let row = 0; row < states; row++) {
    const [v, e] = [bitsOf(examples.visible, row, 4), bitsOf(examples.environment, row, 12)];
    for (const [a, b] of [
      [v, e],
      [15 - v, 4095 - e],
    ] as const) {
      table[a]![b]! += weights[row]! / total;
    }
  }
  return { examples, table };
}

/** I(h; e) of the block spin with these means, one a pattern of the block, without any bound. */
function exactInformation(means: readonly number[]): number {
  let sum = Math.LN2;
  for (let e = 0; e < 4096; e++) {
    let [both, up] = [0, 0];
    for (let v = 0; v < 16; v++) {
      both += table[v]![e]!;
      up += (table[v]![e]! * (1 + means[v]!)) / 2;
    }
    for (const part of [up, both - up]) if (part > 0) sum += part * Math.log(part / both);
  }
  return sum;
}
const fieldOf = (w: ArrayLike<number>, v: number) =>
  [0, 1, 2, 3].reduce((sum, k) => sum + w[k]! * (2 * ((v >> k) & 1) - 1), 0);
const meansOf = (w: ArrayLike<number>, mean: (field: number) => number) =>
  Array.from({ length: 16 }, (_, v) => mean(fieldOf(w, v)));

test("enumeration gives the published values of rules", () => {
  // Computed independently for this torus: decimation, majority with random ties and with top-left.
  expect(exactInformation(meansOf([1, 0, 0, 0], Math.sign))).toBeCloseTo(0.45398286, 7);
  expect(exactInformation(meansOf([1, 1, 1, 1], Math.sign))).toBeCloseTo(0.53507369, 7);
  expect(exactInformation(meansOf([1.5, 1, 1, 1], Math.sign))).toBeCloseTo(0.53777024, 7);
});

test("training finds the filter that brute force finds", async () => {
  const sizes = { visible: 4, environment: 12 };
  const batch = torus.rows;
  const { parameters } = await train(sizes, torus, { epochs: 100, batch, rate: 0.4 });
  const filter = parameters.subarray(0, 4);
  // All filters of weights -1, 0, 1/2, 1 and 3/2: their signs, and drawn.
  let best = 0;
  for (let code = 0; code < 5 ** 4; code++) {
    const w = [0, 1, 2, 3].map((k) => [-1, 0, 0.5, 1, 1.5][Math.floor(code / 5 ** k) % 5]!);
    best = Math.max(best, exactInformation(meansOf(w, Math.sign)));
    best = Math.max(best, exactInformation(meansOf(w, Math.tanh)));
  }
  // Also the best of all odd rules, by a search over all of them.
  expect(best).toBeCloseTo(0.537812, 7);
  const found = exactInformation(meansOf(filter, Math.tanh));
  expect(found).toBeLessThanOrEqual(best);
  expect(found).toBeGreaterThan(best - 2e-3);
  expect(exactInformation(meansOf(filter, Math.sign))).toBeGreaterThan(0.535);
  const bound = whole(sizes, parameters, torus);
  expect(bound).toBeLessThanOrEqual(found);
  expect(bound).toBeGreaterThan(found - 1e-3);
});

test("the bound of a given rule is its information to a thousandth", async () => {
  const sizes = { visible: 4, environment: 12 };
  const filter = [9, 9, 9, 9];
  const more = { epochs: 100, batch: torus.rows, rate: 0.3, filter };
  const { parameters } = await train(sizes, torus, more);
  expect([...parameters.subarray(0, 4)]).toEqual(filter);
  const bound = information(sizes, parameters, torus, all(torus), { draw: "sign" });
  const exact = exactInformation(meansOf(filter, Math.sign));
  expect(bound).toBeLessThanOrEqual(exact);
  expect(bound).toBeGreaterThan(exact - 1e-3);
});

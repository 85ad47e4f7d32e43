import { beforeAll, expect, test } from "vitest";
import { type Backend, loadBackend } from "../../src/learn/backend/backend.ts";
import {
  type Boltzmann,
  boltzmannLayers,
  freeEnergies,
  gibbs,
  hiddenMeans,
  momentsOf,
  visibleMeans,
} from "../../src/learn/boltzmann.ts";
import { predict } from "../../src/learn/layers/forward.ts";
import { floatRows } from "../../src/learn/rows.ts";
import { optimizerOf } from "../../src/learn/training/optimizer.ts";
import { type BoltzmannOptions, trainBoltzmann } from "../../src/learn/training/train-boltzmann.ts";
import { digest, random } from "./networks.ts";

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend("wasm");
});

const [visible, hidden] = [4, 3];

function machineOf(scale: number, purpose = "machine"): Boltzmann {
  const generator = random(purpose);
  const draw = (size: number, by: number) =>
    Float32Array.from({ length: size }, () => by * generator.normal());
  return {
    visible,
    hidden,
    weights: draw(visible * hidden, scale),
    hiddenBias: draw(hidden, scale / 2),
    visibleBias: draw(visible, scale / 2),
  };
}

const spinsOf = (state: number, size: number) =>
  Array.from({ length: size }, (_, i) => ((state >> i) & 1) * 2 - 1);
const states = Array.from({ length: 2 ** visible }, (_, state) => spinsOf(state, visible));
const all = Float32Array.from(states.flat());

/** p(v) of all visible states, by summing over all hidden ones in float64. */
function exact({ weights, hiddenBias, visibleBias }: Boltzmann) {
  const sums = states.map((v) => {
    let sum = 0;
    for (let state = 0; state < 2 ** hidden; state++) {
      const h = spinsOf(state, hidden);
      let exponent = 0;
      for (let a = 0; a < hidden; a++) {
        exponent += hiddenBias[a]! * h[a]!;
        for (let i = 0; i < visible; i++) exponent += h[a]! * weights[a * visible + i]! * v[i]!;
      }
      for (let i = 0; i < visible; i++) exponent += visibleBias[i]! * v[i]!;
      sum += Math.exp(exponent);
    }
    return sum;
  });
  const z = sums.reduce((total, sum) => total + sum, 0);
  return { p: sums.map((sum) => sum / z), logZ: Math.log(z) };
}

const logLikelihood = (machine: Boltzmann, data: readonly number[]) => {
  const { p } = exact(machine);
  return data.reduce((sum, share, state) => sum + share * Math.log(p[state]!), 0);
};

test("freeEnergies() are -ln of the sum over all hidden states", () => {
  const machine = machineOf(0.8);
  const { p, logZ } = exact(machine);
  const found = freeEnergies(machine, all);
  for (const [state, value] of found.entries()) {
    // Fields are float32 sums of order 1.
    expect(Math.abs(value + Math.log(p[state]!) + logZ)).toBeLessThan(1e-5);
  }
});

test("momentsOf() of data and of the exact model differ by the likelihood's gradient", () => {
  const machine = machineOf(0.8);
  const generator = random("data");
  const rows = 64;
  const chosen = Array.from({ length: rows }, () => generator.below(2 ** visible));
  const data = states.map((_, state) => chosen.filter((c) => c === state).length / rows);
  const v = Float32Array.from(chosen.flatMap((state) => states[state]!));
  const positive = momentsOf(machine, v, hiddenMeans(machine, v));
  const each = states.map((state) => {
    const one = Float32Array.from(state);
    return momentsOf(machine, one, hiddenMeans(machine, one));
  });
  const { p } = exact(machine);
  const names = [
    ["product", "weights"],
    ["hidden", "hiddenBias"],
    ["visible", "visibleBias"],
  ] as const;
  for (const [moment, parameter] of names) {
    for (let j = 0; j < machine[parameter].length; j++) {
      const model = p.reduce((sum, share, state) => sum + share * each[state]![moment][j]!, 0);
      const moved = (by: number) =>
        logLikelihood(
          {
            ...machine,
            [parameter]: Float64Array.from(machine[parameter], (w, k) => (k === j ? w + by : w)),
          },
          data,
        );
      const numeric = (moved(1e-4) - moved(-1e-4)) / 2e-4;
      // h^2/6 times a third derivative of order 10; the moments are float32.
      expect(Math.abs(positive[moment][j]! - model - numeric)).toBeLessThan(1e-5);
    }
  }
});

test("gibbs() draws visible states with the exact probabilities", () => {
  const machine = machineOf(0.6);
  const rows = 20_000;
  const start = new Float32Array(rows * visible).fill(1);
  const last = gibbs(machine, start, 60, random("gibbs"));
  const counts = new Float64Array(2 ** visible);
  for (let row = 0; row < rows; row++) {
    let state = 0;
    for (let i = 0; i < visible; i++) if (last[row * visible + i] === 1) state |= 1 << i;
    counts[state]!++;
  }
  const { p } = exact(machine);
  const chiSquare = p.reduce(
    (sum, share, state) => sum + (counts[state]! - rows * share) ** 2 / (rows * share),
    0,
  );
  // 15 degrees of freedom: above 44.3 with probability 1e-4. The chains are independent.
  expect(chiSquare).toBeLessThan(44.3);
});

test("boltzmannLayers() are the mean fields of the machine", () => {
  const machine = machineOf(0.8);
  const layers = boltzmannLayers(machine);
  const image = predict(backend, layers, floatRows(all, visible));
  const want = visibleMeans(machine, hiddenMeans(machine, all));
  for (let i = 0; i < want.length; i++) expect(Math.abs(image[i]! - want[i]!)).toBeLessThan(1e-6);
});

/** Rows with all spins equal, or all but the last: far from independent spins. */
const teacher: number[] = states.map((v) =>
  v.slice(0, 3).every((spin) => spin === v[0]) ? (v[3] === v[0] ? 0.35 : 0.15) : 0,
);

function options(change: Partial<BoltzmannOptions> = {}): BoltzmannOptions {
  const rows = teacher.flatMap((share, state) =>
    Array.from({ length: Math.round(200 * share) }, () => states[state]!),
  );
  return {
    units: 3,
    deviation: 0.1,
    biases: true,
    steps: 1,
    persistent: false,
    penalty: { l1: 0, l2: 0 },
    optimizer: optimizerOf({ sgd: 0.1 }),
    batch: 20,
    epochs: 60,
    data: floatRows(Float32Array.from(rows.flat()), visible),
    random,
    ...change,
  };
}

/** PCD's chains must cross between the modes as fast as the weights change: many chains, slowly. */
const slowly = { persistent: true, batch: 200, epochs: 300, optimizer: optimizerOf({ sgd: 0.02 }) };
const trainings: [string, Partial<BoltzmannOptions>][] = [
  ["cd", {}],
  ["pcd", slowly],
  ["cd-3 without biases", { steps: 3, biases: false }],
];

test.each(trainings)(
  "trainBoltzmann() by %s comes near the data's likelihood",
  async (_, change) => {
    const given = options(change);
    const { machine, history } = await trainBoltzmann(given);
    const best = teacher.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0);
    // Independent spins reach -4 ln 2 = -2.77, the data themselves -1.30.
    const reached = logLikelihood(machine, teacher);
    expect(reached).toBeLessThan(best);
    expect(reached).toBeGreaterThan(best - 0.25);
    expect(history).toHaveLength(given.epochs + 1);
    expect(history.at(-1)!.reconstruction).toBeLessThan(0.5 * history[0]!.reconstruction);
    const biases = [...machine.hiddenBias, ...machine.visibleBias];
    expect(biases.every((b) => b === 0)).toBe(!given.biases);
  },
);

test("trainBoltzmann() gives the same bytes again, and those on record", async () => {
  const bytes = async (change: Partial<BoltzmannOptions>) => {
    const { machine } = await trainBoltzmann(options({ epochs: 3, ...change }));
    return digest([machine.weights, machine.hiddenBias, machine.visibleBias]).slice(0, 16);
  };
  expect(await bytes({})).toBe(await bytes({}));
  expect([
    await bytes({}),
    await bytes({ persistent: true, penalty: { l1: 0.01, l2: 0 } }),
  ]).toEqual(["5c3fb8a77f6f95e9", "cf26fab944473ed8"]);
});

test("trainBoltzmann() refuses a batch beyond the data, and says when it diverges", async () => {
  await expect(trainBoltzmann(options({ batch: 201 }))).rejects.toThrow(
    "201 is more than the rows of the data, 200",
  );
  const wild = options({ optimizer: optimizerOf({ sgd: 1e38 }) });
  await expect(trainBoltzmann(wild)).rejects.toThrow("the training diverged: in epoch 1");
});

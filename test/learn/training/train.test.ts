import { beforeAll, expect, test } from "vitest";
import { type Backend, loadBackend } from "../../../src/learn/backend/backend.ts";
import { evaluate } from "../../../src/learn/evaluate.ts";
import { copyLayers, parametersOf } from "../../../src/learn/model.ts";
import {
  checkpointColumns,
  readCheckpoint,
  writeCheckpoint,
} from "../../../src/learn/training/checkpoint.ts";
import { initialState, optimizerOf } from "../../../src/learn/training/optimizer.ts";
import { type Training, type TrainingOptions, train } from "../../../src/learn/training/train.ts";
import { tableOf } from "../../harness/tables.ts";
import { dense, digest, random, randomSpins, traineeFor } from "../networks.ts";

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend("wasm");
});

const spins = randomSpins(200, 16);
const others = randomSpins(60, 16, "others");

function options(change: Partial<TrainingOptions> = {}): TrainingOptions {
  return {
    backend,
    layers: [dense("code", 16, 4), dense("image", 4, 16)],
    loss: "mse",
    penalties: new Map([["code", { l1: 1e-4, l2: 1e-4 }]]),
    optimizer: optimizerOf({ adam: 0.01 }),
    batch: 32,
    epochs: 4,
    data: { x: spins, y: spins },
    random,
    ...change,
  };
}

const weights = ({ layers }: Pick<Training, "layers">) => digest(layers.flatMap(parametersOf));

test("train() gives the same bytes again, and leaves its input alone", async () => {
  const given = options();
  const before = digest(given.layers.flatMap(parametersOf));
  const [one, two] = [await train(given), await train(given)];
  expect(weights(one)).toBe(weights(two));
  expect(one.history).toEqual(two.history);
  expect(digest(given.layers.flatMap(parametersOf))).toBe(before);
});

// A change of these digests changes what every model in every cache would be if trained again:
// raise the version of model-trainer together with them.
test.each([
  ["adam", options, "a1bad0d5e973391414b3ea41d60e3ac1de487689d59cbb8ab4051ab7414897b2"],
  [
    "sgd",
    () =>
      options({
        optimizer: optimizerOf({ sgd: { learning_rate: 0.1, momentum: 0.9 } }),
        loss: "bce",
      }),
    "40c6cc3c09973ec10b1784ff198ebcf2e0064b0761c1151c69d882fc6ae3bb99",
  ],
] as const)("train() gives the bytes that are on record for %s", async (_, make, recorded) => {
  expect(weights(await train(make()))).toBe(recorded);
});

test("train() lowers the loss that evaluate() measures, and records both", async () => {
  const given = options({ epochs: 30, validation: { x: others, y: others } });
  const { history, layers } = await train(given);
  expect(history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 31 }, (_, i) => i));
  const [first, last] = [history[0]!, history.at(-1)!];
  expect(first.loss).toBe(evaluate(backend, given.layers, "mse", given.data));
  expect(last.loss).toBeLessThan(0.8 * first.loss);
  expect(last.validationLoss).toBe(evaluate(backend, layers, "mse", { x: others, y: others }));
  expect(last.penalty).toBeGreaterThan(0);
});

test.each([
  ["adam", {}],
  ["sgd", { optimizer: optimizerOf({ sgd: { learning_rate: 0.1, momentum: 0.9 } }) }],
  [
    "early stopping",
    { earlyStopping: { patience: 50, min_delta: 0 }, validation: { x: others, y: others } },
  ],
] as const)(
  "train() continued from a checkpoint equals train() from scratch: %s",
  async (_, change) => {
    const whole = await train(options({ ...change, epochs: 5 }));
    const part = await train(options({ ...change, epochs: 2 }));
    const kept = tableOf(checkpointColumns, writeCheckpoint(part.state)).columns;
    const { layers, optimizer } = options(change);
    const state = readCheckpoint(kept, layers, optimizer);
    const rest = await train(options({ ...change, epochs: 5, state }));
    expect(weights(rest)).toBe(weights(whole));
    expect([...part.history, ...rest.history]).toEqual(whole.history);
    expect(writeCheckpoint(rest.state)).toEqual(writeCheckpoint(whole.state));
  },
);

test("train() leaves frozen layers alone, wherever they are", async () => {
  const layers = [dense("a", 16, 8), dense("b", 8, 4), dense("c", 4, 16)];
  const freeze = (...names: string[]) =>
    layers.map((layer) => ({ ...layer, frozen: names.includes(layer.name) }));
  for (const names of [["a"], ["b"], ["c"], ["a", "b"], ["a", "c"]]) {
    const { layers: trained } = await train(options({ layers: freeze(...names) }));
    for (const [i, layer] of trained.entries()) {
      const same = digest(parametersOf(layer)) === digest(parametersOf(layers[i]!));
      expect(same).toBe(names.includes(layer.name));
    }
  }
});

test("train() on the kept outputs of leading frozen layers equals running them in every step", async () => {
  const layers = [dense("a", 16, 8, "tanh", true), dense("b", 8, 4), dense("c", 4, 16)];
  const given = options({ layers, penalties: new Map(), epochs: 2 });
  const reference = copyLayers(layers);
  const parameters = reference.slice(1).flatMap(parametersOf);
  const { optimizer } = given;
  const state = initialState(
    optimizer,
    parameters.map((array) => array.length),
  );
  const shape = { batch: 32, optimizer, state };
  const trainee = traineeFor(backend, reference, shape);
  for (const epoch of [1, 2]) {
    const order = random("batches", epoch).shuffle([...Array(200).keys()]);
    for (let start = 0; start + 32 <= 200; start += 32) {
      trainee.step(spins, spins, order.slice(start, start + 32));
    }
  }
  trainee.save();
  trainee.dispose();
  expect(weights(await train(given))).toBe(weights({ layers: reference }));
});

test("train() stops early and gives back the best epoch", async () => {
  // Targets without any relation to the inputs: the validation loss soon rises.
  const wrong = { x: spins, y: randomSpins(200, 16, "noise") };
  const validation = { x: others, y: randomSpins(60, 16, "more noise") };
  const earlyStopping = { patience: 3, min_delta: 0 };
  const given = options({ data: wrong, validation, earlyStopping, epochs: 200 });
  const { history, layers, state } = await train(given);
  const losses = history.map((record) => record.validationLoss!);
  const best = losses.indexOf(Math.min(...losses));
  expect(history.length).toBe(best + 1 + 3);
  expect(state.best?.epoch).toBe(best);
  expect(evaluate(backend, layers, "mse", validation)).toBe(losses[best]);
});

test("train() refuses what cannot be trained", async () => {
  const frozen = options().layers.map((layer) => ({ ...layer, frozen: true }));
  await expect(train(options({ layers: frozen }))).rejects.toThrow("nothing to train");
  await expect(train(options({ batch: 201 }))).rejects.toThrow(
    "201 is more than the rows of the data, 200",
  );
  const wild = options({
    optimizer: optimizerOf({ sgd: 1e30 }),
    layers: [dense("a", 16, 16, "linear")],
  });
  await expect(train(wild)).rejects.toThrow("the training diverged: in epoch");
});

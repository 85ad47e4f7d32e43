import { expect, test } from "vitest";
import { f64, InvalidInput, InvalidParam, vector } from "../../src/engine/node-type.ts";
import { parametersOf } from "../../src/learn/model.ts";
import { readModel } from "../../src/learn/model-table.ts";
import { modelTrainer } from "../../src/nodes/model-trainer/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { digest } from "../learn/networks.ts";
import { configurations, decimated } from "./configurations.ts";

const x = configurations();
const y = decimated(x);
const short = { epochs: 3, batch: 16, optimizer: { adam: 0.01 }, seed: 3 };
const encoder = { ...short, layers: [{ dense: "y", activation: "tanh" }] };
const autoencoder = {
  ...short,
  layers: [
    { dense: 4, activation: "tanh", name: "code" },
    { dense: "x", activation: "tanh" },
  ],
};

function train(
  params: object,
  inputs: Record<string, Table>,
  moreInputs: Record<string, Table> = {},
) {
  const given = params as Record<string, unknown>;
  return runNode(modelTrainer, { params: given, inputs, moreInputs });
}
const model = async (...args: Parameters<typeof train>) =>
  (await train(...args)).outputs["model"] as unknown as Table;
const digestOf = (table: Table) => digest(readModel(table).layers.flatMap(parametersOf));

test("model-trainer trains an encoder on another table, with history and chains", async () => {
  const { outputs, log } = await train(encoder, { x, y });
  const trained = readModel(outputs["model"] as unknown as Table);
  expect(trained.layers).toMatchObject([
    { name: "dense_1", activation: "tanh", inputs: 16, outputs: 4, frozen: false },
  ]);
  expect(trained.chains).toEqual(["train/0.2/0", "train/0.2/1", "train/0.5/0", "train/0.5/1"]);
  const history = outputs["history"].columns;
  expect([...history.epoch]).toEqual([0, 1, 2, 3]);
  expect(history.loss.at(-1)!).toBeLessThan(history.loss[0]!);
  expect(history.validation_loss).toEqual([null, null, null, null]);
  expect(log).toHaveLength(4);
});

test("model-trainer without y trains an autoencoder, as it does with y equal to x", async () => {
  const alone = await model(autoencoder, { x });
  expect(digestOf(alone)).toBe(digestOf(await model(autoencoder, { x, y: x })));
});

test("model-trainer gives the bytes that are on record for its version", async () => {
  expect(modelTrainer.version).toBe(3);
  expect(digestOf(await model(autoencoder, { x }))).toBe(
    "2d62f898ce1915b49fae7834943c89c3d4aebee4ff9c423888492b71838f83d3",
  );
});

test("model-trainer reuses a frozen encoder under a new layer", async () => {
  const first = await model(encoder, { x, y });
  const params = {
    ...short,
    layers: [
      { use: "encoder", frozen: true },
      { dense: "y", activation: "tanh" },
    ],
  };
  const second = readModel(await model(params, { x, y: x }, { encoder: first }));
  expect(second.layers.map(({ name, frozen }) => [name, frozen])).toEqual([
    ["dense_1", true],
    ["dense_2", false],
  ]);
  expect(digest(parametersOf(second.layers[0]!))).toBe(digestOf(first));
});

test("model-trainer takes a part of a model, also below a frozen one, and keeps all chains", async () => {
  const other = configurations({ part: "other" });
  const ae = await model(autoencoder, { x: other });
  const thermometer = await model(
    { ...short, layers: [{ dense: 1, activation: "linear" }], target: "beta" },
    { x: y },
  );
  const params = {
    ...short,
    target: "beta",
    layers: [
      { use: "ae", until: "code" },
      { use: "thermometer", frozen: true },
    ],
  };
  const trained = readModel(await model(params, { x }, { ae, thermometer }));
  expect(trained.layers.map(({ name, outputs }) => [name, outputs])).toEqual([
    ["code", 4],
    ["dense_1", 1],
  ]);
  expect(digest(parametersOf(trained.layers[1]!))).toBe(digestOf(thermometer));
  expect(digest(parametersOf(trained.layers[0]!))).not.toBe(
    digest(parametersOf(readModel(ae).layers[0]!)),
  );
  expect(trained.chains).toContain("other/0.2/0");
});

const map = (rows: readonly [number, number][]) =>
  tableOf(
    { beta: f64, beta_prime: f64 },
    { beta: rows.map(([beta]) => beta), beta_prime: rows.map(([, prime]) => prime) },
  ) as Table;

test("model-trainer learns beta' by a map, as it does from a column of the same numbers", async () => {
  const critic = { ...short, layers: [{ dense: 4, activation: "tanh" }, { dense: 1 }] };
  const primes = new Map([
    [0.2, 0.1],
    [0.5, 0.45],
  ]);
  const one = readModel(await model(critic, { x, map: map([...primes]) }));
  const beta_prime = Array.from(x.columns["beta"] as Float64Array, (beta) => primes.get(beta)!);
  const y = tableOf({ beta_prime: f64 }, { beta_prime }) as Table;
  const other = readModel(await model({ ...critic, target: "beta_prime" }, { x, y }));
  expect(digest(one.layers.flatMap(parametersOf))).toBe(digest(other.layers.flatMap(parametersOf)));
  expect(one.target).toEqual({ column: "beta_prime", from: 0.1, to: 0.45 });
  expect(one.target).toEqual(other.target);
});

test("model-trainer warns where a frozen thermometer is asked for more than it learned", async () => {
  const dense = (units: number) => ({ dense: units, activation: "tanh" });
  const thermometer = await model(
    { ...short, target: "beta", layers: [dense(3), { dense: 1 }] },
    { x: y },
  );
  expect(readModel(thermometer).target).toEqual({ column: "beta", from: 0.2, to: 0.5 });
  const critic = {
    ...short,
    layers: [
      { ...dense(4), name: "code", l1: 1e-4 },
      { use: "thermometer", frozen: true },
    ],
    keep: "code",
  };
  const within = await train(
    critic,
    {
      x,
      map: map([
        [0.2, 0.2],
        [0.5, 0.5],
      ]),
    },
    { thermometer },
  );
  expect(within.warnings).toEqual([]);
  const beyond = await train(
    critic,
    {
      x,
      map: map([
        [0.2, 0.1],
        [0.5, 0.5],
      ]),
    },
    { thermometer },
  );
  expect(beyond.warnings).toEqual([
    {
      code: "extrapolation",
      message:
        "targets from 0.1 to 0.5, but the model at port thermometer learned beta from 0.2 to 0.5",
    },
  ]);
  const kept = readModel(beyond.outputs["model"] as unknown as Table);
  expect(kept.layers.map(({ name }) => name)).toEqual(["code"]);
  expect(kept.target).toBeUndefined();
});

test("model-trainer teaches an encoder what a frozen energy thermometer should read", async () => {
  const fast = { ...short, optimizer: { adam: 0.03 }, batch: 20 };
  const layers = [{ energy: "square" }, { dense: 2, activation: "tanh" }, { dense: 1 }];
  const critic = await model({ ...fast, epochs: 40, target: "beta", layers }, { x: y });
  const encoder = {
    ...fast,
    epochs: 40,
    initialization: "half_normal",
    layers: [
      { dense: 4, activation: "tanh", name: "code" },
      { use: "critic", frozen: true },
    ],
  };
  const primes = map([
    [0.2, 0.25],
    [0.5, 0.4],
  ]);
  const { outputs } = await train(encoder, { x, map: primes }, { critic });
  const { loss } = outputs["history"].columns;
  // Reading one number whatever the configuration would leave a mean square of 0.075^2 = 0.0056.
  expect(loss.at(-1)!).toBeLessThan(0.0056);
  expect(loss.at(-1)!).toBeLessThan(0.5 * loss[0]!);
  const trained = readModel(outputs["model"] as unknown as Table).layers.slice(1);
  expect(digest(trained.flatMap(parametersOf))).toBe(digestOf(critic));
});

test("model-trainer trains convolutions and puts an energy below a thermometer", async () => {
  const layers = [
    { conv: 2, stride: 2, window: 3, activation: "tanh", name: "code" },
    { conv_transpose: 1, stride: 2, window: 4, activation: "tanh" },
  ];
  const { outputs } = await train({ ...short, epochs: 20, layers }, { x });
  const { loss } = outputs["history"].columns;
  expect(loss.at(-1)!).toBeLessThan(0.7 * loss[0]!);
  const energy = [{ energy: "square" }, { dense: 2, activation: "tanh" }, { dense: 1 }];
  const reader = readModel(await model({ ...short, layers: energy, target: "beta" }, { x }));
  expect(reader.layers.map(({ kind, frozen }) => [kind, frozen])).toEqual([
    ["energy", true],
    ["dense", false],
    ["dense", false],
  ]);
});

test("model-trainer with 0 epochs gives the initial weights, whatever the optimizer", async () => {
  const one = await model({ ...autoencoder, epochs: 0 }, { x });
  const two = await model({ ...autoencoder, epochs: 0, optimizer: { sgd: 1 } }, { x });
  expect(digestOf(one)).toBe(digestOf(two));
  const other = await model({ ...autoencoder, epochs: 0, seed: 4 }, { x });
  expect(digestOf(other)).not.toBe(digestOf(one));
});

test("model-trainer begins half_normal with the absolute values of normal weights", async () => {
  const kernels = async (initialization: string) =>
    readModel(await model({ ...autoencoder, epochs: 0, initialization }, { x })).layers.map(
      ({ kernel }) => kernel,
    );
  const [normal, half] = [await kernels("normal"), await kernels("half_normal")];
  expect(normal.flatMap((kernel) => [...kernel]).some((w) => w < 0)).toBe(true);
  expect(half).toEqual(normal.map((kernel) => kernel.map(Math.abs)));
});

test("model-trainer stops by the validation loss and lists the chains that it stopped on", async () => {
  const validation_x = configurations({ part: "validation" });
  const stopping = { ...autoencoder, early_stopping: { patience: 2 }, epochs: 10 };
  const { outputs } = await train(stopping, { x, validation_x });
  expect(outputs["history"].columns.validation_loss.every((loss) => loss !== null)).toBe(true);
  const chains = (table: unknown) => readModel(table as Table).chains;
  expect(chains(outputs["model"])).toContain("validation/0.5/1");
  const watched = await train(autoencoder, { x, validation_x });
  expect(chains(watched.outputs["model"])).not.toContain("validation/0.5/1");
});

test("model-trainer learns from real numbers and by bce", async () => {
  const values = tableOf({ values: vector("float32", 2) }, { values: new Float32Array(160) });
  const layers = [{ dense: "y", activation: "linear" }];
  expect(
    readModel(await model({ ...short, layers }, { x: values as Table, y })).layers,
  ).toHaveLength(1);
  const bce = { ...autoencoder, loss: "bce" };
  const wide = tableOf({ values: vector("float32", 1) }, { values: new Float32Array(80).fill(2) });
  const last = [{ dense: "y", activation: "tanh" }];
  await expect(train({ ...bce, layers: last }, { x, y: wide as Table })).rejects.toEqual(
    new InvalidInput("y", '"bce" needs targets from -1 to 1, but row 0 has 2'),
  );
  expect(readModel(await model(bce, { x })).loss).toBe("bce");
});

const one = [{ dense: "y", activation: "tanh" }];
const foreign = tableOf({ temperature: f64 }, { temperature: [1] }) as Table;
test.each([
  [
    "sizes",
    { layers: [{ dense: 5 }] },
    { x, y },
    new InvalidParam("layers.0", "gives 5 numbers as the last layer, but the target has 4"),
  ],
  [
    "a model's name",
    { layers: [{ use: "e" }] },
    { x, y },
    new InvalidParam("layers.0.use", 'must name a connected model (there is none), got "e"'),
  ],
  [
    "a target",
    { layers: one, target: "bta" },
    { x },
    new InvalidParam("target", 'must be one of the columns "spins", "beta", "chain", got "bta"'),
  ],
  [
    "stopping",
    { layers: one, early_stopping: { patience: 1 } },
    { x, y },
    new InvalidParam("early_stopping", "needs a validation loss: connect validation_x"),
  ],
  [
    "validation",
    { layers: one },
    { x, y, validation_x: x },
    new InvalidInput("validation_x", "needs validation_y beside it, as x has y"),
  ],
  [
    "validation's size",
    { layers: one },
    { x, y: x, validation_x: x, validation_y: y },
    new InvalidInput("validation_y", 'has 4 items a row in "spins", expected 16'),
  ],
  [
    "no data",
    { layers: one },
    { x: foreign },
    new InvalidInput("x", 'needs a column "spins" or "values", or a single column of vectors'),
  ],
  [
    "bce",
    { layers: [{ dense: "x" }], loss: "bce" },
    { x },
    new InvalidParam(
      "loss",
      'is "bce", which needs tanh or sigmoid in the last layer, got "linear"',
    ),
  ],
  [
    "rows",
    { layers: one },
    { x, y: configurations({ samples: 3 }) },
    new InvalidInput("y", "the targets have 6 rows, but the inputs have 80"),
  ],
  [
    "origins",
    { layers: one },
    { x, y: configurations({ part: "z" }) },
    new InvalidInput(
      "y",
      'in row 0 the targets have chain "z/0.2/0", but the inputs "train/0.2/0"',
    ),
  ],
  [
    "map's target",
    { layers: [{ dense: 1 }], target: "beta" },
    { x, map: map([[0.2, 0.1]]) },
    new InvalidParam("target", "has no meaning beside port map, whose beta_prime is learned"),
  ],
  [
    "map and y",
    { layers: [{ dense: 1 }] },
    { x, y, map: map([[0.2, 0.1]]) },
    new InvalidInput("y", "has no meaning beside port map"),
  ],
  [
    "map's rows",
    { layers: [{ dense: 1 }] },
    { x, map: map([[0.2, 0.1]]) },
    new InvalidInput("map", "has no row for beta 0.5"),
  ],
  [
    "map's rows twice",
    { layers: [{ dense: 1 }] },
    {
      x,
      map: map([
        [0.2, 0.1],
        [0.2, 0.3],
      ]),
    },
    new InvalidInput("map", "has several rows for beta 0.2"),
  ],
  [
    "what is kept",
    { layers: [{ dense: "y", name: "code" }], keep: "kode" },
    { x, y },
    new InvalidParam("keep", 'must be a layer of the model ("code"), got "kode"'),
  ],
  [
    "batch",
    { layers: one, batch: 81 },
    { x, y },
    new InvalidParam("batch", "81 is more than the rows of the data, 80"),
  ],
] as const)("model-trainer locates what does not fit: %s", async (_, params, inputs, error) => {
  const run = train({ epochs: 1, ...params }, inputs as Record<string, Table>);
  await expect(run).rejects.toEqual(error);
});

test("model-trainer refuses a model that no layer uses and a table that is not a model", async () => {
  const trained = await model(encoder, { x, y });
  await expect(train(encoder, { x, y }, { spare: trained })).rejects.toEqual(
    new InvalidInput("spare", 'is used by no layer: none has "use: spare"'),
  );
  await expect(train(encoder, { x, y }, { spare: x })).rejects.toEqual(
    new InvalidInput("spare", "holds no model"),
  );
});

/**
 * `model-trainer`: trains a network on rows of spins or numbers, alone or on top of models that
 * were trained before. Knows neither lattices nor what the targets mean.
 */
import {
  type Columns,
  type Context,
  defineNode,
  f64,
  i32,
  nullable,
  Seed,
  type Static,
  Type,
  table,
} from "../engine/node-type.ts";
import { buildLayers } from "../learn/build.ts";
import { chainsOf, examplesOf, requireMeans } from "../learn/examples.ts";
import { type Initialization, initializations } from "../learn/initialize.ts";
import { at } from "../learn/misfit.ts";
import { activations, type Loss, losses, type Model } from "../learn/model.ts";
import { modelBatch, modelColumns, modelSchema, readModel } from "../learn/model-table.ts";
import { type OptimizerParam, optimizerOf } from "../learn/optimizer.ts";
import { planTraining, requireProbability, type TrainingPlan } from "../learn/plan.ts";
import type { LayerParam } from "../learn/resolve-layers.ts";
import { located, relocate } from "./located.ts";

const lambda = (formula: string) => ({
  type: "number",
  minimum: 0,
  description: `lambda of the penalty ${formula} over this layer's weights, biases excepted.`,
});

const layer = {
  type: "object",
  additionalProperties: false,
  properties: {
    dense: {
      anyOf: [{ type: "integer", minimum: 1 }, { enum: ["x", "y"] }],
      description: "A dense layer with this many units, or as many as a row of port x or y has.",
    },
    activation: { enum: activations, description: "Of a dense layer; linear unless given." },
    name: {
      type: "string",
      pattern: "^[a-z][a-z0-9_]*$",
      description: "Of a dense layer, for `until` and for the measures; else dense_1, dense_2, ….",
    },
    l1: lambda("lambda * sum |w|"),
    l2: lambda("lambda * sum w^2"),
    use: { type: "string", description: "The layers of the model at this input port." },
    until: { type: "string", description: "The last layer of `use` that is taken; else all." },
    frozen: { type: "boolean", description: "Leave the layers of `use` as they are." },
  },
};

const rate = { type: "number", exclusiveMinimum: 0, description: "Learning rate." };
const decay = { type: "number", minimum: 0, exclusiveMaximum: 1 };
// One schema for both forms, so that what is said about a wrong rate is about the rate.
const rule = (properties: object) => ({
  type: ["number", "object"],
  exclusiveMinimum: 0,
  properties: { learning_rate: rate, ...properties },
  required: ["learning_rate"],
  additionalProperties: false,
  description: "The learning rate, or an object with all settings.",
});

const params = Type.Object(
  {
    layers: Type.Unsafe<readonly LayerParam[]>({
      type: "array",
      minItems: 1,
      items: layer,
      // A list among the layers counts as its elements, so that a param can hold several layers.
      "x-blockspin": "flatten",
      description: "First to last: dense layers, and parts of connected models.",
    }),
    loss: Type.Unsafe<Loss>({
      enum: losses,
      default: "mse",
      description: "mse, or bce (nats): the mean over batch and outputs.",
    }),
    epochs: Type.Integer({ minimum: 0, description: "Passes over the data; 0: untrained." }),
    batch: Type.Integer({
      minimum: 1,
      default: 64,
      description: "Rows a step. An epoch ends with its last whole batch.",
    }),
    optimizer: Type.Unsafe<OptimizerParam>({
      type: "object",
      properties: {
        adam: rule({ beta1: decay, beta2: decay, epsilon: { type: "number", minimum: 0 } }),
        sgd: rule({ momentum: decay }),
      },
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      default: { adam: 0.001 },
      description: "{ adam: rate } or { sgd: rate }.",
    }),
    initialization: Type.Unsafe<Initialization>({
      enum: initializations,
      default: "normal",
      description: "Of new layers' weights: normal with variance 1/inputs, or Glorot's uniform.",
    }),
    target: Type.Optional(
      Type.String({
        description:
          "Column to learn, of y if that is connected, else of x. Else: spins or values.",
      }),
    ),
    early_stopping: Type.Optional(
      Type.Object(
        {
          patience: Type.Integer({ minimum: 1, description: "Epochs without improvement." }),
          min_delta: Type.Number({
            minimum: 0,
            default: 0,
            description: "What counts as improvement of the validation loss.",
          }),
        },
        {
          additionalProperties: false,
          description: "Stop by the validation loss, and keep the epoch where it was lowest.",
        },
      ),
    ),
    seed: Seed({ default: 1 }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const historyColumns = { epoch: i32, loss: f64, penalty: f64, validation_loss: nullable(f64) };
const data = (description: string) => table({}, { optional: true, description });
const inputs = {
  x: table({}, { description: "Rows to learn from: a column spins or values." }),
  y: data("Targets, row by row beside x."),
  validation_x: data("Rows for the validation loss."),
  validation_y: data("Their targets."),
};

export const modelTrainer = defineNode({
  type: "model-trainer",
  version: 1,
  summary: "Trains a network, from scratch or on top of models trained before.",
  details: `
Spins enter as -1 and +1. A layer is y = activation(W x + b); \`sign\` gives one bit a unit and lets
the gradient through where |z| <= 1 (straight-through estimator, arXiv:1308.3432). The minimized
function is the loss, a mean over batch and outputs, plus the penalties. For \`bce\` the last layer
is tanh, p = (1 + y)/2, or sigmoid, p = y; targets are spins, or means of spins in [-1, 1].

Without y and \`target\` the network learns to return its input. The order of batches depends on
seed and epoch only, weights on seed and layer name only. Row 0 of the history is the network
before training, over all rows; later losses are means over the batches while they were trained on.
The model lists the chains it was fitted on, those of the models it uses, and, with early stopping,
those it was stopped on: measures refuse these.`,
  params,
  inputs,
  moreInputs: table(modelColumns),
  outputs: (given, schemas) => ({
    model: table(modelSchema(located(() => planTraining(given, schemas)).layers), { main: true }),
    history: table(historyColumns),
  }),
  backend: true,
  tolerance: { "*": 1e-3 },

  async run(context) {
    const { params, random, signal, progress, log } = context;
    const { loadBackend } = await import("../learn/backend.ts");
    const { train } = await import("../learn/train.ts");
    const { setImmediate } = await import("node:timers/promises");
    const plan = located(() => planTraining(params, schemasOf(context)));
    const { data, validation, chains } = await readData(context, plan);
    const models = await readModels(context);
    const layers = buildLayers(plan.layers, models, params.initialization, random);
    if (params.loss === "bce") {
      located(() => requireProbability(layers.at(-1)!.activation));
      located(() => at("port", plan.port, () => requireMeans(data.y)));
    }
    const training = await train({
      backend: await loadBackend(context.backend),
      layers,
      loss: params.loss,
      penalties: new Map(
        plan.layers.flatMap((l) => (l.source === "new" ? [[l.name, l.penalty] as const] : [])),
      ),
      optimizer: optimizerOf(params.optimizer),
      batch: params.batch,
      epochs: params.epochs,
      data,
      validation,
      earlyStopping: params.early_stopping,
      random,
      onEpoch({ epoch, loss, validationLoss }) {
        const beside =
          validationLoss === null ? "" : `, validation ${validationLoss.toPrecision(5)}`;
        progress(params.epochs > 0 ? epoch / params.epochs : 1, `epoch ${epoch}`);
        log(`epoch ${epoch}: loss ${loss.toPrecision(5)}${beside}`);
      },
      async pause() {
        signal.throwIfAborted();
        await setImmediate();
      },
    }).catch(relocate);
    for (const { chains: theirs } of models.values()) for (const id of theirs) chains.add(id);
    const model: Model = {
      layers: training.layers,
      loss: params.loss,
      chains: [...chains].sort(),
    };
    const { history } = training;
    return {
      model: modelBatch(model),
      history: {
        epoch: Int32Array.from(history, (record) => record.epoch),
        loss: Float64Array.from(history, (record) => record.loss),
        penalty: Float64Array.from(history, (record) => record.penalty),
        validation_loss: history.map((record) => record.validationLoss),
      },
    };
  },
});

type Run = Context<Params, typeof inputs>;

/** The columns of every connected port. */
function schemasOf({ inputs, moreInputs }: Run): Record<string, Columns> {
  return Object.fromEntries(
    Object.entries({ ...inputs, ...moreInputs }).flatMap(([port, input]) =>
      input ? [[port, input.schema]] : [],
    ),
  );
}

async function readData({ inputs, params }: Run, plan: TrainingPlan) {
  const x = await inputs.x.table();
  const y = inputs.y ? await inputs.y.table() : x;
  const data = located(() => at("port", "y", () => examplesOf(x, plan.x, y, plan.y)));
  const chains = new Set(chainsOf(x));
  if (!inputs.validation_x) return { data, validation: undefined, chains };
  const vx = await inputs.validation_x.table();
  const vy = inputs.validation_y ? await inputs.validation_y.table() : vx;
  const validation = located(() =>
    at("port", "validation_y", () => examplesOf(vx, plan.x, vy, plan.y)),
  );
  if (params.early_stopping) for (const id of chainsOf(vx)) chains.add(id);
  return { data, validation, chains };
}

async function readModels({ moreInputs }: Run): Promise<ReadonlyMap<string, Model>> {
  const models = new Map<string, Model>();
  for (const [port, input] of Object.entries(moreInputs)) {
    const table = await input.table();
    models.set(
      port,
      located(() => at("port", port, () => readModel(table))),
    );
  }
  return models;
}

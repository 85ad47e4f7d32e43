/**
 * `model-trainer`: trains a network on rows of spins or numbers, alone or on top of models that
 * were trained before. Knows neither lattices nor what the targets mean.
 */
import {
  type Columns,
  type Context,
  defineNode,
  f64,
  type Input,
  i32,
  nullable,
  table,
} from "../../engine/node-type.ts";
import { type DataTable, unusualShape } from "../../learn/columns.ts";
import { buildLayers } from "../../learn/layers/build.ts";
import { at } from "../../learn/misfit.ts";
import { type Layer, type Model, type Target, until } from "../../learn/model.ts";
import { modelBatch, modelColumns, modelSchema, readModel } from "../../learn/model-table.ts";
import {
  checkpointColumns,
  readCheckpoint,
  writeCheckpoint,
} from "../../learn/training/checkpoint.ts";
import {
  chainsOf,
  examplesOf,
  mappedTargets,
  requireMeans,
  targetOf,
} from "../../learn/training/examples.ts";
import { optimizerOf } from "../../learn/training/optimizer.ts";
import { planTraining, requireProbability, type TrainingPlan } from "../../learn/training/plan.ts";
import type { Training } from "../../learn/training/train.ts";
import { located, relocate } from "../shared/located.ts";
import { figures } from "./figures.ts";
import { notes, typical } from "./notes.ts";
import { type Params, params } from "./params.ts";

const historyColumns = { epoch: i32, loss: f64, penalty: f64, validation_loss: nullable(f64) };
const data = (description: string) => table({}, { optional: true, description });
const inputs = {
  x: table({}, { description: "Rows to learn from: a column spins or values." }),
  y: data("Targets, row by row beside x."),
  map: table(
    { beta: f64, beta_prime: f64 },
    { optional: true, description: "The target of a row of x is beta_prime at its beta." },
  ),
  validation_x: data("Rows for the validation loss."),
  validation_y: data("Their targets."),
};

export const modelTrainer = defineNode({
  type: "model-trainer",
  version: 3,
  summary: "Trains a network, from scratch or on top of models trained before.",
  details: `
Spins enter as -1 and +1. A layer is y = activation(W x + b); \`sign\` gives one bit a unit and lets
the gradient through where |z| <= 1 (straight-through estimator, arXiv:1308.3432). The minimized
function is the loss, a mean over batch and outputs, plus the penalties. For \`bce\` the last layer
is tanh, p = (1 + y)/2, or sigmoid, p = y; targets are spins, or means of spins in [-1, 1].

Convolutions are periodic; sites are row-major with their channels last, and the numbers that a
dense layer gives count as a square lattice with one channel. A row with a shape has that.

Without y, map and \`target\` the network learns to return its input. The order of batches depends on
seed and epoch only, weights on seed and layer name only. Row 0 of the history is the network
before training, over all rows; later losses are means over the batches while they were trained on.

Layers may lie below frozen ones: a frozen network that reads beta is a critic of what is below it.
A critic does not care for the signs of units as long as neighbours agree, so units that begin with
random signs can be caught in domains (stripes); \`initialization: half_normal\` begins without.
A model that learned a single number remembers the range that it was shown; a warning says where a
frozen one is asked for more. \`keep\` leaves a critic out of the model.
The model lists the chains it was fitted on, those of the models it uses, and, with early stopping,
those it was stopped on: measures refuse these.`,
  notes,
  typical,
  params,
  inputs,
  moreInputs: table(modelColumns),
  outputs: (given, schemas) => ({
    model: table(modelSchema(located(() => planTraining(given, schemas)).kept), { main: true }),
    history: table(historyColumns),
  }),
  backend: true,
  tolerance: { "*": 1e-3 },
  grows: { by: "epochs", extends: ["history"] },
  checkpoint: table(checkpointColumns),

  figures,

  async run(context) {
    const { params, random, signal, progress, log, publish } = context;
    const { loadBackend } = await import("../../learn/backend/backend.ts");
    const { train } = await import("../../learn/training/train.ts");
    const { setImmediate } = await import("node:timers/promises");
    const plan = located(() => planTraining(params, schemasOf(context)));
    const { data, target, validation, chains } = await readData(context, plan);
    const models = await readModels(context);
    warnOfRange(context, plan, models, target);
    const layers = buildLayers(plan.layers, models, params.initialization, random);
    if (params.loss === "bce") {
      located(() => requireProbability(layers.at(-1)!.activation));
      located(() => at("port", plan.port, () => requireMeans(data.y)));
    }
    for (const { chains: theirs } of models.values()) for (const id of theirs) chains.add(id);
    const results = ({ layers, history, state }: Training) => ({
      model: modelBatch({
        layers: params.keep === undefined ? layers : until(layers, params.keep),
        loss: params.loss,
        chains: [...chains].sort(),
        shape: unusualShape(plan.x),
        ...(target && plan.kept.length === plan.layers.length && { target }),
      }),
      history: historyOf(history),
      checkpoint: writeCheckpoint(state),
    });
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
      state: await readState(context, layers),
      afterEpoch: (epoch, training) => publish(epoch, () => results(training())),
      onEpoch({ epoch, loss, validationLoss }) {
        const beside =
          validationLoss === null ? "" : `, validation ${validationLoss.toPrecision(5)}`;
        const numbers = {
          loss,
          ...(validationLoss === null ? {} : { validation: validationLoss }),
        };
        progress(params.epochs > 0 ? epoch / params.epochs : 1, `epoch ${epoch}`, numbers);
        log(`epoch ${epoch}: loss ${loss.toPrecision(5)}${beside}`);
      },
      async pause() {
        signal.throwIfAborted();
        await setImmediate();
      },
    }).catch(relocate);
    return results(training);
  },
});

type Run = Context<Params, typeof inputs>;

/** The state in which a shorter training ended. */
async function readState({ previous, params }: Run, layers: readonly Layer[]) {
  if (!previous) return undefined;
  const { columns } = await (previous.checkpoint as Input<typeof checkpointColumns>).table();
  return readCheckpoint(columns, layers, optimizerOf(params.optimizer));
}

function historyOf(history: Training["history"]) {
  return {
    epoch: Int32Array.from(history, (record) => record.epoch),
    loss: Float64Array.from(history, (record) => record.loss),
    penalty: Float64Array.from(history, (record) => record.penalty),
    validation_loss: history.map((record) => record.validationLoss),
  };
}

/** The columns of every connected port. */
function schemasOf({ inputs, moreInputs }: Run): Record<string, Columns> {
  return Object.fromEntries(
    Object.entries({ ...inputs, ...moreInputs }).flatMap(([port, input]) =>
      input ? [[port, input.schema]] : [],
    ),
  );
}

async function readData({ inputs, params }: Run, plan: TrainingPlan) {
  const map = await inputs.map?.table();
  const mapped = (rows: DataTable) =>
    map && located(() => at("port", "map", () => mappedTargets(rows, map)));
  const x = await inputs.x.table();
  const y = mapped(x) ?? (await inputs.y?.table()) ?? x;
  const data = located(() => at("port", "y", () => examplesOf(x, plan.x, y, plan.y)));
  const target = targetOf(y, plan.y);
  const chains = new Set(chainsOf(x));
  if (!inputs.validation_x) return { data, target, validation: undefined, chains };
  const vx = await inputs.validation_x.table();
  const vy = mapped(vx) ?? (await inputs.validation_y?.table()) ?? vx;
  const validation = located(() =>
    at("port", "validation_y", () => examplesOf(vx, plan.x, vy, plan.y)),
  );
  if (params.early_stopping) for (const id of chainsOf(vx)) chains.add(id);
  return { data, target, validation, chains };
}

/** Warns where a network ends with another one, frozen, and is asked for more than that one learned. */
function warnOfRange(
  { warn }: Run,
  { layers }: TrainingPlan,
  models: ReadonlyMap<string, Model>,
  target: Target | undefined,
): void {
  const last = layers.at(-1)!;
  if (last.source !== "model" || !last.frozen || !target) return;
  const learned = models.get(last.port)!.target;
  if (!learned || (target.from >= learned.from && target.to <= learned.to)) return;
  const asked = `targets from ${target.from} to ${target.to}`;
  const known = `${learned.column} from ${learned.from} to ${learned.to}`;
  warn("extrapolation", `${asked}, but the model at port ${last.port} learned ${known}`);
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

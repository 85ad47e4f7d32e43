/**
 * `rbm-trainer`: fits a restricted Boltzmann machine to configurations of spins. Does not know which
 * model of physics they come from.
 */
import {
  bits,
  defineNode,
  f64,
  InvalidInput,
  i32,
  nullable,
  Seed,
  Type,
  table,
} from "../engine/node-type.ts";
import { dataColumn, requireShape, rowsOf, unusualShape } from "../learn/columns.ts";
import { at } from "../learn/misfit.ts";
import { modelBatch, modelSchema } from "../learn/model-table.ts";
import { chainsOf } from "../learn/training/examples.ts";
import { type OptimizerParam, optimizerOf } from "../learn/training/optimizer.ts";
import { located, relocate } from "./shared/located.ts";
import * as note from "./shared/notes.ts";
import { optimizerSchema } from "./shared/optimizer-schema.ts";

const lambda = (formula: string) =>
  Type.Number({ minimum: 0, default: 0, description: `lambda of the penalty ${formula} over W.` });

const params = Type.Object(
  {
    units: Type.Integer({ minimum: 1, description: "Hidden spins." }),
    algorithm: Type.Union([Type.Literal("cd"), Type.Literal("pcd")], {
      default: "cd",
      description:
        "cd: the model's chains start at each batch; pcd: they go on from batch to batch.",
    }),
    steps: Type.Integer({ minimum: 1, default: 1, description: "Gibbs steps, k." }),
    epochs: Type.Integer({ minimum: 0, description: "Passes over the data; 0: untrained." }),
    batch: Type.Integer({
      minimum: 1,
      default: 64,
      description: "Rows a step, and persistent chains. An epoch ends with its last whole batch.",
    }),
    optimizer: Type.Unsafe<OptimizerParam>({ ...optimizerSchema, default: { sgd: 0.05 } }),
    biases: Type.Boolean({
      default: true,
      description: "false: all biases stay 0, so that the machine keeps the symmetry of the spins.",
    }),
    deviation: Type.Number({
      exclusiveMinimum: 0,
      default: 0.01,
      description: "Standard deviation of the initial weights.",
    }),
    l1: lambda("lambda * sum |w|"),
    l2: lambda("lambda * sum w^2"),
    seed: Seed({ default: 1 }),
  },
  { additionalProperties: false },
);

export const rbmTrainer = defineNode({
  type: "rbm-trainer",
  version: 2,
  summary: "Fits a restricted Boltzmann machine to configurations, by CD-k or PCD.",
  details: `
Visible and hidden spins are -1 and +1: p(v, h) = exp(h W v + b v + c h) / Z, so that <h|v> = tanh(W v +
c) and <v|h> = tanh(W^T h + b). (With v, h = 0 and 1 the same machine has weights 4 W.) A step goes
along <h v> of the data minus <h v> of the model, which is estimated after k Gibbs steps from the batch
(cd: Hinton, Neural Computation 14, 1771 (2002)) or of chains that are never set back (pcd: Tieleman,
ICML 2008). Means replace hidden spins where they are not drawn from. Below the critical temperature pcd needs a
low rate and many chains (\`batch\`): they must cross between up and down as fast as W changes.

The model has the layers \`code\`, <h|v>, and \`image\`, <v|<h|v>>: its mean field, which every measure of
models takes; \`flow\` with \`binarize: sample\` is its Gibbs sampler.

History, after each epoch (0: before training): \`reconstruction\`, the mean square of v - <v|<h|v>>, which
CD does not minimize; \`free_energy\`, the mean of F(v) = -b v - sum ln 2 cosh(W v + c) per visible
spin over the data, and over validation_x: a growing difference means over-fitting. F is known up to
ln Z, which changes with the weights, so do not compare epochs.

Always computed by the wasm backend: a draw that falls otherwise in the last bit changes all that
follows.`,
  notes: {
    x: {
      spins: note.configurations.spins,
    },
    validation_x: {
      spins: note.configurations.spins,
    },
    model: {
      ...note.model,
    },
    history: {
      epoch: "Passes over the data so far; 0 is before training.",
      reconstruction:
        "Mean square of v - <v|<h|v>> over spins and configurations; CD does not minimize it.",
      free_energy:
        "Mean free energy F(v) per visible spin over the data, up to ln Z; compare it within an epoch only.",
      validation_free_energy: "The same over validation_x; null without it.",
    },
  },
  typical: {
    params: { units: 64, epochs: 10 },
    inputs: { x: note.lattices },
    depends: "The tensors of the model have the sizes of the rows and of `units`.",
  },
  params,
  inputs: {
    x: table({ spins: bits("*") }, { description: "Configurations to learn from." }),
    validation_x: table(
      { spins: bits("*") },
      { optional: true, description: "Configurations for the validation free energy." },
    ),
  },
  outputs: ({ units }, types) => {
    const { width: visible, shape } = dataColumn(types["x"]!, "spins");
    if (types["validation_x"]) {
      const other = dataColumn(types["validation_x"], "spins");
      if (other.width !== visible) {
        const message = `has ${other.width} spins, expected ${visible}`;
        throw new InvalidInput("validation_x", message);
      }
      located(() => at("port", "validation_x", () => requireShape(other.shape, shape)));
    }
    return {
      model: table(
        modelSchema([
          { kind: "dense", name: "code", inputs: visible, outputs: units },
          { kind: "dense", name: "image", inputs: units, outputs: visible },
        ]),
        { main: true },
      ),
      history: table({
        epoch: i32,
        reconstruction: f64,
        free_energy: f64,
        validation_free_energy: nullable(f64),
      }),
    };
  },

  figures: {
    history: {
      port: "history",
      title: "Training",
      text: "Error of one step of reconstruction, after each epoch.",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "epoch" },
        y: { field: "reconstruction", scale: { zero: false } },
      },
    },
  },

  async run({ params, inputs, random, signal, progress, log }) {
    const { boltzmannLayers } = await import("../learn/boltzmann.ts");
    const { trainBoltzmann } = await import("../learn/training/train-boltzmann.ts");
    const { setImmediate } = await import("node:timers/promises");
    const x = await inputs.x.table();
    const validation = await inputs.validation_x?.table();
    if (x.rows === 0) throw new InvalidInput("x", "holds no configurations");
    const column = dataColumn(inputs.x.schema, "spins");
    const { units, steps, epochs, batch, biases, deviation, l1, l2 } = params;
    const { machine, history } = await trainBoltzmann({
      ...{ units, steps, epochs, batch, biases, deviation, random },
      persistent: params.algorithm === "pcd",
      penalty: { l1, l2 },
      optimizer: optimizerOf(params.optimizer),
      data: rowsOf(x, column),
      validation: validation && rowsOf(validation, column),
      onEpoch({ epoch, reconstruction, freeEnergy }) {
        progress(epochs > 0 ? epoch / epochs : 1, `epoch ${epoch}`, {
          reconstruction,
          "free energy": freeEnergy,
        });
        const free = freeEnergy.toPrecision(5);
        log(`epoch ${epoch}: reconstruction ${reconstruction.toPrecision(5)}, free energy ${free}`);
      },
      async pause() {
        signal.throwIfAborted();
        await setImmediate();
      },
    }).catch(relocate);
    const layers = boltzmannLayers(machine);
    return {
      model: modelBatch({
        ...{ layers, loss: "likelihood", chains: [...chainsOf(x)].sort() },
        shape: unusualShape(column),
      }),
      history: {
        epoch: history.map((record) => record.epoch),
        reconstruction: history.map((record) => record.reconstruction),
        free_energy: history.map((record) => record.freeEnergy),
        validation_free_energy: history.map((record) => record.validationFreeEnergy),
      },
    };
  },
});

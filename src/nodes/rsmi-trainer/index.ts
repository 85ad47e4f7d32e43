/**
 * `rsmi-trainer`: learns the block-spin filter that keeps most of what a block knows about its distant
 * environment. Does not know which model of physics the spins come from.
 */
import {
  bits,
  type Columns,
  defineNode,
  f64,
  InvalidInput,
  InvalidParam,
  i32,
  nullable,
  Seed,
  type Static,
  Type,
  table,
  utf8,
} from "../../engine/node-type.ts";
import { environmentSize, type Surroundings, spanOf } from "../../lattice/surroundings.ts";
import { filterLayer, filterOf, layerOf, upright } from "../../learn/block-filter.ts";
import { at } from "../../learn/misfit.ts";
import { modelBatch, modelColumns, modelSchema, readModel } from "../../learn/model-table.ts";
import { chainsOf } from "../../learn/training/examples.ts";
import { filterSize } from "../block-spins.ts";
import { sideOf } from "../shared/lattice.ts";
import { located } from "../shared/located.ts";
import { columnsOf } from "../shared/tables.ts";
import { notes, typical } from "./notes.ts";

const params = Type.Object(
  {
    factor: Type.Integer({ default: 2, minimum: 2, description: "Sites a side of a block, b." }),
    window: Type.Optional(
      Type.Integer({ minimum: 1, description: "Sites a side that the filter sees; else factor." }),
    ),
    buffer: Type.Integer({
      default: 1,
      minimum: 0,
      description: "Sites between the window and its environment: what is nearer does not count.",
    }),
    environment: Type.Integer({
      default: 1,
      minimum: 1,
      description: "Thickness of the environment, a square ring about the buffer, in sites.",
    }),
    epochs: Type.Integer({ minimum: 0, description: "Passes over the blocks; 0: untrained." }),
    batch: Type.Integer({ minimum: 1, default: 256, description: "Blocks a step." }),
    rate: Type.Number({
      exclusiveMinimum: 0,
      default: 0.02,
      description: "Step size of Adam at the start; it falls linearly to 0.",
    }),
    blocks: Type.Integer({
      minimum: 1,
      default: 40000,
      description: "Most blocks to train on, drawn from those of all configurations.",
    }),
    seed: Seed({ default: 1 }),
  },
  { additionalProperties: false },
);

const lattices = (description: string) => table({ spins: bits("*") }, { description });
const inputs = {
  x: lattices("Configurations to learn from, at the critical point or near it."),
  validation_x: table(
    { spins: bits("*") },
    { optional: true, description: "Configurations for the validation information." },
  ),
  encoder: table(modelColumns, {
    optional: true,
    description: "A filter that stays: the guess of its signs is fitted, and the bound is theirs.",
  }),
};

const historyColumns = { epoch: i32, information: f64, validation_information: nullable(f64) };
const boundColumns = {
  block_spin: utf8,
  information: f64,
  information_se: nullable(f64),
  measured_on: utf8,
  configurations: i32,
};

export const rsmiTrainer = defineNode({
  type: "rsmi-trainer",
  version: 1,
  summary: "Learns the block spin that knows most of its distant environment (RSMI).",
  details: `
Real-space mutual information (Koch-Janusz and Ringel, Nature Physics 14, 578 (2018); Lenggenhager et al.,
Phys. Rev. X 10, 011037 (2020)): of all block spins h of a window v, the best is the one with the largest
mutual information with an environment e beyond a buffer. Here h = +-1 has mean tanh(w v), with one
filter w for every block. The information is bounded from below by a guess q of h from e (Barber and
Agakov, NIPS 2003),

    I(h; e) >= H(h) + <ln q(h|e)> = <m g - ln cosh g>,  m = tanh(w v),  <h|e>_q = tanh g(e),

with equality where q is P(h|e); here g = u e, a logistic regression, which for blocks of the Ising model
misses less than a thousandth. Filter and guess climb this
bound together (Adam). Without biases all is odd in the spins, H(h) = ln 2 where s and -s are as likely,
and no estimate exceeds ln 2. On the blocks that are trained on it is too large, by about half a
number fitted over the number of independent blocks; on validation_x it is not.

Nothing but sums and tanh goes into it, so it is always computed by our own WebAssembly arithmetic.
The model has the layer \`code\`, a convolution by w with tanh, as \`block-spins\` takes it; of w and -w,
which are one rule, the one with the larger sum.`,
  notes,
  typical,
  params,
  inputs,
  outputs: (given, types) => {
    const { around, filter } = planOf(given, types);
    return {
      model: table(modelSchema([layerOf({ ...filter, weights: [] }, around.size)]), {
        main: true,
      }),
      history: table(historyColumns),
      bounds: table(boundColumns),
    };
  },

  figures: {
    history: {
      port: "history",
      title: "Information",
      text: "The bound over the blocks that are trained on, in nats, after each epoch.",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "epoch" },
        y: { field: "information", scale: { zero: false } },
      },
    },
    filter: {
      port: "model",
      title: "Filter",
      text: "The weight of each site of the window.",
      tiles: { column: "kernel_1_code", scale: "diverging" },
    },
  },

  async run({ params, inputs, random, signal, progress, log }) {
    const { trainRsmi } = await import("../../learn/rsmi/train.ts");
    const { boundsOn, someBlocks } = await import("./blocks.ts");
    const { setImmediate } = await import("node:timers/promises");
    const tables = { x: await inputs.x.table(), validation_x: await inputs.validation_x?.table() };
    const encoder = inputs.encoder && readModel(await inputs.encoder.table());
    const { around, filter } = planOf(params, {
      x: tables.x.schema,
      ...(inputs.encoder && { encoder: inputs.encoder.schema }),
    });
    if (tables.x.rows === 0) throw new InvalidInput("x", "holds no configurations");
    const { epochs, batch, rate, blocks } = params;
    const draw = random("blocks");
    const examples = someBlocks(tables.x, around, blocks, draw);
    if (batch > examples.rows) {
      throw new InvalidParam("batch", `${batch} is more than the blocks, ${examples.rows}`);
    }
    const environment = environmentSize(around);
    const sizes = { visible: filter.side * filter.side, environment };
    const held = tables.validation_x;
    const { parameters, history } = await trainRsmi({
      ...{ sizes, examples, epochs, batch, rate },
      validation: held && someBlocks(held, around, blocks, draw),
      filter: encoder && filterOf(filterLayer(encoder.layers)).weights,
      initial: random("initialization"),
      order: (epoch) => random("order", epoch),
      onEpoch({ epoch, information }) {
        progress(epochs > 0 ? epoch / epochs : 1, `epoch ${epoch}`, { information });
        log(`epoch ${epoch}: information ${information.toPrecision(5)}`);
      },
      async pause() {
        signal.throwIfAborted();
        await setImmediate();
      },
    });
    const weights = upright(parameters.slice(0, sizes.visible));
    const chains = new Set([...chainsOf(tables.x), ...(encoder?.chains ?? [])]);
    const measured_on = held ? "validation_x" : "x";
    const bounds = boundsOn(held ?? tables.x, around, sizes, parameters, [
      ...(encoder ? [] : ["sample" as const]),
      "sign",
    ]);
    return {
      model: modelBatch({
        layers: [layerOf({ ...filter, weights }, around.size)],
        ...{ loss: "mse", chains: [...chains].sort() },
      }),
      history: columnsOf(
        historyColumns,
        history.map(({ epoch, information, validation }) => ({
          ...{ epoch, information, validation_information: validation },
        })),
      ),
      bounds: columnsOf(
        boundColumns,
        bounds.map((row) => ({ ...row, measured_on })),
      ),
    };
  },
});
type Params = Static<typeof params>;

/** What is seen of a lattice, and the filter's size. */
function planOf(
  { factor, window: given, buffer, environment: thickness }: Params,
  types: Readonly<Record<string, Columns>>,
): { around: Surroundings; filter: { side: number; stride: number } } {
  const size = sideOf("x", types["x"]!);
  const { validation_x: validation, encoder } = types;
  if (validation && sideOf("validation_x", validation) !== size) {
    const other = sideOf("validation_x", validation);
    throw new InvalidInput("validation_x", `has ${other} sites a side, but x has ${size}`);
  }
  const own = encoder && located(() => at("port", "encoder", () => filterSize(encoder))).windows;
  if (own && (own.stride !== factor || (given !== undefined && own.side !== given))) {
    const message = `has a filter of ${own.side} sites a side, ${own.stride} apart`;
    throw new InvalidInput("encoder", `${message}: window and factor say otherwise`);
  }
  if (size % factor) throw new InvalidParam("factor", `${factor} does not divide ${size}`);
  const window = own?.side ?? given ?? factor;
  const around = { size, stride: factor, window, buffer, thickness };
  const span = spanOf(around);
  if (span > size) {
    const parts = `a window of ${window}, buffer and environment span ${span} sites`;
    throw new InvalidParam("environment", `${parts}, more than the ${size} of a side`);
  }
  return { around, filter: { side: window, stride: factor } };
}

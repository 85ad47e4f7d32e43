/**
 * `block-spins`: an encoder as a block-spin transformation, on lattices of any size and step after step.
 * Does not know how the encoder was trained.
 */
import {
  type Batch,
  bits,
  type Columns,
  defineNode,
  InvalidInput,
  InvalidParam,
  Seed,
  Type,
  table,
} from "../engine/node-type.ts";
import type { BlockFilter } from "../lattice/block-filter.ts";
import { filterLayer } from "../learn/block-filter.ts";
import { at } from "../learn/misfit.ts";
import { modelColumns, modelSizes, readModel } from "../learn/model-table.ts";
import { sideOf } from "./shared/lattice.ts";
import { located } from "./shared/located.ts";
import * as note from "./shared/notes.ts";
import { allowTrainingChains, refuseTrainingChains } from "./shared/training-chains.ts";

/** Columns that describe the finer configuration only. */
const outdated = ["spins", "energy", "magnetization"];

const params = Type.Object(
  {
    steps: Type.Integer({
      minimum: 1,
      default: 1,
      description: "How often the encoder is applied.",
    }),
    allow_training_chains: allowTrainingChains,
    seed: Seed({ default: 1, description: "Seed of the random ties." }),
  },
  { additionalProperties: false },
);

export const blockSpinsNode = defineNode({
  type: "block-spins",
  version: 1,
  summary: "Applies an encoder with one filter as a block-spin transformation, step after step.",
  details: `
The model's code must be one filter for every block: its first layer, a convolution with one channel and
a stride b of 2 or more. Such a filter has no size of its own, so it is applied to lattices of other sizes
than it was trained on, and to what it has made. A block spin is the sign of the filter's sum; where
that is exactly 0, a coin that depends on the seed, the configuration, the step and the block.

The bias is left out, so that block spins keep the symmetry under reversal of all spins. A code and its
negative are one code; the sum of the weights is taken as positive.

Columns are carried over, except \`energy\` and \`magnetization\`, which are those of the finer lattice.`,
  notes: {
    configurations: note.configurations,
    model: note.model,
  },
  typical: {
    params: { steps: 1 },
    inputs: { configurations: note.lattices, model: note.filter },
    depends: "The lattice shrinks by b at each step; other columns are carried over.",
  },
  params,
  inputs: {
    configurations: table({ spins: bits("*") }),
    model: table(modelColumns, { description: "Its code is one filter for every block." }),
  },
  outputs: ({ steps }, types) => {
    const source = types["configurations"]!;
    const { windows } = located(() => at("port", "model", () => filterSize(types["model"]!)));
    const side = sideAfter(sideOf("configurations", source), windows, steps);
    return {
      configurations: table(
        { spins: bits(side * side, [side, side]), ...carriedBy(source) },
        { main: true },
      ),
    };
  },
  maps: "configurations",
  figures: {
    samples: {
      title: "Block spins",
      text: "The first of each inverse temperature.",
      tiles: { column: "spins", rows: "beta", limit: 8 },
    },
  },

  async run({ params, inputs, random, signal }) {
    const { filterOf } = await import("../learn/block-filter.ts");
    const { blockSpins } = await import("../lattice/block-filter.ts");
    const { packSpins, unpackSpins } = await import("../lattice/spins.ts");
    const { tieStreams } = await import("./shared/ties.ts");
    const modelTable = await inputs.model.table();
    const model = located(() => at("port", "model", () => readModel(modelTable)));
    const filter = located(() => at("port", "model", () => filterOf(filterLayer(model.layers))));
    const { configurations } = inputs;
    const size = sideOf("configurations", configurations.schema);
    const names = Object.keys(carriedBy(configurations.schema));
    async function* encode(): AsyncGenerator<Batch & { spins: Uint8Array }> {
      for await (const rows of configurations.chunks()) {
        signal.throwIfAborted();
        refuseTrainingChains(rows, model, params);
        let spins: Int8Array = unpackSpins(rows.columns.spins, size * size, 0, rows.rows);
        const whole = spins;
        const packed = (row: number) =>
          packSpins(whole.subarray(row * size * size, (row + 1) * size * size));
        const coins = tieStreams(random, rows, packed);
        for (let step = 0, side = size; step < params.steps; step++, side /= filter.stride) {
          spins = blockSpins(filter, spins, side, coins(step));
        }
        const columns: Readonly<Record<string, Batch[string]>> = rows.columns;
        const carried = names.map((name) => [name, columns[name]!]);
        yield { spins: packSpins(spins), ...Object.fromEntries(carried) };
      }
    }
    return { configurations: encode() };
  },
});

/** The filter's layer from the model's columns alone; throws a RangeError if there is none. */
export function filterSize(schema: Columns) {
  const layers = modelSizes(schema);
  if (!layers) throw new RangeError("holds no model");
  return filterLayer(layers);
}

/** The side after some steps; throws where a step does not fit. */
export function sideAfter(
  size: number,
  { stride, side }: Pick<BlockFilter, "stride" | "side">,
  steps: number,
): number {
  let width = size;
  for (let step = 0; step < steps; step++) {
    const when = step ? ` (the size after ${step === 1 ? "1 step" : `${step} steps`})` : "";
    if (width % stride) {
      const message = `has a stride of ${stride}, which does not divide ${width}${when}`;
      throw new InvalidInput("model", message);
    }
    if (width < side) {
      throw new InvalidParam("steps", `a window of ${side} is wider than ${width}${when}`);
    }
    width /= stride;
  }
  return width;
}

function carriedBy(source: Columns): Columns {
  return Object.fromEntries(Object.entries(source).filter(([name]) => !outdated.includes(name)));
}

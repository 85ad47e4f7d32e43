/**
 * `rate-distortion`: how well a model's decoder does with one bit a unit, and how many bits the code has
 * when compressed. Does not know how the model was trained.
 */
import {
  bits,
  type Columns,
  defineNode,
  f64,
  InvalidInput,
  i32,
  nullable,
  Seed,
  Type,
  table,
} from "../../engine/node-type.ts";
import { squareSide } from "../../lattice/correlation/rows.ts";
import { type DataColumn, dataColumn, rowsOf } from "../../learn/columns.ts";
import { at, Misfit } from "../../learn/misfit.ts";
import { codeLayer, codeThreshold, outputsOf, until } from "../../learn/model.ts";
import { modelFor } from "../../learn/model-input.ts";
import { modelColumns, readModel } from "../../learn/model-table.ts";
import { groupRows } from "../../statistics/groups.ts";
import { warnOfFewConfigurations } from "../shared/few.ts";
import { located } from "../shared/located.ts";
import { columnsOf } from "../shared/tables.ts";
import { allowTrainingChains, refuseTrainingChains } from "../shared/training-chains.ts";
import { notes, typical } from "./notes.ts";

const metrics = {
  units: i32,
  rate: f64,
  rate_coded: f64,
  rate_coded_se: nullable(f64),
  mse: f64,
  mse_se: nullable(f64),
  accuracy: f64,
  accuracy_se: nullable(f64),
  mse_real: f64,
  mse_real_se: nullable(f64),
  accuracy_real: f64,
  accuracy_real_se: nullable(f64),
  nearest_mse: nullable(f64),
  nearest_accuracy: nullable(f64),
  configurations: i32,
};

export const rateDistortion = defineNode({
  type: "rate-distortion",
  version: 3,
  summary: "Bits of code per site against the error of decoding them.",
  details: `
Of each unit of the code only one bit is kept, on which side of zero it lies (1/2 for sigmoid), and the
decoder is given the mean code on that side, over all configurations: the best that the bit can stand
for by squared error (Lloyd, IEEE Trans. Inf. Theory 28, 129, 1982). Models are then compared at equal
rate, which they are not where an autoencoder may pass real numbers.

- rate: bits of code per site, units / sites; rate_coded: the same times the normalized compressed
  size of the code's bits at that beta (see \`compression\`).
- mse, accuracy: distortion, mean of (f - s)^2, and the share of sites where sign f = s, of images
  decoded from those bits; \`_real\`: from the codes as they are, whatever their rate.
- nearest_mse, nearest_accuracy: one spin of each b x b block copied over it, at the same rate where
  there are as many units as blocks of a square lattice (else null).

Errors (\`_se\`) are block jackknifes over configurations, 20 contiguous blocks per beta, with the mean
codes as they are; that of rate_coded is the standard error of the blocks' own sizes, as in
\`compression\`. \`summary\` is the mean over betas. A network trained with a sign for its code's activation (one-bit autoencoder)
decodes better from bits than one that was never shown them: use it as the control.`,
  notes,
  typical,
  params: Type.Object(
    {
      allow_training_chains: allowTrainingChains,
      seed: Seed({ default: 1, description: "Seed of the random stream that compression needs." }),
    },
    { additionalProperties: false },
  ),
  inputs: {
    configurations: table({ spins: bits("*"), beta: f64 }, { description: "What to reproduce." }),
    model: table(modelColumns, { description: "Takes as many numbers as it gives." }),
  },
  outputs: (_, schemas) => {
    located(() => checkSizes(dataColumn(schemas["configurations"]!, "spins"), schemas["model"]!));
    return {
      summary: table(metrics, { main: true }),
      by_beta: table({ beta: f64, ...metrics }),
    };
  },
  backend: true,
  tolerance: { "*": 1e-3 },

  figures: {
    rates: {
      port: "by_beta",
      title: "Rate and distortion",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "rate_coded", title: "coded bits a site", scale: { zero: false } },
        y: { field: "mse", title: "mean squared error" },
        order: { field: "beta" },
      },
    },
  },

  async run({ params, inputs, backend: name, random, warn, signal }) {
    const { loadBackend } = await import("../../learn/backend/backend.ts");
    const { predict } = await import("../../learn/layers/forward.ts");
    const { nearestNeighbour } = await import("../../learn/baselines.ts");
    const { distortionRows } = await import("../../learn/reconstruct.ts");
    const { floatRows } = await import("../../learn/rows.ts");
    const { oneBitCodes } = await import("../../learn/one-bit.ts");
    const { rateRows, summarizeRates } = await import("./rows.ts");
    const { blockFactor } = await import("../../statistics/block-share.ts");
    const modelTable = await inputs.model.table();
    const model = located(() => at("port", "model", () => readModel(modelTable)));
    const configurations = await inputs.configurations.table();
    if (configurations.rows === 0) throw new InvalidInput("configurations", "has no rows");
    refuseTrainingChains(configurations, model, params);
    const betas = groupRows(configurations.columns.beta);
    warnOfFewConfigurations(betas, warn);
    const column = dataColumn(configurations.schema, "spins");
    const spins = rowsOf(configurations, column);
    const encoder = until(model.layers, codeLayer(model.layers).name);
    const decoder = model.layers.slice(encoder.length);
    const { outputs: units, activation } = encoder.at(-1)!;
    const backend = await loadBackend(name);
    const codes = predict(backend, encoder, spins);
    signal.throwIfAborted();
    const oneBit = oneBitCodes(codes, units, codeThreshold(activation));
    const decode = (rows: typeof spins) =>
      distortionRows(backend, { layers: decoder, loss: model.loss }, spins, rows);
    const real = decode(floatRows(codes, units));
    signal.throwIfAborted();
    const { mse, accuracy } = decode(oneBit.rows);
    const isSquare = squareSide(column.width, column.shape) !== undefined;
    const factor = isSquare ? blockFactor(column.width, units) : undefined;
    const rows = rateRows(
      { bits: oneBit.bits, units, sites: spins.width },
      {
        ...{ mse, accuracy, mse_real: real.mse, accuracy_real: real.accuracy },
        nearest_accuracy: factor ? nearestNeighbour(spins, factor) : undefined,
      },
      betas,
      (count) => random("reference", count),
    );
    return {
      summary: columnsOf(metrics, [summarizeRates(rows)]),
      by_beta: columnsOf({ beta: f64, ...metrics }, rows),
    };
  },
});

function checkSizes(column: DataColumn, model: Columns): void {
  const layers = modelFor(model, column, "spins");
  const [spins, outputs] = [column.width, outputsOf(layers)];
  if (outputs !== spins) {
    const message = `gives ${outputs} numbers for ${spins} spins: no reconstruction`;
    throw new Misfit("port", "model", message);
  }
  if (codeLayer(layers).name === layers.at(-1)!.name) {
    throw new Misfit("port", "model", "has no layer behind its code");
  }
}

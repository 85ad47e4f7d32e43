/**
 * `flow`: the ensembles that a model makes of configurations when it is applied again and again. Knows
 * neither what the model learned nor what the ensembles are for.
 */
import {
  type Batch,
  bits,
  type ColumnType,
  defineNode,
  InvalidInput,
  InvalidParam,
  i32,
  Seed,
  Type,
  table,
  vector,
} from "../engine/node-type.ts";
import { dataColumn, rowsOf } from "../learn/columns.ts";
import { type Binarization, binarizations } from "../learn/iterate.ts";
import { at, Misfit } from "../learn/misfit.ts";
import { inputsOf, type LayerSize, outputsOf } from "../learn/model.ts";
import { modelFor } from "../learn/model-input.ts";
import { modelColumns, readModel } from "../learn/model-table.ts";
import { located } from "./shared/located.ts";
import * as note from "./shared/notes.ts";
import { allowTrainingChains, refuseTrainingChains } from "./shared/training-chains.ts";

/** Columns of the configurations that every step carries on. */
const kept = ["beta", "chain"];

export const flow = defineNode({
  type: "flow",
  version: 2,
  summary: "Applies a model to configurations again and again, and keeps the ensembles on the way.",
  details: `
Step 0 are the configurations; step n + 1 is the model's image of step n, made to spins as \`binarize\`
says:

- sample: the outputs of every layer are means of spins, and spins are drawn from them: for a
  restricted Boltzmann machine one step v -> h -> v of its Gibbs sampler, the flow of Iso, Shiba and
  Yokoo, Phys. Rev. E 97, 053304 (2018). All layers must be tanh.
- sign: the signs of the image; of 0, +1.
- none: the image itself, kept as \`values\`.

The output has a row for each recorded step and configuration, steps first, with the columns beta
and chain of the configurations: \`beta\` is where a row came from, not what it has become. Most measures
group by beta alone: give them one step (\`steps: [8]\`, on an axis); \`thermometer\` takes all.

It is an error to start from a chain that the model was fitted or stopped on, unless
\`allow_training_chains\` is set.

Always computed by the wasm backend: an image whose last bit falls otherwise soon gives other spins.`,
  notes: {
    model: {
      ...note.model,
    },
    configurations: {
      step: "How often the model was applied; 0 are the given configurations.",
      spins: "The spins after so many steps, row-major; a set bit is +1.",
      values: "The image after so many steps (binarize none).",
      beta: "Inverse temperature of the configuration that the row began as.",
      chain: note.chain,
    },
  },
  typical: {
    params: { steps: [0, 1, 2, 4, 8] },
    inputs: { configurations: note.lattices, model: note.autoencoder },
    depends:
      "binarize none gives `values` (float32) for `spins`; beta and chain are there where the configurations have them.",
  },
  params: Type.Object(
    {
      steps: Type.Array(Type.Integer({ minimum: 0 }), {
        minItems: 1,
        description: "Steps to record, ascending.",
      }),
      binarize: Type.Unsafe<Binarization>({
        enum: binarizations,
        default: "sign",
        description: "How an image becomes the next configuration: sample, sign or none.",
      }),
      allow_training_chains: allowTrainingChains,
      seed: Seed({ default: 1, description: "Seed of the draws." }),
    },
    { additionalProperties: false },
  ),
  inputs: {
    configurations: table({}, { description: "Rows with a column spins or values." }),
    model: table(modelColumns, { description: "Gives as many numbers as it takes." }),
  },
  outputs: (given, types) => {
    const source = types["configurations"]!;
    const { width, shape } = located(() => {
      const column = at("port", "configurations", () => dataColumn(source));
      requireLoop(modelFor(types["model"]!, column));
      return column;
    });
    for (const [i, step] of given.steps.entries()) {
      if (i === 0 || step > given.steps[i - 1]!) continue;
      throw new InvalidParam(`steps.${i}`, `expected more than ${given.steps[i - 1]}, got ${step}`);
    }
    const data: Record<string, ColumnType> =
      given.binarize === "none"
        ? { values: vector("float32", width, shape) }
        : { spins: bits(width, shape) };
    const carried = kept.flatMap((name) => (source[name] ? [[name, source[name]] as const] : []));
    return {
      configurations: table({ step: i32, ...data, ...Object.fromEntries(carried) }, { main: true }),
    };
  },

  async run({ params, inputs, random, signal, progress }) {
    const { loadBackend } = await import("../learn/backend/backend.ts");
    const { iterate, signsOf } = await import("../learn/iterate.ts");
    const { packBits } = await import("../learn/wasm/arrays.ts");
    const { setImmediate } = await import("node:timers/promises");
    const { steps, binarize } = params;
    const modelTable = await inputs.model.table();
    const model = located(() => at("port", "model", () => readModel(modelTable)));
    const other = model.layers.find(({ activation }) => activation !== "tanh");
    if (binarize === "sample" && other) {
      const message = `"sample" needs tanh in every layer, but ${other.name} has ${other.activation}`;
      throw new InvalidParam("binarize", message);
    }
    const given = await inputs.configurations.table();
    if (given.rows === 0) throw new InvalidInput("configurations", "holds no configurations");
    refuseTrainingChains(given, model, params);
    const rows = rowsOf(given, dataColumn(inputs.configurations.schema));
    const backend = await loadBackend("wasm");
    const columns: Readonly<Record<string, Batch[string]>> = given.columns;
    const carried = Object.fromEntries(
      kept.flatMap((name) => (columns[name] ? [[name, columns[name]]] : [])),
    );
    async function* ensembles(): AsyncIterable<Batch & { step: Int32Array }> {
      let values: Float32Array = new Float32Array(rows.rows * rows.width);
      for (let row = 0; row < rows.rows; row++) rows.copy(row, values, row * rows.width);
      if (binarize !== "none") values = signsOf(values);
      const last = steps.at(-1)!;
      for (let step = 0; step <= last; step++) {
        if (step > 0) {
          values = iterate(backend, model, values, binarize, (layer) =>
            random("draws", step, layer),
          );
        }
        signal.throwIfAborted();
        await setImmediate();
        progress(last > 0 ? step / last : 1, `step ${step}`);
        if (!steps.includes(step)) continue;
        const data = binarize === "none" ? { values } : { spins: packBits(values, 0) };
        yield { step: new Int32Array(rows.rows).fill(step), ...data, ...carried };
      }
    }
    return { configurations: ensembles() };
  },
});

function requireLoop(layers: readonly LayerSize[]): void {
  const [inputs, outputs] = [inputsOf(layers), outputsOf(layers)];
  if (outputs === inputs) return;
  const message = `gives ${outputs} numbers for ${inputs}: it cannot be applied to its own image`;
  throw new Misfit("port", "model", message);
}

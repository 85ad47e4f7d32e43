/**
 * `model-apply`: runs a trained model on configurations and keeps its code and its image, as spins
 * for the measures of lattices or as the numbers themselves. Knows no use of a model.
 */
import {
  type Batch,
  bits,
  type Columns,
  type ColumnType,
  defineNode,
  type Input,
  type Static,
  Type,
  table,
  vector,
} from "../engine/node-type.ts";
import { dataColumn, rowsOf, unusualShape } from "../learn/columns.ts";
import { gridOf } from "../learn/layers/new-layer.ts";
import { at } from "../learn/misfit.ts";
import {
  codeLayer,
  codeThreshold,
  type LayerSize,
  type Model,
  outputsOf,
  until,
} from "../learn/model.ts";
import { modelFor } from "../learn/model-input.ts";
import { modelColumns, readModel } from "../learn/model-table.ts";
import { located } from "./shared/located.ts";
import * as note from "./shared/notes.ts";
import { allowTrainingChains, refuseTrainingChains } from "./shared/training-chains.ts";

const params = Type.Object(
  {
    store: Type.Unsafe<"bits" | "values" | "both">({
      enum: ["bits", "values", "both"],
      default: "bits",
      description: "bits: column `spins`; values: column `values`, float32; or both.",
    }),
    code_layer: Type.Optional(
      Type.String({
        description: 'The layer whose outputs are the code; else "code", else the narrowest.',
      }),
    ),
    allow_training_chains: allowTrainingChains,
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** Columns of the configurations that are true of code and image too. */
const kept = ["beta", "chain"];

export const modelApply = defineNode({
  type: "model-apply",
  version: 2,
  summary: "Runs a model on configurations: its code, and its image of them.",
  details: `
\`image\` is what the last layer gives, \`code\` what the code layer gives, row by row, with the
columns beta and chain of the configurations. As spins, outputs of at least 0 are +1; for relu it
is outputs above 0, for sigmoid those of at least 1/2. An image by a sigmoid that was trained with
\`bce\` is stored as the mean spin 2p - 1.

It is an error to apply a model to a chain that it was fitted or stopped on: what is measured of codes
and images would show how well it remembers. \`allow_training_chains\` lets it, for codes that are the
data of another training.`,
  notes: {
    model: {
      ...note.model,
    },
    code: {
      spins: "Signs of the outputs, row-major; a set bit is +1.",
      values: "The outputs themselves, without a unit (store values or both).",
      beta: "Inverse temperature of the configuration.",
      chain: note.chain,
    },
    image: {
      spins: "Signs of the outputs, row-major; a set bit is +1.",
      values: "The outputs themselves, without a unit (store values or both).",
      beta: "Inverse temperature of the configuration.",
      chain: note.chain,
    },
  },
  typical: {
    params: {},
    inputs: { configurations: note.lattices, model: note.autoencoder },
    depends:
      "`store` chooses `spins`, `values` or both; sizes and shapes are those of the layers; beta and chain are there where the configurations have them.",
  },
  params,
  inputs: {
    configurations: table({}, { description: "Rows with a column spins or values." }),
    model: table(modelColumns),
  },
  outputs: (given, schemas) => {
    const source = schemas["configurations"]!;
    const { code, image, column } = located(() => sizesOf(given, schemas));
    const spins = source["spins"] as { shape?: readonly number[] } | undefined;
    // Rows without a shape count as square lattices; any other shape is carried over.
    const shape = spins?.shape ?? unusualShape(column);
    const fits = shape?.reduce((product, length) => product * length, 1) === image.outputs;
    return {
      code: table(columnsOf(given, code.outputs, source, latticeOf(code))),
      image: table(columnsOf(given, image.outputs, source, fits ? shape : undefined), {
        main: true,
      }),
    };
  },
  backend: true,
  tolerance: { "*": 1e-3 },
  maps: "configurations",

  figures: {
    images: {
      port: "image",
      title: "Images",
      text: "The first of each inverse temperature.",
      tiles: { column: "spins", rows: "beta", limit: 8 },
    },
  },

  async run({ params: given, inputs, backend: name, signal }) {
    const { loadBackend } = await import("../learn/backend/backend.ts");
    const { predict } = await import("../learn/layers/forward.ts");
    const { floatRows } = await import("../learn/rows.ts");
    const { asSpins } = await import("../learn/training/loss.ts");
    const { packBits } = await import("../learn/wasm/arrays.ts");
    const backend = await loadBackend(name);
    const modelTable = await inputs.model.table();
    const model = located(() => at("port", "model", () => readModel(modelTable)));
    const { configurations } = inputs;
    const column = dataColumn(configurations.schema);
    const encoder = until(model.layers, code(given, model.layers).name);
    const decoder = model.layers.slice(encoder.length);
    // Of each chunk; whichever port is read first computes them.
    const codes: Float32Array[] = [];
    async function* apply(part: Model): AsyncIterable<Batch> {
      const last = part.layers.at(-1)!;
      const isImage = part.layers.length === model.layers.length;
      let number = 0;
      for await (const chunk of (configurations as Input).chunks()) {
        signal.throwIfAborted();
        refuseTrainingChains(chunk, model, given);
        codes[number] ??= predict(backend, encoder, rowsOf(chunk, column));
        const known = codes[number++]!;
        const isCode = !isImage || decoder.length === 0;
        const raw = isCode
          ? known
          : predict(backend, decoder, floatRows(known, outputsOf(encoder)));
        const values = isImage ? asSpins(model.loss, last.activation, raw) : raw;
        yield {
          ...(given.store !== "values" && { spins: packBits(raw, threshold(part, isImage)) }),
          ...(given.store !== "bits" && { values }),
          ...Object.fromEntries(
            kept.flatMap((name) => (chunk.columns[name] ? [[name, chunk.columns[name]]] : [])),
          ),
        };
      }
    }
    return { code: apply({ ...model, layers: encoder }), image: apply(model) };
  },
});

/** Outputs of at least this count as +1. */
function threshold({ layers, loss }: Model, isImage: boolean): number {
  const { activation } = layers.at(-1)!;
  return activation === "sigmoid" && isImage && loss !== "bce" ? 0 : codeThreshold(activation);
}

function code<L extends LayerSize>(given: Params, layers: readonly L[]): L {
  const { code_layer: name } = given;
  if (name === undefined) return codeLayer(layers);
  return at("param", "code_layer", () => until(layers, name).at(-1)!);
}

/** The shape of what a convolution gives: its channels last, if there are several. */
function latticeOf(layer: LayerSize): readonly number[] | undefined {
  const [rows, columns, channels] = (layer.kind !== "dense" && gridOf(layer)) || [];
  if (rows === undefined || columns === undefined) return undefined;
  return channels === 1 ? [rows, columns] : [rows, columns, channels!];
}

function sizesOf(given: Params, schemas: Readonly<Record<string, Columns>>) {
  const column = at("port", "configurations", () => dataColumn(schemas["configurations"]!));
  const layers = modelFor(schemas["model"]!, column);
  return { code: code(given, layers), image: { outputs: outputsOf(layers) }, column };
}

function columnsOf(
  { store }: Params,
  size: number,
  source: Columns,
  shape?: readonly number[],
): Columns {
  const columns: Record<string, ColumnType> = {};
  if (store !== "values") columns["spins"] = bits(size, shape);
  if (store !== "bits") columns["values"] = vector("float32", size, shape);
  for (const name of kept) if (source[name]) columns[name] = source[name];
  return columns;
}

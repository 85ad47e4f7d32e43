/**
 * Models as tables, so that they are artifacts like any other: one row, whose columns are
 *
 *   spec            utf8            JSON: format version, loss, and each layer's kind and activation
 *   chains          list<utf8>      ids of the chains that the model was fitted or stopped on
 *   kernel_1_code   float32[h][v]   W of the first layer, named "code": hidden x visible, row-major
 *   bias_1_code     float32[h]      b of the first layer
 *   kernel_2_…
 *
 * The sizes stand in the columns' types, so that what does not fit is found before anything runs.
 * Knows neither Arrow nor the engine: columns are plain data.
 */
import type { Activation, Layer, LayerSize, Loss, Model } from "./model.ts";

/** What every model has: the type of an input port that takes a model. */
export const modelColumns = {
  spec: { type: "utf8" },
  chains: { type: "list", item: "utf8" },
} as const;

type FloatColumn = {
  readonly type: "fixed_size_list";
  readonly item: "float32";
  readonly size: number;
  readonly shape: readonly number[];
};
export type ModelSchema = typeof modelColumns & Readonly<Record<string, FloatColumn>>;

/** The columns of a model with these layers. */
export function modelSchema(layers: readonly LayerSize[]): ModelSchema {
  const tensors = layers.flatMap(({ name, inputs, outputs }, i) => [
    [`kernel_${i + 1}_${name}`, floats([outputs, inputs])] as const,
    [`bias_${i + 1}_${name}`, floats([outputs])] as const,
  ]);
  return { ...modelColumns, ...Object.fromEntries(tensors) } as ModelSchema;
}

/** The model's row, column by column. */
export function modelBatch({ layers, loss, chains }: Model) {
  const spec = {
    version: 1,
    loss,
    layers: layers.map(({ kind, name, activation, frozen }) => ({
      kind,
      name,
      activation,
      frozen,
    })),
  };
  const tensors = layers.flatMap(({ name, kernel, bias }, i) => [
    [`kernel_${i + 1}_${name}`, kernel] as const,
    [`bias_${i + 1}_${name}`, bias] as const,
  ]);
  return { spec: [JSON.stringify(spec)], chains: [chains], ...Object.fromEntries(tensors) };
}

/** Names and sizes of a model's layers, from its columns' types; undefined if these are no model. */
export function modelSizes(schema: Readonly<Record<string, object>>): LayerSize[] | undefined {
  const found: LayerSize[] = [];
  for (const [column, type] of Object.entries(schema)) {
    const [, index, name] = /^kernel_(\d+)_(.+)$/.exec(column) ?? [];
    if (!index || !name) continue;
    const [outputs, inputs] = (type as Partial<FloatColumn>).shape ?? [];
    if (outputs === undefined || inputs === undefined) return undefined;
    found[Number(index) - 1] = { name, inputs, outputs };
  }
  return found.length > 0 && Object.values(found).length === found.length ? found : undefined;
}

/** What is read of a table. */
export interface ModelTable {
  readonly schema: Readonly<Record<string, object>>;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The model in a table; throws a RangeError if there is none, or one of a newer format. */
export function readModel({ schema, columns }: ModelTable): Model {
  const sizes = modelSizes(schema);
  const text = (columns["spec"] as readonly string[] | undefined)?.[0];
  if (!sizes || text === undefined) throw new RangeError("holds no model");
  const spec = JSON.parse(text) as {
    version: number;
    loss: Loss;
    layers: { kind: "dense"; name: string; activation: Activation; frozen: boolean }[];
  };
  if (spec.version !== 1)
    throw new RangeError(`holds a model of the unknown format ${spec.version}`);
  const layers = spec.layers.map((layer, i): Layer => {
    const [kernel, bias] = ["kernel", "bias"].map(
      (tensor) => columns[`${tensor}_${i + 1}_${layer.name}`] as Float32Array,
    );
    return { ...layer, ...sizes[i]!, kernel: kernel!, bias: bias! };
  });
  const chains = (columns["chains"] as readonly (readonly string[])[])[0]!;
  return { layers, loss: spec.loss, chains };
}

function floats(shape: readonly number[]): FloatColumn {
  const size = shape.reduce((product, length) => product * length, 1);
  return { type: "fixed_size_list", item: "float32", size, shape };
}

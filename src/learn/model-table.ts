/**
 * Models as tables, so that they are artifacts like any other: one row, whose columns are
 *
 *   spec            utf8            JSON: format version, loss, what it learned to read, the shape of
 *                                   its inputs where they only look like a square lattice, and
 *                                   each layer's kind and activation
 *   chains          list<utf8>      ids of the chains that the model was fitted or stopped on
 *   kernel_1_code   float32[h][v]   W of the first layer, named "code": hidden x visible, row-major
 *   bias_1_code     float32[h]      b of the first layer
 *   kernel_2_…
 *
 * A convolution's kernel is float32[coarse channels][side][side][fine channels], and beside it stands
 * `windows_3_…` (`patches_3_…` of a transpose), bool[rows][stride][columns][stride]: set at the site
 * of the fine lattice where the block of each coarse site begins. An energy layer has only
 * `couplings_1_…`, float32[side][side][2]: -1/N for the bonds of each site to the right and below.
 *
 * So the columns' types hold the sizes, and a model that does not fit is found before anything runs.
 * Knows neither Arrow nor the engine: columns are plain data.
 */

import { coarseSize, fineSize } from "./layers/windows.ts";
import type {
  Activation,
  ConvolutionSize,
  Layer,
  LayerSize,
  Model,
  Target,
  Windows,
} from "./model.ts";

/** The columns of every model: the type of an input port that takes one. */
export const modelColumns = {
  spec: { type: "utf8" },
  chains: { type: "list", item: "utf8" },
} as const;

type TensorColumn = {
  readonly type: "fixed_size_list";
  readonly item: "float32" | "bool";
  readonly size: number;
  readonly shape: readonly number[];
};
export type ModelSchema = typeof modelColumns & Readonly<Record<string, TensorColumn>>;

const prefix = { conv: "windows", conv_transpose: "patches" } as const;

/** The columns of a model with these layers. */
export function modelSchema(layers: readonly LayerSize[]): ModelSchema {
  const tensors = layers.flatMap((layer, i): [string, TensorColumn][] => {
    const column = (tensor: string) => `${tensor}_${i + 1}_${layer.name}`;
    if (layer.kind === "energy") {
      const side = Math.round(Math.sqrt(layer.inputs));
      return [[column("couplings"), tensor("float32", [side, side, 2])]];
    }
    if (layer.kind === "dense") {
      return [
        [column("kernel"), tensor("float32", [layer.outputs, layer.inputs])],
        [column("bias"), tensor("float32", [layer.outputs])],
      ];
    }
    const { rows, columns, stride, side, fine, coarse } = layer.windows;
    return [
      [column(prefix[layer.kind]), tensor("bool", [rows, stride, columns, stride])],
      [column("kernel"), tensor("float32", [coarse, side, side, fine])],
      [column("bias"), tensor("float32", [layer.kind === "conv" ? coarse : fine])],
    ];
  });
  return { ...modelColumns, ...Object.fromEntries(tensors) } as ModelSchema;
}

function tensor(item: TensorColumn["item"], shape: readonly number[]): TensorColumn {
  const size = shape.reduce((product, length) => product * length, 1);
  return { type: "fixed_size_list", item, size, shape };
}

/** The model's row, column by column. */
export function modelBatch({ layers, loss, chains, target, shape }: Model) {
  const spec = {
    version: 1,
    loss,
    ...(target && { target }),
    ...(shape && { shape }),
    layers: layers.map(({ kind, name, activation, frozen }) => ({
      kind,
      name,
      activation,
      frozen,
    })),
  };
  const tensors = layers.flatMap((layer, i): [string, Float32Array | Uint8Array][] => {
    const column = (tensor: string) => `${tensor}_${i + 1}_${layer.name}`;
    if (layer.kind === "energy") {
      return [[column("couplings"), new Float32Array(2 * layer.inputs).fill(-1 / layer.inputs)]];
    }
    const parameters: [string, Float32Array][] = [
      [column("kernel"), layer.kernel],
      [column("bias"), layer.bias],
    ];
    if (layer.kind === "dense") return parameters;
    return [[column(prefix[layer.kind]), firstSites(layer.windows)], ...parameters];
  });
  return { spec: [JSON.stringify(spec)], chains: [chains], ...Object.fromEntries(tensors) };
}

/** Packed bits over the fine lattice. */
function firstSites({ rows, columns, stride }: Windows): Uint8Array {
  const width = columns * stride;
  const bits = new Uint8Array((rows * stride * width + 7) >> 3);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const site = row * stride * width + column * stride;
      bits[site >> 3]! |= 1 << (site & 7);
    }
  }
  return bits;
}

/** Kinds and sizes of a model's layers, from its columns' types; undefined if these are not a model. */
export function modelSizes(schema: Readonly<Record<string, object>>): LayerSize[] | undefined {
  const found: LayerSize[] = [];
  for (const [column, type] of Object.entries(schema)) {
    const [, tensor, index, name] = /^(kernel|couplings)_(\d+)_(.+)$/.exec(column) ?? [];
    if (!tensor || !index || !name) continue;
    const shapeOf = (other: string) =>
      (schema[`${other}_${index}_${name}`] as Partial<TensorColumn> | undefined)?.shape;
    const size = sizeOf(name, tensor, (type as Partial<TensorColumn>).shape ?? [], shapeOf);
    if (!size) return undefined;
    found[Number(index) - 1] = size;
  }
  return found.length > 0 && Object.values(found).length === found.length ? found : undefined;
}

function sizeOf(
  name: string,
  tensor: string,
  shape: readonly number[],
  shapeOf: (tensor: string) => readonly number[] | undefined,
): LayerSize | undefined {
  if (tensor === "couplings") {
    const [rows = 0, columns = 0] = shape;
    return { kind: "energy", name, inputs: rows * columns, outputs: 1 };
  }
  if (shape.length === 2) return { kind: "dense", name, inputs: shape[1]!, outputs: shape[0]! };
  for (const kind of ["conv", "conv_transpose"] as const) {
    const lattice = shapeOf(prefix[kind]);
    if (lattice?.length !== 4 || shape.length !== 4) continue;
    const [rows, stride, columns] = lattice as [number, number, number];
    const [coarse, side, , fine] = shape as [number, number, number, number];
    return convolutionSize(kind, name, { rows, columns, stride, side, fine, coarse });
  }
  return undefined;
}

/** A convolution with these windows, or a transpose. */
export function convolutionSize(
  kind: "conv" | "conv_transpose",
  name: string,
  windows: Windows,
): ConvolutionSize {
  const [fine, coarse] = [fineSize(windows), coarseSize(windows)];
  const [inputs, outputs] = kind === "conv" ? [fine, coarse] : [coarse, fine];
  return { kind, name, inputs, outputs, windows };
}

/** The part of a table that is read here. */
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
    loss: Model["loss"];
    target?: Target;
    shape?: readonly number[];
    layers: { name: string; activation: Activation; frozen: boolean }[];
  };
  if (spec.version !== 1)
    throw new RangeError(`holds a model of the unknown format ${spec.version}`);
  const layers = spec.layers.map(({ name, activation, frozen }, i): Layer => {
    const [kernel, bias] = ["kernel", "bias"].map(
      (tensor) => columns[`${tensor}_${i + 1}_${name}`] as Float32Array | undefined,
    );
    const none = new Float32Array(0);
    return { ...sizes[i]!, activation, frozen, kernel: kernel ?? none, bias: bias ?? none };
  });
  const chains = (columns["chains"] as readonly (readonly string[])[])[0]!;
  const { loss, target, shape } = spec;
  return { layers, loss, chains, ...(target && { target }), ...(shape && { shape }) };
}

/**
 * A new layer as a person writes it, and the sizes it gets from what comes before it. Pure, and
 * quick: it runs while a pipeline is checked.
 */
import { Misfit } from "../misfit.ts";
import type { Activation, LayerSize } from "../model.ts";
import { convolutionSize } from "../model-table.ts";

/** One of `dense`, `conv`, `conv_transpose` and `energy`, with what belongs to it. */
export interface NewLayerParam {
  /** Units, or the name of the port that has as many numbers a row. */
  readonly dense?: number | "x" | "y";
  /** Channels. */
  readonly conv?: number;
  readonly conv_transpose?: number;
  readonly energy?: "square";
  /** Sites a side of a window, and from one window to the next. */
  readonly window?: number;
  readonly stride?: number;
  readonly activation?: Activation;
  readonly name?: string;
  readonly l1?: number;
  readonly l2?: number;
}

/** The options of each kind. */
export const newLayerFields = {
  dense: ["activation", "name", "l1", "l2"],
  conv: ["window", "stride", "activation", "name", "l1", "l2"],
  conv_transpose: ["window", "stride", "activation", "name", "l1", "l2"],
  energy: ["name"],
} as const;
export type NewKind = keyof typeof newLayerFields;

/** A row of numbers as a lattice: rows, columns, and channels, which vary fastest. */
export type Grid = readonly [rows: number, columns: number, channels: number];

/** Throws a Misfit; `path` is where the layer is written. */
export function newLayerSize(
  kind: NewKind,
  param: NewLayerParam,
  name: string,
  inputs: number,
  grid: Grid | undefined,
  widths: { readonly x: number; readonly y: number },
  path: string,
): LayerSize {
  if (kind === "dense") {
    const { dense } = param;
    return { kind, name, inputs, outputs: typeof dense === "number" ? dense : widths[dense!] };
  }
  if (!grid) {
    const message = `needs a lattice, but gets ${inputs} numbers without a shape`;
    throw new Misfit("param", path, message);
  }
  const [rows, columns, channels] = grid;
  if (kind === "energy") {
    if (rows === columns && channels === 1 && rows >= 2) return { kind, name, inputs, outputs: 1 };
    const message = `needs a square lattice of single numbers, but gets ${grid.join(" x ")}`;
    throw new Misfit("param", path, message);
  }
  const { stride = 1, window: side = 3 } = param;
  const windows = { stride, side };
  if (kind === "conv_transpose") {
    requireFit(side, rows * stride, columns * stride, path);
    const fine = param.conv_transpose!;
    return convolutionSize(kind, name, { ...windows, rows, columns, coarse: channels, fine });
  }
  if (rows % stride || columns % stride) {
    const message = `${stride} does not divide a lattice of ${rows} x ${columns}`;
    throw new Misfit("param", param.stride === undefined ? path : `${path}.stride`, message);
  }
  requireFit(side, rows, columns, path);
  const coarse = { rows: rows / stride, columns: columns / stride, coarse: param.conv! };
  return convolutionSize(kind, name, { ...windows, ...coarse, fine: channels });
}

function requireFit(side: number, rows: number, columns: number, path: string): void {
  if (side <= Math.min(rows, columns)) return;
  const message = `${side} is wider than a lattice of ${rows} x ${columns}`;
  throw new Misfit("param", `${path}.window`, message);
}

/** The lattice that a layer gives, if it gives one. */
export function gridOf(layer: LayerSize): Grid | undefined {
  if (layer.kind === "dense") return squareGrid(layer.outputs);
  if (layer.kind === "energy") return undefined;
  const { rows, columns, stride, fine, coarse } = layer.windows;
  return layer.kind === "conv" ? [rows, columns, coarse] : [rows * stride, columns * stride, fine];
}

/** A row of this shape as a lattice: two dimensions, perhaps with channels. */
export function shapedGrid(shape: readonly number[]): Grid | undefined {
  const [rows, columns, channels = 1] = shape;
  return shape.length === 2 || shape.length === 3 ? [rows!, columns!, channels] : undefined;
}

/** The lattice that a layer takes; undefined if it takes its inputs in any order. */
function gridTaken(layer: LayerSize): Grid | undefined {
  if (layer.kind === "dense") return undefined;
  if (layer.kind === "energy") return squareGrid(layer.inputs);
  const { rows, columns, stride, fine, coarse } = layer.windows;
  return layer.kind === "conv" ? [rows * stride, columns * stride, fine] : [rows, columns, coarse];
}

/**
 * Throws a RangeError if a layer gets another lattice than it takes, though as many numbers. Rows
 * without a shape fit every lattice.
 */
export function requireLattice(layer: LayerSize, shape: readonly number[] | undefined): void {
  const taken = gridTaken(layer);
  if (!taken || !shape || String(shapedGrid(shape)) === String(taken)) return;
  const [rows, columns, channels] = taken;
  const size = channels === 1 ? `${rows} x ${columns}` : taken.join(" x ");
  throw new RangeError(`takes a lattice of ${size}, but gets shape [${shape.join(", ")}]`);
}

/** A square lattice of single numbers, if there are as many. */
export function squareGrid(size: number): Grid | undefined {
  const side = Math.round(Math.sqrt(size));
  return side * side === size ? [side, side, 1] : undefined;
}

/**
 * From the layers as a person writes them to layers with names and sizes. Pure, and quick: it runs
 * while a pipeline is checked, before any model exists.
 */
import type { Activation, LayerSize } from "./model.ts";
import { outputsOf, until } from "./model.ts";
import type { Penalty } from "./penalty.ts";

export interface DenseParam {
  /** Units, or the name of the port that has as many numbers a row. */
  readonly dense: number | "x" | "y";
  readonly activation: Activation;
  readonly name?: string;
  readonly l1?: number;
  readonly l2?: number;
}

export interface UseParam {
  /** Port of the model whose layers come here. */
  readonly use: string;
  /** The last of its layers that is taken. */
  readonly until?: string;
  readonly frozen?: boolean;
}

/** A layer as written. */
export type LayerParam = DenseParam | UseParam;

export type ResolvedLayer = LayerSize &
  (
    | { readonly source: "new"; readonly activation: Activation; readonly penalty: Penalty }
    | {
        readonly source: "model";
        readonly port: string;
        /** Its name in that model. */
        readonly original: string;
        readonly frozen: boolean;
      }
  );

/** Something written does not fit; `path` is dotted, from the parameters. */
export class LayerError extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.name = "LayerError";
    this.path = path;
  }
}

export interface Widths {
  /** Numbers in a row of the inputs. */
  readonly x: number;
  /** Numbers in a row of the targets. */
  readonly y: number;
}

/**
 * `models`: the connected models' layers by port. Lists within the list count as their elements.
 * Throws a LayerError for what does not fit.
 */
export function resolveLayers(
  written: readonly (LayerParam | readonly LayerParam[])[],
  widths: Widths,
  models: ReadonlyMap<string, readonly LayerSize[]>,
): readonly ResolvedLayer[] {
  const layers: ResolvedLayer[] = [];
  let path = "layers";
  for (const [place, param] of flatten(written)) {
    path = place;
    const inputs = layers.length > 0 ? outputsOf(layers) : widths.x;
    if ("use" in param) layers.push(...used(param, inputs, models, layers, path));
    else layers.push(added(param, inputs, widths, layers, path));
  }
  if (layers.length === 0) throw new LayerError("layers", "a network needs at least one layer");
  const outputs = outputsOf(layers);
  if (outputs !== widths.y) {
    const message = `the last layer gives ${outputs} numbers, but the target has ${widths.y}`;
    throw new LayerError(path, message);
  }
  return layers;
}

function flatten(
  written: readonly (LayerParam | readonly LayerParam[])[],
): (readonly [string, LayerParam])[] {
  return written.flatMap((item, i): (readonly [string, LayerParam])[] =>
    "length" in item
      ? item.map((param, j) => [`layers.${i}.${j}`, param])
      : [[`layers.${i}`, item]],
  );
}

function added(
  param: DenseParam,
  inputs: number,
  widths: Widths,
  before: readonly LayerSize[],
  path: string,
): ResolvedLayer {
  const taken = new Set(before.map((layer) => layer.name));
  if (param.name !== undefined && taken.has(param.name)) {
    throw new LayerError(`${path}.name`, `duplicate layer ${JSON.stringify(param.name)}`);
  }
  let number = before.length + 1;
  while (taken.has(`dense_${number}`)) number++;
  return {
    source: "new",
    name: param.name ?? `dense_${number}`,
    activation: param.activation,
    inputs,
    outputs: typeof param.dense === "number" ? param.dense : widths[param.dense],
    penalty: { l1: param.l1 ?? 0, l2: param.l2 ?? 0 },
  };
}

function used(
  param: UseParam,
  inputs: number,
  models: ReadonlyMap<string, readonly LayerSize[]>,
  before: readonly LayerSize[],
  path: string,
): ResolvedLayer[] {
  const port = param.use;
  const model = models.get(port);
  if (!model) {
    const known = [...models.keys()].map((name) => JSON.stringify(name)).join(", ");
    const hint = known ? `connected are ${known}` : "no model is connected";
    throw new LayerError(`${path}.use`, `unknown model ${JSON.stringify(port)}: ${hint}`);
  }
  if (model[0]!.inputs !== inputs) {
    const message = `model ${JSON.stringify(port)} takes ${model[0]!.inputs} numbers, but gets ${inputs}`;
    throw new LayerError(`${path}.use`, message);
  }
  const taken = new Set(before.map((layer) => layer.name));
  return part(model, param, path).map((layer) => {
    // Two networks that were named without knowing of each other are told apart by their ports.
    const name = taken.has(layer.name) ? `${port}_${layer.name}` : layer.name;
    if (taken.has(name)) throw new LayerError(path, `duplicate layer ${JSON.stringify(name)}`);
    taken.add(name);
    const frozen = param.frozen ?? false;
    return { ...layer, source: "model", port, name, original: layer.name, frozen };
  });
}

function part(model: readonly LayerSize[], param: UseParam, path: string): readonly LayerSize[] {
  if (param.until === undefined) return model;
  try {
    return until(model, param.until);
  } catch (error) {
    throw new LayerError(`${path}.until`, (error as Error).message);
  }
}

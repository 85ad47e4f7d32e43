/**
 * From the layers as a person writes them to layers with names and sizes. Pure, and quick: it runs
 * while a pipeline is checked, before any model exists.
 */
import { at, Misfit } from "./misfit.ts";
import type { Activation, LayerSize } from "./model.ts";
import { outputsOf, until } from "./model.ts";
import type { Penalty } from "./penalty.ts";

/** A layer as written: either `dense` with what follows it here, or `use` with what follows that. */
export interface LayerParam {
  /** Units, or the name of the port that has as many numbers a row. */
  readonly dense?: number | "x" | "y";
  readonly activation?: Activation;
  readonly name?: string;
  readonly l1?: number;
  readonly l2?: number;
  /** Port of the model whose layers come here. */
  readonly use?: string;
  /** The last of its layers that is taken. */
  readonly until?: string;
  readonly frozen?: boolean;
}

type DenseParam = LayerParam & { readonly dense: number | "x" | "y" };
type UseParam = LayerParam & { readonly use: string };

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

export interface Widths {
  /** Numbers in a row of the inputs. */
  readonly x: number;
  /** Numbers in a row of the targets. */
  readonly y: number;
}

/**
 * `models`: the connected models' layers by port.
 * Throws a Misfit for what does not fit.
 */
export function resolveLayers(
  written: readonly LayerParam[],
  widths: Widths,
  models: ReadonlyMap<string, readonly LayerSize[]>,
): readonly ResolvedLayer[] {
  const layers: ResolvedLayer[] = [];
  let path = "layers";
  for (const [i, param] of written.entries()) {
    path = `layers.${i}`;
    const inputs = layers.length > 0 ? outputsOf(layers) : widths.x;
    if (isUse(param, path)) layers.push(...used(param, inputs, models, layers, path));
    else layers.push(added(param, inputs, widths, layers, path));
  }
  if (layers.length === 0) throw new Misfit("param", "layers", "must have at least one layer");
  const outputs = outputsOf(layers);
  if (outputs !== widths.y) {
    const message = `gives ${outputs} numbers as the last layer, but the target has ${widths.y}`;
    throw new Misfit("param", path, message);
  }
  return layers;
}

const fields = {
  dense: ["activation", "name", "l1", "l2"],
  use: ["until", "frozen"],
} as const;

function isUse(param: LayerParam, path: string): param is UseParam {
  const kinds = (["dense", "use"] as const).filter((kind) => param[kind] !== undefined);
  const [kind] = kinds;
  if (!kind || kinds.length > 1) {
    throw new Misfit("param", path, 'must have either "dense" or "use"');
  }
  const other = kind === "use" ? "dense" : "use";
  const wrong = fields[other].find((field) => param[field] !== undefined);
  if (wrong) throw new Misfit("param", `${path}.${wrong}`, `belongs to a layer with "${other}"`);
  return kind === "use";
}

function added(
  param: LayerParam,
  inputs: number,
  widths: Widths,
  before: readonly LayerSize[],
  path: string,
): ResolvedLayer {
  const { dense } = param as DenseParam;
  const taken = new Set(before.map((layer) => layer.name));
  if (param.name !== undefined && taken.has(param.name)) {
    throw new Misfit("param", `${path}.name`, `is taken: ${JSON.stringify(param.name)}`);
  }
  let number = before.length + 1;
  while (taken.has(`dense_${number}`)) number++;
  return {
    source: "new",
    name: param.name ?? `dense_${number}`,
    activation: param.activation ?? "linear",
    inputs,
    outputs: typeof dense === "number" ? dense : widths[dense],
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
    const message = `must name a connected model (${known || "there is none"})`;
    throw new Misfit("param", `${path}.use`, `${message}, got ${JSON.stringify(port)}`);
  }
  if (model[0]!.inputs !== inputs) {
    const message = `takes ${model[0]!.inputs} numbers, but gets ${inputs}`;
    throw new Misfit("param", `${path}.use`, message);
  }
  const taken = new Set(before.map((layer) => layer.name));
  return part(model, param, path).map((layer) => {
    // Two networks that were named without knowing of each other are told apart by their ports.
    const name = taken.has(layer.name) ? `${port}_${layer.name}` : layer.name;
    if (taken.has(name))
      throw new Misfit("param", path, `brings a second layer ${JSON.stringify(name)}`);
    taken.add(name);
    const frozen = param.frozen ?? false;
    return { ...layer, source: "model", port, name, original: layer.name, frozen };
  });
}

function part(model: readonly LayerSize[], param: UseParam, path: string): readonly LayerSize[] {
  const { until: name } = param;
  return name === undefined ? model : at("param", `${path}.until`, () => until(model, name));
}

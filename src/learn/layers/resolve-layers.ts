/**
 * Turns the layers that a person wrote into layers with names and sizes. Pure and quick: it runs
 * while a pipeline is checked, before any model exists.
 */
import { at, Misfit } from "../misfit.ts";
import type { Activation, LayerSize } from "../model.ts";
import { outputsOf, until } from "../model.ts";
import type { Penalty } from "../training/penalty.ts";
import {
  type Grid,
  gridOf,
  type NewKind,
  type NewLayerParam,
  newLayerFields,
  newLayerSize,
  requireLattice,
} from "./new-layer.ts";

/** A layer as written: a new one, or `use` with what follows it here. */
export interface LayerParam extends NewLayerParam {
  /** Port of the model whose layers come here. */
  readonly use?: string;
  /** The last of its layers to take. */
  readonly until?: string;
  readonly frozen?: boolean;
}

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
  /** The inputs as a lattice, if they are one. */
  readonly grid?: Grid | undefined;
  /** The shape of a row of the inputs, where it is known. */
  readonly shape?: readonly number[] | undefined;
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
    const kind = kindOf(param, path);
    if (kind === "use") layers.push(...used(param as UseParam, widths, models, layers, path));
    else layers.push(added(kind, param, widths, layers, path));
  }
  if (layers.length === 0) throw new Misfit("param", "layers", "must have at least one layer");
  const outputs = outputsOf(layers);
  if (outputs !== widths.y) {
    const message = `gives ${outputs} numbers as the last layer, but the target has ${widths.y}`;
    throw new Misfit("param", path, message);
  }
  return layers;
}

const fields = { ...newLayerFields, use: ["until", "frozen"] } as const;
const kinds = Object.keys(fields) as (keyof typeof fields)[];

function kindOf(param: LayerParam, path: string): NewKind | "use" {
  const given = kinds.filter((kind) => param[kind] !== undefined);
  const [kind] = given;
  if (!kind || given.length > 1) {
    const names = kinds.map((name) => `"${name}"`).join(", ");
    throw new Misfit("param", path, `must have one of ${names}`);
  }
  const others = kinds.flatMap((other) => fields[other] as readonly (keyof LayerParam)[]);
  const mine: readonly string[] = fields[kind];
  const wrong = others.find((field) => param[field] !== undefined && !mine.includes(field));
  if (wrong) throw new Misfit("param", `${path}.${wrong}`, `does not belong to "${kind}"`);
  return kind;
}

function added(
  kind: NewKind,
  param: LayerParam,
  widths: Widths,
  before: readonly LayerSize[],
  path: string,
): ResolvedLayer {
  const taken = new Set(before.map((layer) => layer.name));
  if (param.name !== undefined && taken.has(param.name)) {
    throw new Misfit("param", `${path}.name`, `is taken: ${JSON.stringify(param.name)}`);
  }
  let number = before.length + 1;
  while (taken.has(`${kind}_${number}`)) number++;
  const name = param.name ?? `${kind}_${number}`;
  const last = before.at(-1);
  const [inputs, grid] = last ? [last.outputs, gridOf(last)] : [widths.x, widths.grid];
  return {
    ...newLayerSize(kind, param, name, inputs, grid, widths, path),
    source: "new",
    activation: param.activation ?? "linear",
    penalty: { l1: param.l1 ?? 0, l2: param.l2 ?? 0 },
  };
}

function used(
  param: UseParam,
  widths: Widths,
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
  const last = before.at(-1);
  const inputs = last?.outputs ?? widths.x;
  if (model[0]!.inputs !== inputs) {
    const message = `takes ${model[0]!.inputs} numbers, but gets ${inputs}`;
    throw new Misfit("param", `${path}.use`, message);
  }
  // The outputs of a dense layer have no order of their own.
  const shape = last ? (last.kind === "dense" ? undefined : gridOf(last)) : widths.shape;
  at("param", `${path}.use`, () => requireLattice(model[0]!, shape));
  const taken = new Set(before.map((layer) => layer.name));
  return part(model, param, path).map((layer) => {
    // Two networks that were named without knowing of each other differ by their ports.
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

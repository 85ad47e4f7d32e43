/**
 * What a training will read and which network it will train, from parameters and column types
 * alone: it runs while a pipeline is checked, before any data exist. Throws a Misfit.
 */
import { type DataColumn, dataColumn, requireShape, type Schema } from "../columns.ts";
import { type Grid, shapedGrid, squareGrid } from "../layers/new-layer.ts";
import { type LayerParam, type ResolvedLayer, resolveLayers } from "../layers/resolve-layers.ts";
import { at, Misfit } from "../misfit.ts";
import { type Loss, until } from "../model.ts";
import { modelSizes } from "../model-table.ts";

export interface PlanParams {
  readonly layers: readonly LayerParam[];
  readonly loss: Loss;
  readonly target?: string;
  readonly keep?: string;
  readonly early_stopping?: object;
}

export interface TrainingPlan {
  readonly x: DataColumn;
  readonly y: DataColumn;
  /** The port that has the targets. */
  readonly port: "x" | "y" | "map";
  readonly layers: readonly ResolvedLayer[];
  /** The layers of the model that is the output. */
  readonly kept: readonly ResolvedLayer[];
}

/** Ports with data; a model is at every other port. */
const dataPorts = ["x", "y", "map", "validation_x", "validation_y"];

/** `schemas`: the columns of every connected port. */
export function planTraining(
  params: PlanParams,
  schemas: Readonly<Record<string, Schema>>,
): TrainingPlan {
  const port = schemas["map"] ? "map" : schemas["y"] ? "y" : "x";
  const x = at("port", "x", () => dataColumn(schemas["x"]!));
  if (port === "map") checkMap(params, schemas);
  const name = port === "map" ? "beta_prime" : params.target;
  const y =
    params.target === undefined
      ? at("port", port, () => dataColumn(schemas[port]!, name))
      : at("param", "target", () => dataColumn(schemas[port]!, name));
  checkValidation(params, schemas, x, y);
  const models = new Map(
    Object.entries(schemas).flatMap(([name, schema]) => {
      const sizes = modelSizes(schema);
      if (dataPorts.includes(name)) return [];
      if (!sizes) throw new Misfit("port", name, "holds no model");
      return [[name, sizes] as const];
    }),
  );
  const widths = { x: x.width, y: y.width, grid: gridOf(x), shape: x.shape };
  const layers = resolveLayers(params.layers, widths, models);
  const unused = [...models.keys()].find((name) =>
    layers.every((layer) => layer.source === "new" || layer.port !== name),
  );
  if (unused) throw new Misfit("port", unused, `is used by no layer: none has "use: ${unused}"`);
  const last = layers.at(-1)!;
  if (params.loss === "bce" && last.source === "new") requireProbability(last.activation);
  const { keep } = params;
  const kept = keep === undefined ? layers : at("param", "keep", () => until(layers, keep));
  return { x, y, port, layers, kept };
}

/** The column as a lattice with channels: by its shape, or square if it has no shape. */
function gridOf({ shape, width }: DataColumn): Grid | undefined {
  return shape ? shapedGrid(shape) : squareGrid(width);
}

/** With a map, the beta of each row finds its target. */
function checkMap({ target }: PlanParams, schemas: Readonly<Record<string, Schema>>): void {
  if (target !== undefined) {
    throw new Misfit(
      "param",
      "target",
      "has no meaning beside port map, whose beta_prime is learned",
    );
  }
  for (const port of ["y", "validation_y"]) {
    if (schemas[port]) throw new Misfit("port", port, "has no meaning beside port map");
  }
  for (const port of ["x", "validation_x"]) {
    if (schemas[port] && schemas[port]["beta"]?.type !== "float64") {
      throw new Misfit("port", port, 'needs a column "beta" beside port map');
    }
  }
}

/** Throws if the outputs of a layer with this activation are not probabilities. */
export function requireProbability(activation: string): void {
  if (activation === "tanh" || activation === "sigmoid") return;
  const got = JSON.stringify(activation);
  const message = `is "bce", which needs tanh or sigmoid in the last layer, got ${got}`;
  throw new Misfit("param", "loss", message);
}

function checkValidation(
  params: PlanParams,
  schemas: Readonly<Record<string, Schema>>,
  x: DataColumn,
  y: DataColumn,
): void {
  const { validation_x: inputs, validation_y: targets } = schemas;
  if (params.early_stopping && !inputs) {
    const message = "needs a validation loss: connect validation_x";
    throw new Misfit("param", "early_stopping", message);
  }
  if (inputs) requireSame("validation_x", inputs, x);
  if (schemas["y"] && inputs && !targets) {
    throw new Misfit("port", "validation_x", "needs validation_y beside it, as x has y");
  }
  if (targets && !(schemas["y"] && inputs)) {
    throw new Misfit("port", "validation_y", "needs y and validation_x beside it");
  }
  if (inputs && !schemas["map"])
    requireSame(targets ? "validation_y" : "validation_x", targets ?? inputs, y);
}

/** The validation tables are read like the tables that they validate. */
function requireSame(port: string, schema: Schema, like: DataColumn): void {
  const name = JSON.stringify(like.name);
  if (!schema[like.name]) throw new Misfit("port", port, `has no column ${name}`);
  const { width, spins, shape } = at("port", port, () => dataColumn(schema, like.name));
  if (width !== like.width || spins !== like.spins) {
    const message = `has ${width} items a row in ${name}, expected ${like.width}`;
    throw new Misfit("port", port, message);
  }
  at("port", port, () => requireShape(shape, like.shape));
}

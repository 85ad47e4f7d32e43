/**
 * `reconstruction`: how well a model reproduces configurations that it was not trained on, beside
 * baselines without a model. Does not know how the model was trained.
 */
import {
  type Batch,
  bits,
  type Columns,
  defineNode,
  f64,
  type Input,
  InvalidInput,
  i32,
  nullable,
  Type,
  table,
} from "../../engine/node-type.ts";
import { squareSide } from "../../lattice/correlation/rows.ts";
import { dataColumn, rowsOf } from "../../learn/columns.ts";
import { at, Misfit } from "../../learn/misfit.ts";
import { codeLayer, inputsOf, outputsOf } from "../../learn/model.ts";
import { modelFor } from "../../learn/model-input.ts";
import { modelColumns, readModel } from "../../learn/model-table.ts";
import type { Rows } from "../../learn/rows.ts";
import { requireSameRows } from "../../learn/training/examples.ts";
import { blockFactor } from "../../statistics/block-share.ts";
import { type Group, groupRows } from "../../statistics/groups.ts";
import { blockBounds, jackknifeError } from "../../statistics/jackknife.ts";
import { warnOfFewConfigurations } from "../shared/few.ts";
import { located } from "../shared/located.ts";
import { unchecked } from "../shared/tables.ts";
import { allowTrainingChains, refuseTrainingChains } from "../shared/training-chains.ts";
import { notes, typical } from "./notes.ts";

const measures = {
  configurations: i32,
  mse: f64,
  mse_se: nullable(f64),
  accuracy: f64,
  accuracy_se: nullable(f64),
  overlap: f64,
  overlap_se: nullable(f64),
  z2_defect: f64,
  z2_defect_se: nullable(f64),
  overlap_baseline: f64,
  constant_mse: f64,
  constant_accuracy: f64,
  nearest_mse: nullable(f64),
  nearest_accuracy: nullable(f64),
};
const withError = ["mse", "accuracy", "overlap", "z2_defect"];

export const reconstruction = defineNode({
  type: "reconstruction",
  version: 2,
  summary: "Measures how well a model reproduces configurations.",
  details: `
With f(s) the outputs for spins s of N sites, means over sites and configurations: \`mse\` of
f - s; \`accuracy\`, the share of sites with sign f = s; \`overlap\`, the mean of |q| where q is the
mean of s sign f over sites (it forgives a global flip); \`z2_defect\`, mean |f(s) + f(-s)| / 2. A
sigmoid's probability p counts as 2p - 1.

With \`codes\`, row by row beside the configurations, the model is a decoder: f is what it makes of a
row of codes, say exact block spins, and f(-s) what it makes of the negated row.

Baselines: \`overlap_baseline\`, sqrt(2/(pi N)), is <|q|> of random signs; \`constant_…\` predicts
each configuration's own mean spin m everywhere (mse 1 - m^2, accuracy (1 + |m|)/2); \`nearest_…\`
keeps one spin of b x b and copies it over its block, where the model's code has N/b^2 units (null
where no such b exists, or the spins are not a square lattice).

\`…_se\` are block jackknife errors over configurations, 20 contiguous blocks per beta; they say
nothing about other seeds. The summary weighs configurations equally. It is an error to measure a
model on a chain that it was fitted or stopped on.`,
  notes,
  typical,
  params: Type.Object(
    {
      allow_training_chains: allowTrainingChains,
    },
    { additionalProperties: false },
  ),
  inputs: {
    configurations: table({ spins: bits("*"), beta: f64 }, { description: "What to reproduce." }),
    model: table(modelColumns, { description: "Gives as many numbers as it takes, or as codes." }),
    codes: table(
      {},
      { optional: true, description: "What the model takes instead of the configurations." },
    ),
  },
  outputs: (_, schemas) => {
    located(() => checkSizes(schemas));
    return {
      summary: table(measures, { main: true }),
      by_beta: table({ beta: f64, ...measures }),
    };
  },
  backend: true,
  tolerance: { "*": 1e-3 },

  figures: {
    error: {
      port: "by_beta",
      title: "Error of the reconstruction",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "mse", title: "mean squared error" },
      },
    },
    accuracy: {
      port: "by_beta",
      title: "Share of spins given back",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "accuracy", scale: { zero: false } },
      },
    },
  },

  async run({ params, inputs, backend: name, progress, warn, signal }) {
    const { loadBackend } = await import("../../learn/backend/backend.ts");
    const { constantPredictor, nearestNeighbour } = await import("../../learn/baselines.ts");
    const { reconstructRows } = await import("../../learn/reconstruct.ts");
    const backend = await loadBackend(name);
    const modelTable = await inputs.model.table();
    const model = located(() => at("port", "model", () => readModel(modelTable)));
    const column = dataColumn(inputs.configurations.schema, "spins");
    const taken = inputs.codes ? inputsOf(model.layers) : codeLayer(model.layers).outputs;
    const isSquare = squareSide(column.width, column.shape) !== undefined;
    const factor = isSquare ? blockFactor(column.width, taken) : undefined;
    const betas: number[] = [];
    const rows: Record<string, Float64Array> = {};
    let done = 0;
    const add = (key: string, values: Float64Array) => {
      rows[key] ??= new Float64Array(inputs.configurations.rows);
      rows[key].set(values, done);
    };
    const codes = inputs.codes && (await readCodes(inputs.codes, inputs.configurations));
    for await (const chunk of inputs.configurations.chunks()) {
      signal.throwIfAborted();
      refuseTrainingChains(chunk, model, params);
      const spins = rowsOf(chunk, column);
      const given = codes ? slice(codes, done, chunk.rows) : spins;
      for (const beta of chunk.columns.beta) betas.push(beta);
      const measured = reconstructRows(backend, model, spins, given);
      for (const [key, values] of Object.entries(measured)) add(key, values);
      const constant = constantPredictor(spins);
      add("constant_mse", constant.mse);
      add("constant_accuracy", constant.accuracy);
      if (factor) add("nearest_accuracy", nearestNeighbour(spins, factor));
      done += chunk.rows;
      progress(done / inputs.configurations.rows);
    }
    if (done === 0) throw new InvalidInput("configurations", "holds no configurations");
    const groups = groupRows(betas);
    warnOfFewConfigurations(groups, warn);
    return tables(groups, rows, column.width);
  },
});

/** Rows of codes beside the configurations; throws an InvalidInput if they are of other ones. */
async function readCodes(codes: Input, configurations: Input<{ beta: typeof f64 }>): Promise<Rows> {
  const [table, originals] = [await codes.table(), await configurations.table()];
  const names = ["configurations", "codes"] as const;
  located(() => at("port", "codes", () => requireSameRows(originals, table, names)));
  return rowsOf(table, dataColumn(codes.schema));
}

function slice(rows: Rows, start: number, count: number): Rows {
  const copy: Rows["copy"] = (row, target, offset) => rows.copy(start + row, target, offset);
  return { rows: count, width: rows.width, copy };
}

function checkSizes(schemas: Readonly<Record<string, Columns>>): void {
  const column = dataColumn(schemas["configurations"]!, "spins");
  const spins = column.width;
  const codes = schemas["codes"];
  const layers = codes
    ? modelFor(
        schemas["model"]!,
        at("port", "codes", () => dataColumn(codes)),
        "numbers",
        "codes",
      )
    : modelFor(schemas["model"]!, column, "spins");
  const outputs = outputsOf(layers);
  if (outputs !== spins) {
    throw new Misfit(
      "port",
      "model",
      `gives ${outputs} numbers for ${spins} spins: no reconstruction`,
    );
  }
}

/** Means with errors per beta, and over all. */
function tables(groups: readonly Group[], rows: Record<string, Float64Array>, sites: number) {
  const count = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const byBeta = groups.map(({ rows: index }) => {
    const record: Record<string, number | null> = { configurations: index.length };
    for (const [key, values] of Object.entries(rows)) {
      const mine = new Float64Array(index.length);
      for (let i = 0; i < mine.length; i++) mine[i] = values[index[i]!]!;
      record[key] = mean(mine);
      if (withError.includes(key)) record[`${key}_se`] = errorOfMean(mine);
    }
    return finish(record, sites);
  });
  const all: Record<string, number | null> = { configurations: count };
  for (const key of Object.keys(rows)) {
    all[key] = mean(rows[key]!);
    if (!withError.includes(key)) continue;
    // Configurations at different betas come from different chains: their errors are independent.
    const errors = byBeta.map((record) => record[`${key}_se`]);
    const squares = errors.map((se, g) => ((se ?? 0) * groups[g]!.rows.length) / count);
    const sum = squares.reduce((total, part) => total + part * part, 0);
    all[`${key}_se`] = errors.includes(null) ? null : Math.sqrt(sum);
  }
  const columns = (records: readonly Record<string, number | null>[]): Batch =>
    Object.fromEntries(
      Object.keys(measures).map((key) => [key, records.map((record) => record[key] as number)]),
    );
  return {
    summary: unchecked(columns([finish(all, sites)])),
    by_beta: unchecked({ beta: groups.map((group) => group.value), ...columns(byBeta) }),
  };
}

function finish(record: Record<string, number | null>, sites: number) {
  const nearest = record["nearest_accuracy"] ?? null;
  return {
    ...record,
    overlap_baseline: Math.sqrt(2 / (Math.PI * sites)),
    nearest_accuracy: nearest,
    nearest_mse: nearest === null ? null : 4 * (1 - nearest),
  } as Record<string, number | null>;
}

function errorOfMean(values: Float64Array): number | null {
  const bounds = blockBounds(values.length);
  const total = values.reduce((sum, value) => sum + value, 0);
  const leftOut = bounds.slice(1).map((end, b) => {
    const block = values.subarray(bounds[b]!, end);
    const inside = block.reduce((sum, value) => sum + value, 0);
    return (total - inside) / (values.length - block.length);
  });
  return leftOut.length < 2 ? null : jackknifeError(leftOut);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The codes of `code-information`, from a model or from tables, as they are and as signs. */
import { type Columns, type Input, InvalidInput, type Table } from "../../engine/node-type.ts";
import type { Backend } from "../../learn/backend/backend.ts";
import { dataColumn, rowsOf } from "../../learn/columns.ts";
import { at } from "../../learn/misfit.ts";
import { codeLayer, codeThreshold, until } from "../../learn/model.ts";
import { modelFor } from "../../learn/model-input.ts";
import { readModel } from "../../learn/model-table.ts";
import { floatRows, type Rows } from "../../learn/rows.ts";
import { chainsOf, requireSameRows } from "../../learn/training/examples.ts";
import { located } from "../shared/located.ts";
import { refuseTrainingChains } from "../shared/training-chains.ts";

type Named = "configurations" | "train" | "model" | "codes" | "train_codes";
type Inputs = Readonly<Record<Named, Input | undefined>>;
type Schemas = Readonly<Record<string, Columns>>;

/** One way to read codes, row by row beside the spins that are measured and those that are fitted to. */
export interface Reading {
  readonly codes: "real" | "signs";
  readonly test: Rows;
  readonly train: Rows;
}

/** Throws an `InvalidInput` unless there is either a model or both tables of codes, which fit. */
export function checkCodes({ configurations, model, codes, train_codes }: Schemas): void {
  if (model ? codes || train_codes : !(codes && train_codes)) {
    const message = "expected a model, or else codes and train_codes";
    throw new InvalidInput(model ? "model" : codes ? "train_codes" : "codes", message);
  }
  if (model) {
    located(() => modelFor(model, dataColumn(configurations!, "spins"), "spins"));
    return;
  }
  const [test, train] = (["codes", "train_codes"] as const).map((port) =>
    located(() => at("port", port, () => dataColumn(port === "codes" ? codes! : train_codes!))),
  );
  if (test!.width === train!.width && test!.spins === train!.spins) return;
  const what = ({ width, spins }: NonNullable<typeof test>) =>
    `${width} ${spins ? "bits" : "numbers"}`;
  const message = `has rows of ${what(train!)}, but codes of ${what(test!)}`;
  throw new InvalidInput("train_codes", message);
}

/** The spins of both tables, and all readings of their codes. */
export async function readCodes(
  inputs: Inputs,
  params: { readonly allow_training_chains: boolean },
  backend: Backend,
) {
  const [test, train] = [await inputs.configurations!.table(), await inputs.train!.table()];
  requireOtherChains(test, train, params);
  const spins = {
    test: rowsOf(test, dataColumn(test.schema, "spins")),
    train: rowsOf(train, dataColumn(train.schema, "spins")),
  };
  const beta = {
    test: test.columns["beta"] as Float64Array,
    train: train.columns["beta"] as Float64Array,
  };
  if (inputs.model) {
    const { predict } = await import("../../learn/layers/forward.ts");
    const table = await inputs.model.table();
    const model = located(() => at("port", "model", () => readModel(table)));
    refuseTrainingChains(test, model, params);
    const encoder = until(model.layers, codeLayer(model.layers).name);
    const { outputs, activation } = encoder.at(-1)!;
    const real = (rows: Rows) => predict(backend, encoder, rows);
    const values = { test: real(spins.test), train: real(spins.train) };
    return { spins, beta, readings: readingsOf(values, outputs, codeThreshold(activation)) };
  }
  const codes = {
    test: await codesBeside("codes", inputs, "configurations", test),
    train: await codesBeside("train_codes", inputs, "train", train),
  };
  if (codes.test.spins) {
    const readings: Reading[] = [
      { codes: "signs", test: codes.test.rows, train: codes.train.rows },
    ];
    return { spins, beta, readings };
  }
  const values = { test: valuesOf(codes.test.rows), train: valuesOf(codes.train.rows) };
  return { spins, beta, readings: readingsOf(values, codes.test.rows.width, 0) };
}

/** Rows in this order. */
export function pick(rows: Rows, order: ArrayLike<number>): Rows {
  return {
    rows: order.length,
    width: rows.width,
    copy: (row, target, offset) => rows.copy(order[row]!, target, offset),
  };
}

/** All numbers, row by row. */
export function valuesOf(rows: Rows): Float32Array {
  const values = new Float32Array(rows.rows * rows.width);
  for (let row = 0; row < rows.rows; row++) rows.copy(row, values, row * rows.width);
  return values;
}

function readingsOf(
  { test, train }: { readonly test: Float32Array; readonly train: Float32Array },
  units: number,
  threshold: number,
): Reading[] {
  const signs = (values: Float32Array) =>
    floatRows(
      values.map((value) => (value >= threshold ? 1 : -1)),
      units,
    );
  return [
    { codes: "real", test: floatRows(test, units), train: floatRows(train, units) },
    { codes: "signs", test: signs(test), train: signs(train) },
  ];
}

async function codesBeside(
  port: "codes" | "train_codes",
  inputs: Inputs,
  beside: "configurations" | "train",
  originals: Table,
) {
  const table = await inputs[port]!.table();
  located(() => at("port", port, () => requireSameRows(originals, table, [beside, port])));
  const column = dataColumn(table.schema);
  return { spins: column.spins, rows: rowsOf(table, column) };
}

/** A map that has seen what it is measured on would look better than it is. */
function requireOtherChains(
  test: Table,
  train: Table,
  params: { readonly allow_training_chains: boolean },
): void {
  if (params.allow_training_chains) return;
  const shared = [...chainsOf(test)].find((chain) => chainsOf(train).has(chain));
  if (shared === undefined) return;
  const message = `chain ${JSON.stringify(shared)} is also one of train`;
  throw new InvalidInput("configurations", message);
}

/** What is read of each configuration: by the network, and from its energy. Knows no tables of results. */
import type { Context } from "../../engine/node-type.ts";
import { type DataColumn, type DataTable, rowsOf } from "../../learn/columns.ts";
import { energyPerSite } from "../../learn/layers/energy.ts";
import { at } from "../../learn/misfit.ts";
import type { Target } from "../../learn/model.ts";
import { type ModelTable, readModel } from "../../learn/model-table.ts";
import { located } from "../shared/located.ts";
import { refuseTrainingChains } from "../shared/training-chains.ts";
import { energyReadings, type Prior, type Readings } from "./rows.ts";

type Run = Pick<
  Context<{ readonly allow_training_chains: boolean }>,
  "params" | "backend" | "warn"
>;

export async function networkReadings(
  { params, backend, warn }: Run,
  modelTable: ModelTable | undefined,
  rows: DataTable,
  column: DataColumn,
  target: Float64Array,
): Promise<Readings[]> {
  if (!modelTable) return [];
  const { loadBackend } = await import("../../learn/backend/backend.ts");
  const { predict } = await import("../../learn/layers/forward.ts");
  const model = located(() => at("port", "model", () => readModel(modelTable)));
  refuseTrainingChains(rows, model, params);
  if (model.target) warnOfRange(model.target, target, warn);
  const values = predict(await loadBackend(backend), model.layers, rowsOf(rows, column));
  return [{ estimator: "network", values }];
}

function warnOfRange({ column, from, to }: Target, asked: Float64Array, warn: Run["warn"]): void {
  const least = asked.reduce((a, b) => Math.min(a, b));
  const most = asked.reduce((a, b) => Math.max(a, b));
  if (least >= from && most <= to) return;
  const message = `asked to read from ${least} to ${most}, but learned ${column} from ${from} to ${to}`;
  warn("extrapolation", `the model at port model is ${message}`);
}

export function energiesPerSite(table: DataTable, column: DataColumn, side: number): Float64Array {
  const rows = rowsOf(table, column);
  const one = new Float32Array(column.width);
  return Float64Array.from({ length: rows.rows }, (_, row) => {
    rows.copy(row, one, 0);
    return energyPerSite(one, side);
  });
}

export function energyReading(energies: Float64Array, side: number, prior: Prior): Readings {
  return { estimator: "energy", values: energyReadings(energies, side, prior) };
}

/** Models as tables, for the tests of nodes that take one. */
import type { Model } from "../../src/learn/model.ts";
import { modelBatch, modelSchema } from "../../src/learn/model-table.ts";
import type { Table } from "../../src/table/schema.ts";
import { tableOf } from "../harness/tables.ts";

export function tableOfModel(model: Model): Table {
  return tableOf(modelSchema(model.layers), modelBatch(model)) as Table;
}

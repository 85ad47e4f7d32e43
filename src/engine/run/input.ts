/** An input port as `run` sees it: tables from the store, with the collected axes as first columns. */

import type { Store } from "../../store/store.ts";
import { chunkReader, concatTables, toArrowFile } from "../../store/tables.ts";
import type { Artifact, Columns, Data, ScalarColumn, Table } from "../../table/schema.ts";
import { sliceTable } from "../../table/slice.ts";
import { groupBy } from "../../text/group.ts";
import { axisColumn } from "../expand/axis-column.ts";
import type { Scalar } from "../language/tree.ts";
import type { Input } from "../node-type.ts";
import { own } from "../own.ts";
import type { ActionInput } from "./action.ts";

/** Leaves out the first `skip` rows. */
export function openInput({ axes, members }: ActionInput, store: Store, skip = 0): Input {
  const axisColumns = Object.fromEntries(
    axes.map((axis) => [axis, axisColumn(members.map(({ coordinate }) => own(coordinate, axis)))]),
  );
  const schema: Columns = {
    ...axisColumns,
    ...mergeSchemas(members.map((m) => m.artifact.schema)),
  };
  // One a chunk, with how many of its rows are left out.
  let left = skip;
  const places = members.flatMap(({ coordinate, artifact }) =>
    artifact.chunks.map((chunk) => {
      const from = Math.min(left, chunk.rows);
      left -= from;
      return { coordinate, artifact, chunk, from };
    }),
  );
  type Read = Awaited<ReturnType<typeof chunkReader>>;
  const tableAt = ({ coordinate, artifact, chunk, from }: (typeof places)[number], read: Read) => {
    const whole = read(artifact.schema, chunk);
    const table = from > 0 ? sliceTable(whole, from, whole.rows) : whole;
    const columns: Record<string, unknown> = {};
    for (const axis of axes) {
      columns[axis] = repeat(own(coordinate, axis), table.rows, axisColumns[axis]!);
    }
    return { rows: table.rows, schema, columns: { ...columns, ...table.columns } } as Table;
  };
  const artifacts = members.map(({ artifact }) => artifact);
  async function* chunks(): AsyncIterable<Table> {
    const read = await chunkReader(store, artifacts);
    for (const place of places) yield tableAt(place, read);
  }
  async function pages() {
    const read = await chunkReader(store, artifacts);
    const bounds = [0];
    for (const { chunk, from } of places) bounds.push(bounds.at(-1)! + chunk.rows - from);
    return { bounds, read: (i: number) => tableAt(places[i]!, read) };
  }
  const table = async () => {
    const tables: Table[] = [];
    for await (const chunk of chunks()) tables.push(chunk);
    return concatTables(schema, tables);
  };
  return {
    schema,
    axes,
    rows: members.reduce((sum, { artifact }) => sum + artifact.rows, -skip),
    chunks,
    table,
    pages,
    arrow: async () => await toArrowFile(await table()),
  };
}

/** A single artifact, as it is. */
export function openArtifact(artifact: Artifact, store: Store): Input {
  return openInput({ axes: [], members: [{ coordinate: {}, artifact }] }, store);
}

/**
 * Members share their columns (checked while expanding); a column is nullable if it is anywhere, and
 * has the shape that any has.
 */
function mergeSchemas(schemas: readonly Columns[]): Columns {
  const merged: Record<string, Columns[string]> = { ...schemas[0] };
  for (const schema of schemas) {
    for (const [name, column] of Object.entries(schema)) {
      if ("nullable" in column && column.nullable) merged[name] = column;
      if ("shape" in column && column.shape) merged[name] = column;
    }
  }
  return merged;
}

function repeat(value: Scalar | undefined, rows: number, column: ScalarColumn): Data<ScalarColumn> {
  const values = new Array(rows).fill(value ?? null);
  if (column.nullable || column.type === "utf8") return values;
  return column.type === "bool"
    ? Uint8Array.from(values, Number)
    : (Float64Array.from(values as number[]) as Data<ScalarColumn>);
}

/**
 * Reads artifacts of one stage into one table, with the axes as first columns; into several where
 * columns differ, say because an axis changes a size. Rejects with `MissingObject`.
 */
export async function readTables(
  store: Store,
  members: ActionInput["members"],
): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const input of alike(members)) tables.push(await openInput(input, store).table());
  return tables;
}

/** Groups members by their columns, whether nullable or not. */
export function alike(members: ActionInput["members"]): readonly ActionInput[] {
  const axes = [...new Set(members.flatMap(({ coordinate }) => Object.keys(coordinate)))].sort();
  const kinds = groupBy(members, ({ artifact }) => {
    const columns = Object.entries(artifact.schema);
    return JSON.stringify(columns.map(([name, type]) => [name, { ...type, nullable: false }]));
  });
  return [...kinds.values()].map((some) => ({ axes, members: some }));
}

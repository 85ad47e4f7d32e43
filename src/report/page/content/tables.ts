/** The results as tables: the first rows of each, and the command that prints all. */

import { type Graph, noteOn, readTables } from "../../../engine/index.ts";
import type { Concludes } from "../../../engine/node-type.ts";
import { type Cell, rowsOf } from "../../../formats/cells.ts";
import { MissingObject } from "../../../store/errors.ts";
import type { Store } from "../../../store/store.ts";
import type { Artifact, Columns, Table } from "../../../table/schema.ts";
import { clipEnd } from "../../../text/clip.ts";
import { groupBy } from "../../../text/group.ts";
import type { Known } from "../known.ts";
import type { EstimateColumns, Missing, ResultTable, VerdictColumns } from "../model.ts";
import { textOf } from "./fields.ts";

const maxRows = 300;
const maxCell = 200;
const maxLabels = 5;

interface Result {
  readonly index: number;
  readonly port: string;
}

export async function tablesOf(
  store: Store,
  graph: Graph,
  known: readonly Known[],
  command: (name: string, ...words: readonly string[]) => string,
): Promise<ResultTable[]> {
  const results = graph.variants[0]!.results.map(({ instance: index, port }) => ({ index, port }));
  const nameOf = ({ index, port }: Result) => `${graph.instances[index]!.stage}.${port}`;
  const tables: ResultTable[] = [];
  let places = 1;
  for (const [name, members] of groupBy(results, nameOf)) {
    const show = command("show", name, "--csv");
    const found = await tablesOfOne(store, graph, known, name, members, show, command);
    const place = places++;
    tables.push(...found.map((table, i) => ({ ...table, id: `table-${place}-${i}` })));
  }
  return tables;
}

async function tablesOfOne(
  store: Store,
  graph: Graph,
  known: readonly Known[],
  name: string,
  members: readonly Result[],
  show: string,
  command: (name: string, ...words: readonly string[]) => string,
): Promise<ResultTable[]> {
  // An earlier run may have had other ports.
  const isThere = ({ index, port }: Result) => Boolean(known[index]!.record?.outputs[port]);
  const there = members.filter(isThere);
  const absent = members.filter((one) => !isThere(one));
  const rest = {
    ...{ id: "", name, command: show },
    sources: there.map(({ index }) => sourceId(index)),
  };
  const run = command("run", "--only", name.slice(0, name.lastIndexOf(".")));
  const missing = missingOf(
    absent.map(({ index }) => graph.instances[index]!.label),
    run,
  );
  const nothing = {
    columns: [],
    rows: [],
    total: 0,
    estimate: undefined,
    verdict: undefined,
    cut: false,
  };
  if (there.length === 0) return [{ ...rest, ...nothing, missing }];
  const artifacts = there.map(({ index, port }) => ({
    coordinate: graph.instances[index]!.coordinate,
    artifact: known[index]!.record!.outputs[port]!,
  }));
  const total = artifacts.reduce((sum, { artifact }) => sum + artifact.rows, 0);
  const { type } = graph.instances[there[0]!.index]!.node;
  const { concludes } = type;
  const concluding = concludes && name.endsWith(`.${concludes.port}`) ? concludes : undefined;
  try {
    const tables = await readTables(store, firstRows(artifacts));
    return tables.map((table, i) => ({
      ...rest,
      ...shown(table, concluding, (column) => noteOn(type, there[0]!.port, column) ?? ""),
      total: tables.length === 1 ? total : table.rows,
      missing: i === 0 ? missing : undefined,
    }));
  } catch (error) {
    if (!(error instanceof MissingObject)) throw error;
    const labels = there.map(({ index }) => graph.instances[index]!.label);
    return [{ ...rest, ...nothing, missing: missingOf(labels, run) }];
  }
}

export const sourceId = (index: number) => `source-${index}`;

function missingOf(labels: readonly string[], command: string): Missing | undefined {
  if (labels.length === 0) return undefined;
  return { labels: labels.slice(0, maxLabels), count: labels.length, command };
}

type Part = { readonly coordinate: ResultCoordinate; readonly artifact: Artifact };
type ResultCoordinate = Graph["instances"][number]["coordinate"];

/** The chunks that hold the first rows; the others need not be read. */
function firstRows(parts: readonly Part[]): Part[] {
  let rows = 0;
  return parts.flatMap(({ coordinate, artifact }) => {
    const chunks = artifact.chunks.filter((chunk) => {
      const wanted = rows < maxRows;
      rows += chunk.rows;
      return wanted;
    });
    if (chunks.length === 0) return [];
    const count = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
    return [{ coordinate, artifact: { ...artifact, chunks, rows: count } }];
  });
}

function shown(table: Table, concludes: Concludes | undefined, noteOf: (column: string) => string) {
  const names = Object.keys(table.schema);
  let cut = false;
  const rows = [...rowsOf(table, maxRows)].map((row) =>
    row.map((cell): Cell => {
      if (typeof cell !== "string" || cell.length <= maxCell) return cell;
      cut = true;
      return clipEnd(cell, maxCell);
    }),
  );
  const columns = names.map((name) => ({
    name: textOf(name),
    numeric: isNumeric(table.schema, name),
    note: textOf(noteOf(name)),
    isP: concludes?.columns.p === name || concludes?.columns.p_adjusted === name,
  }));
  const placed = { estimate: estimateOf(names, concludes), verdict: verdictOf(names, concludes) };
  return { columns, rows, cut, ...placed };
}

function isNumeric(schema: Columns, name: string): boolean {
  return !["utf8", "bool", "list", "fixed_size_list"].includes(schema[name]!.type);
}

function estimateOf(
  names: readonly string[],
  concludes: Concludes | undefined,
): EstimateColumns | undefined {
  const { estimate, low, high } = concludes?.columns ?? {};
  const at = (name: string | undefined) => (name === undefined ? -1 : names.indexOf(name));
  const found = { estimate: at(estimate), low: at(low), high: at(high) };
  return Math.min(...Object.values(found)) < 0 ? undefined : found;
}

function verdictOf(
  names: readonly string[],
  concludes: Concludes | undefined,
): VerdictColumns | undefined {
  const { verdict = "", counts = "" } = concludes?.columns ?? {};
  const found = { verdict: names.indexOf(verdict), counts: names.indexOf(counts) };
  return Math.min(...Object.values(found)) < 0 ? undefined : found;
}

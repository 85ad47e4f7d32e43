/**
 * Artifacts → one number per coordinate and unit, as a metric says. Knows tables, and nothing of
 * pipelines, stages or what the numbers mean.
 */
import { MissingObject } from "../store/errors.ts";
import type { Store } from "../store/store.ts";
import { readArtifact } from "../store/tables.ts";
import type { Artifact, ColumnType, Table } from "../table/schema.ts";

type Scalar = string | number | boolean;
/** A value for each axis. */
export type Coordinate = Readonly<Record<string, Scalar>>;

/** What to read from the rows of a table. */
export interface MetricColumns {
  readonly column: string;
  /** A condition that does not keep its column or axis has one value. */
  readonly where: readonly {
    readonly name: string;
    readonly values: readonly Scalar[];
    readonly keeps: boolean;
  }[];
  /** Columns that distinguish the rows of one table. */
  readonly by: readonly string[];
  /** The axis or column whose values are the units. */
  readonly over: string | undefined;
}

/** An artifact and its coordinate. */
export interface Source {
  readonly id: string;
  readonly coordinate: Coordinate;
  readonly artifact: Artifact;
}

export interface Observation {
  /** Without selected axes and without the units. */
  readonly coordinate: Coordinate;
  readonly unit: Scalar | undefined;
  /** NaN if the row has none. */
  readonly value: number;
  readonly source: Source;
}

/** Nothing distinguishes two rows, so which of them to compare is up to the user. */
export class AmbiguousRows extends Error {
  /** Columns in which the two rows differ. */
  readonly columns: readonly string[];
  constructor(id: string, columns: readonly string[]) {
    super(`several rows of ${id} are one observation`);
    this.name = "AmbiguousRows";
    this.columns = columns;
  }
}

/** Throws `AmbiguousRows`; `missing` lists the ids of sources whose bytes are gone. */
export async function observe(
  store: Store,
  sources: readonly Source[],
  metric: MetricColumns,
): Promise<{ observations: Observation[]; missing: string[] }> {
  const observations: Observation[] = [];
  const missing: string[] = [];
  for (const source of sources) {
    try {
      for (const one of await observeSource(store, source, metric)) observations.push(one);
    } catch (error) {
      if (!(error instanceof MissingObject)) throw error;
      missing.push(source.id);
    }
  }
  return { observations, missing };
}

async function observeSource(
  store: Store,
  source: Source,
  metric: MetricColumns,
): Promise<Observation[]> {
  const found: Observation[] = [];
  const seen = new Map<string, Row>();
  for await (const table of readArtifact(store, source.artifact)) {
    for (let row = 0; row < table.rows; row++) {
      const observation = observeRow({ table, row }, source, metric);
      if (!observation) continue;
      const key = JSON.stringify([observation.coordinate, observation.unit]);
      const twin = seen.get(key);
      if (twin) throw new AmbiguousRows(source.id, differences(twin, { table, row }, metric));
      seen.set(key, { table, row });
      found.push(observation);
    }
  }
  return found;
}

interface Row {
  readonly table: Table;
  readonly row: number;
}

function observeRow(
  at: Row,
  source: Source,
  { column, where, by, over }: MetricColumns,
): Observation | undefined {
  const valueAt = (name: string) =>
    Object.hasOwn(source.coordinate, name) ? source.coordinate[name]! : scalarAt(at, name);
  const coordinate = new Map<string, Scalar>(Object.entries(source.coordinate));
  for (const { name, values, keeps } of where) {
    const value = valueAt(name);
    if (value === undefined || !values.includes(value)) return undefined;
    if (keeps) coordinate.set(name, value);
    else coordinate.delete(name);
  }
  for (const name of by) {
    const value = valueAt(name);
    if (value !== undefined) coordinate.set(name, value);
  }
  const unit = over === undefined ? undefined : valueAt(over);
  if (over !== undefined) coordinate.delete(over);
  const sorted = [...coordinate].sort(([a], [b]) => (a < b ? -1 : 1));
  const value = Number(scalarAt(at, column) ?? Number.NaN);
  return { coordinate: Object.fromEntries(sorted), unit, value, source };
}

/** `undefined` for a null, for a list and for a column that is not there. */
function scalarAt({ table, row }: Row, name: string): Scalar | undefined {
  const type: ColumnType | undefined = Object.hasOwn(table.schema, name)
    ? table.schema[name]
    : undefined;
  if (!type || type.type === "list" || type.type === "fixed_size_list") return undefined;
  const value = (table.columns[name] as ArrayLike<Scalar | bigint | null>)[row] ?? undefined;
  if (typeof value === "bigint") return Number(value);
  return type.type === "bool" && value !== undefined ? Boolean(value) : value;
}

function differences(a: Row, b: Row, { column }: MetricColumns): string[] {
  const names = Object.keys(a.table.schema).filter((name) => name !== column);
  return names.filter((name) => scalarAt(a, name) !== scalarAt(b, name));
}

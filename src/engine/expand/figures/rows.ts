/** The artifacts whose rows a figure shows, and the columns of these rows. */
import type { Columns, ColumnType } from "../../../table/schema.ts";
import { quote } from "../../../text/quote.ts";
import type { InputSpec, Pipeline } from "../../document/pipeline.ts";
import type { Coordinate, Figure } from "../../graph.ts";
import type { Span } from "../../language/diagnostic.ts";
import type { Problems } from "../../language/problems.ts";
import type { Scalar } from "../../language/tree.ts";
import { own } from "../../own.ts";
import { axisColumn } from "../axis-column.ts";
import { type Made, resolveLeaf } from "../connect.ts";
import { valueAt } from "../coordinate.ts";
import { axesOf } from "../join.ts";
import type { Leaf } from "../relation.ts";

export interface Found {
  readonly members: Figure["members"];
  readonly coordinates: readonly Coordinate[];
  readonly tables: readonly Columns[];
}

export function membersOf(
  leaves: readonly { leaf: Leaf; coordinate: Coordinate }[],
  made: Made,
  problems: Problems,
): Found | undefined {
  const found = leaves.map(({ leaf, coordinate }) => {
    const port = resolveLeaf(leaf, made, problems);
    return port && { ...port, coordinate };
  });
  if (found.some((one) => !one)) return undefined;
  const known = found.filter((one) => one !== undefined);
  return {
    members: known.map(({ ref, coordinate }) => ({ ...ref, coordinate })),
    coordinates: known.map(({ coordinate }) => coordinate),
    tables: [...new Set(known.map(({ columns }) => columns))],
  };
}

/** The axes by name. Their values are in the order in which the file has them. */
export function orderedAxes(
  coordinates: readonly Coordinate[],
  { stages }: Pick<Pipeline, "stages">,
  data?: InputSpec,
): Figure["axes"] {
  const all = [...(data ? unionsIn(data) : []), ...writtenIn(stages)];
  const axes = [...axesOf(coordinates)].sort().map((axis): [string, readonly Scalar[]] => {
    const present = new Set(coordinates.flatMap((c) => valueAt(c, axis) ?? []));
    const ordered = all.filter(({ name }) => name === axis).flatMap(({ values }) => values);
    return [axis, [...new Set([...ordered, ...present])].filter((value) => present.has(value))];
  });
  return Object.fromEntries(axes);
}

interface Written {
  readonly name: string;
  readonly values: readonly Scalar[];
}

/** By the stages of a pipeline: each of its figures asks for the same. */
const written = new WeakMap<Pipeline["stages"], readonly Written[]>();

function writtenIn(stages: Pipeline["stages"]): readonly Written[] {
  let found = written.get(stages);
  if (!found) {
    const all = [...stages.values()];
    found = all.flatMap(({ axes, inputs }) => [
      ...axes,
      ...inputs.flatMap(({ input }) => unionsIn(input)),
    ]);
    written.set(stages, found);
  }
  return found;
}

function unionsIn({ source }: InputSpec): Written[] {
  if (source.kind === "stage") return [];
  const here = { name: source.axis, values: source.of.map(({ value }) => value) };
  return [here, ...source.of.flatMap(({ input }) => unionsIn(input))];
}

/** What any table has. Text and numbers cannot be one column; lists may have another size in each. */
export function columnsOf(
  { coordinates, tables }: Found,
  axes: Figure["axes"],
  span: Span,
  problems: Problems,
): Columns | undefined {
  const columns: Record<string, ColumnType> = {};
  for (const table of tables) {
    for (const [name, type] of Object.entries(table)) {
      const other = own(columns, name);
      columns[name] ??= type;
      if (!other || kindOf(other) === kindOf(type)) continue;
      const message = `column ${quote(name)} holds ${kindOf(other)} and ${kindOf(type)}`;
      problems.error("clashing-column", message, span);
      return undefined;
    }
  }
  const first: Record<string, ColumnType> = {};
  for (const axis of Object.keys(axes)) {
    first[axis] = axisColumn(coordinates.map((coordinate) => valueAt(coordinate, axis)));
    if (!Object.hasOwn(columns, axis)) continue;
    const message = `axis ${quote(axis)} and a column have the same name`;
    problems.error("clashing-column", message, span, { hint: 'select one value of it with "at"' });
    return undefined;
  }
  return { ...first, ...columns };
}

function kindOf({ type }: ColumnType): string {
  if (type === "fixed_size_list" || type === "list") return "lists";
  if (type === "utf8") return "text";
  return type === "bool" ? "truth values" : "numbers";
}

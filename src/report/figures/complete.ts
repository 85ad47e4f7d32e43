/**
 * Fills in what a specification leaves open and the columns say: the type of a field, the order of an
 * axis, and, in a figure of a node type, how its stage's axes are told apart. Draws nothing.
 */
import type { Figure } from "../../engine/index.ts";
import type { Row } from "./rows.ts";

type Json = Readonly<Record<string, unknown>>;

/** Text and discrete channels: a number there is one of a few. */
const discrete = ["row", "column", "facet", "shape", "strokeDash", "detail", "key"];
const views = ["layer", "concat", "hconcat", "vconcat"];

export function complete(spec: Json, { columns, axes }: Figure, made: ReadonlySet<string>): Json {
  const typeOf = (name: string, channel: string) => {
    const type = Object.hasOwn(columns, name) && !made.has(name) ? columns[name] : undefined;
    if (!type) return undefined;
    const isNumber = !["utf8", "bool", "list", "fixed_size_list"].includes(type.type);
    if (!isNumber) return "nominal";
    return discrete.includes(channel) ? "ordinal" : "quantitative";
  };
  const channelOf = (channel: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => channelOf(channel, item));
    if (!isObject(value) || typeof value["field"] !== "string") return value;
    const { field } = value;
    const type = value["type"] ?? (value["timeUnit"] ? undefined : typeOf(field, channel));
    const isOrdered = type === "nominal" || type === "ordinal";
    const order = isOrdered && Object.hasOwn(axes, field) ? { sort: axes[field] } : {};
    const sortable = !["detail", "key", "text", "tooltip"].includes(channel);
    return { ...(sortable ? order : {}), ...value, ...(type === undefined ? {} : { type }) };
  };
  const view = (given: Json): Json => {
    const entries = Object.entries(given).map(([key, value]): [string, unknown] => {
      if (views.includes(key) && Array.isArray(value)) return [key, value.map(view)];
      if (key === "spec" && isObject(value)) return [key, view(value)];
      if (key === "facet" && isObject(value)) {
        if (typeof value["field"] === "string") return [key, channelOf("facet", value)];
        return [key, mapValues(value, (channel, inner) => channelOf(channel, inner))];
      }
      if (key !== "encoding" || !isObject(value)) return [key, value];
      return [key, mapValues(value, channelOf)];
    });
    return Object.fromEntries(entries);
  };
  return view(spec);
}

/** The column that tells the instances of a stage apart, where several axes do. */
export const seriesColumn = "instance";

/**
 * Colours by the axes of the stage that are text, or by its only one; the others are drawn apart in one
 * colour. A specification that has colours of its own keeps them.
 */
export function withSeries(
  spec: Json,
  { axes }: Figure,
): { spec: Json; label?: (row: Row) => string } {
  const varying = Object.keys(axes).filter((axis) => axes[axis]!.length > 1);
  if (varying.length === 0 || JSON.stringify(spec).includes('"color"')) return { spec };
  const named = varying.filter((axis) => typeof axes[axis]![0] === "string");
  const coloured = named.length > 0 ? named : varying.slice(0, 1);
  const inside = isObject(spec["spec"]) ? spec["spec"] : spec;
  const field = coloured.length === 1 ? coloured[0]! : seriesColumn;
  const rest = varying.filter((axis) => !coloured.includes(axis));
  const encoding = {
    ...(inside["encoding"] as Json | undefined),
    color: { field, type: "nominal" },
    ...(rest.length > 0 ? { detail: rest.map((axis) => ({ field: axis })) } : {}),
  };
  const outside = inside === spec ? {} : { ...spec };
  const drawn = { ...inside, encoding };
  const result = inside === spec ? drawn : { ...outside, spec: drawn };
  if (coloured.length === 1) return { spec: result };
  const label = (row: Row) =>
    coloured.flatMap((axis) => (row[axis] === undefined ? [] : String(row[axis]))).join(", ");
  return { spec: result, label };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapValues(of: Json, change: (key: string, value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(key, value)]));
}

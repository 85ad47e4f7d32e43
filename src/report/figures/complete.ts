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

export function complete(spec: Json, { columns, axes }: Figure): Json {
  const typeOf = (name: string, channel: string) => {
    const type = Object.hasOwn(columns, name) ? columns[name] : undefined;
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
    const isShown = !["detail", "key", "text", "tooltip", "order"].includes(channel);
    const guide = isShown && isOrdered && isRagged(columns, field) ? withDash(channel, value) : {};
    const filled = type === undefined ? {} : { type };
    return { ...(isShown ? order : {}), ...value, ...filled, ...guide };
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

/** Where an instance lacks an axis, a legend says so with a dash. */
const dash = { labelExpr: "datum.value === null ? '—' : datum.label" };

function withDash(channel: string, value: Json): Json {
  const isPlace = channel === "x" || channel === "y";
  const key = isPlace ? "axis" : ["row", "column", "facet"].includes(channel) ? "header" : "legend";
  if (value[key] === null) return {};
  return { [key]: { ...dash, ...(value[key] as Json | undefined) } };
}

function isRagged(columns: Figure["columns"], field: string): boolean {
  const type = columns[field];
  return type !== undefined && "nullable" in type && type.nullable === true;
}

/** The column that tells the instances of a stage apart, where several axes do. */
export const seriesColumn = "instance";

/**
 * Colours by the axes of the stage that are text, or by its only one; the others are drawn apart in one
 * colour. A view that has colours of its own keeps them.
 */
export function withSeries(
  spec: Json,
  { axes }: Figure,
): { spec: Json; label?: (row: Row) => string } {
  const varying = Object.keys(axes).filter((axis) => axes[axis]!.length > 1);
  if (varying.length === 0) return { spec };
  const named = varying.filter((axis) => typeof axes[axis]![0] === "string");
  const coloured = named.length > 0 ? named : varying.slice(0, 1);
  const rest = varying.filter((axis) => !coloured.includes(axis));
  const series: Json = {
    color: { field: coloured.length === 1 ? coloured[0] : seriesColumn, type: "nominal" },
    ...(rest.length > 0 ? { detail: rest.map((axis) => ({ field: axis })) } : {}),
  };
  const result = coloredView(spec, series);
  if (coloured.length === 1) return { spec: result };
  const label = (row: Row) => coloured.flatMap((axis) => row[axis] ?? []).join(", ");
  return { spec: result, label };
}

function coloredView(view: Json, series: Json): Json {
  const encoding = (view["encoding"] ?? {}) as Json;
  if ("color" in encoding) return view;
  if (isObject(view["spec"])) return { ...view, spec: coloredView(view["spec"], series) };
  if (!Array.isArray(view["layer"])) return { ...view, encoding: { ...series, ...encoding } };
  return { ...view, layer: view["layer"].map((layer: Json) => coloredView(layer, series)) };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapValues(of: Json, change: (key: string, value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(key, value)]));
}

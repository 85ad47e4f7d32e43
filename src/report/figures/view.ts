/** Draws a Vega-Lite figure: reads its rows, fills in its specification, and keeps the picture small. */
import type { Figure } from "../../engine/index.ts";
import { apart } from "./apart.ts";
import { complete, seriesColumn, withSeries } from "./complete.ts";
import { readRows } from "./rows.ts";
import type { Data, Look, Sketch } from "./sketch.ts";
import { headOf } from "./svg.ts";
import { colours, config } from "./theme.ts";

/**
 * Not that a height by steps and a width that fits go together, or that facets have scales of their own:
 * that is meant. Nor that there is no window, or that a view without rows has no extent.
 */
const isNews = (warning: string) =>
  !/^Dropping "fit-|^Detected faceted|^Infinite extent|event source: window/.test(warning);

/** A picture of a million bytes takes one or two. */
const usualSeconds = 60;

type Json = Readonly<Record<string, unknown>>;

/** More rows are not read: nobody can tell the picture from one of a random part. */
const mostRows = 200_000;
/** A larger picture is drawn again from fewer rows: it would stop a browser. */
const mostBytes = 2_000_000;
/** Marks of a picture that large are many thousands; fewer are no use. */
const leastRows = 1_000;

export async function drawView(
  figure: Figure,
  spec: Json,
  data: Data,
  look: Look,
): Promise<Sketch> {
  const text = JSON.stringify(spec);
  const named = (name: string) => text.includes(JSON.stringify(name).slice(1, -1));
  const wanted = new Set(Object.keys(figure.columns).filter(named));
  const series = figure.stage === undefined ? { spec } : withSeries(spec, figure);
  const filled = complete(series.spec, figure);
  let most = mostRows;
  for (;;) {
    const { rows, total, hasGaps } = await readRows(data.store, data.sources, wanted, most);
    if (series.label) for (const row of rows) row[seriesColumn] = series.label(row);
    const said = [...data.notes];
    if (rows.length < total) said.push(`${rows.length} of ${total} rows, at random`);
    if (total === 0) said.push("its data have no rows");
    if (hasGaps) said.push("numbers that are not finite are left out");
    const { svg, warnings } = await apart(
      "vega",
      [framed(filled, figure, said, look), rows],
      look.seconds ?? usualSeconds,
    );
    if (svg.length <= mostBytes || rows.length <= leastRows) {
      return { svg, notes: [...said.slice(data.notes.length), ...warnings.filter(isNews)] };
    }
    most = Math.max(leastRows, Math.floor(0.9 * rows.length * (mostBytes / svg.length)));
  }
}

/** The specification with the looks of the theme, a size and a title. */
function framed(
  spec: Json,
  figure: Figure,
  notes: readonly string[],
  { theme, width }: Look,
): Json {
  const looks = merge(config(), (spec["config"] ?? {}) as Json);
  const isSingle = "mark" in spec || "layer" in spec;
  const own =
    spec["width"] !== undefined ||
    /"(row|column|facet)":/.test(JSON.stringify(spec["encoding"] ?? {}));
  const fit = isSingle && !own;
  const size = fit ? { width: width ?? 640, autosize: { type: "fit-x", contains: "padding" } } : {};
  const caption = {
    title: {
      text: headOf(figure),
      ...{ fontSize: 15, fontWeight: 600, offset: 12 },
      ...(notes.length > 0 ? { subtitle: notes.join("; "), subtitleColor: colours["muted"] } : {}),
    },
  };
  return {
    padding: 8,
    ...(fit && spec["height"] === undefined ? { height: 320 } : {}),
    ...size,
    ...spec,
    ...(theme === "page" ? {} : caption),
    background: theme === "page" ? "transparent" : colours["surface"],
    config: looks,
  };
}

function merge(a: Json, b: Json): Json {
  const merged: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const both = isObject(value) && isObject(merged[key]);
    merged[key] = both ? merge(merged[key] as Json, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The schema of an entry under `figures:`. What a view may hold below its first level is Vega-Lite's
 * affair; what names columns is checked in `columns.ts`.
 */
import type { Schema } from "../language/compile-schema.ts";
import { record, reference } from "../language/schema-parts.ts";

const text = (description: string): Schema => ({ type: "string", description });
const any = (description: string): Schema => ({ description });
const views = (description: string): Schema => ({ type: "array", minItems: 1, description });
const view = (description: string): Schema => ({ type: "object", description });
const size: Schema = { type: ["number", "string", "object"], description: "Pixels, as Vega-Lite." };

/** Keys of which a view has one: what it draws. */
export const viewKinds: Record<string, Schema> = {
  mark: { type: ["string", "object"], description: "Vega-Lite: point, line, bar, area, rule, …." },
  layer: views("Vega-Lite: views on top of each other."),
  facet: view("Vega-Lite: a view for each value of a column; with `spec`."),
  repeat: {
    type: ["array", "object"],
    description: "Vega-Lite: a view for each of these columns.",
  },
  concat: views("Vega-Lite: views beside each other, in rows of `columns`."),
  hconcat: views("Vega-Lite: views beside each other."),
  vconcat: views("Vega-Lite: views below each other."),
};

const viewKeys: Record<string, Schema> = {
  ...viewKinds,
  encoding: view("Vega-Lite: which column is seen how. Types may be left out."),
  transform: views("Vega-Lite: filter, calculate, aggregate, window, fold, …."),
  spec: view("Vega-Lite: the view that `facet` or `repeat` repeats."),
  resolve: view("Vega-Lite: whether views share scales, axes and legends."),
  params: views("Vega-Lite: named values."),
  projection: view("Vega-Lite: of maps."),
  config: view("Vega-Lite: looks."),
  view: view("Vega-Lite: the background of the view."),
  columns: { type: "integer", minimum: 1, description: "Views in a row." },
  ...{ width: size, height: size },
  spacing: any("Pixels between views."),
  align: any("Vega-Lite: alignment of views."),
  bounds: any("Vega-Lite."),
  center: any("Vega-Lite."),
};

const column = text("A column of the data.");
const pixels: Schema = { type: "integer", minimum: 1 };
/** More of them nobody tells apart. */
const few: Schema = { ...pixels, maximum: 10_000 };
const tilesWith = (number: Schema, limit: Schema): Schema => ({
  ...record(
    {
      column: text("A column of lists of a fixed size: spins, weights, images."),
      shape: {
        type: "array",
        items: number,
        minItems: 1,
        maxItems: 2,
        description:
          "Rows and columns of pixels; the column's own, if absent. A longer list is several tiles.",
      },
      scale: {
        enum: ["diverging", "sequential", "binary"],
        description: "Colours: around zero, from low to high, or two (default: by the values).",
      },
      per: {
        enum: ["tile", "row", "figure"],
        description: "What has a range of colours of its own (default: figure).",
      },
      rows: { ...column, description: "A column: its values make the rows of the grid." },
      columns: { ...column, description: "A column: its values make the columns of the grid." },
      where: {
        type: "object",
        additionalProperties: { type: ["string", "number", "boolean", "array"] },
        description: "Only rows whose columns have these values.",
      },
      limit: { ...limit, description: "Tiles in a cell of the grid." },
    },
    "Draws each list as a small picture, in a labelled grid.",
  ),
  required: ["column"],
});
/** Once references are filled in. */
export const tiles = tilesWith(pixels, few);

const common: Record<string, Schema> = {
  title: text("Above the picture."),
  text: text("Below the picture: what it shows."),
};
const bodies: Record<string, Schema> = {
  tiles: tilesWith({ anyOf: [reference, pixels] }, { anyOf: [reference, few] }),
  image: { const: true, description: "Shows a picture that a program made." },
  ...viewKeys,
};

/** An entry of the pipeline file. */
export const figure: Schema = {
  ...record(
    {
      ...common,
      data: {
        allOf: [{ $ref: "#/$defs/input" }],
        description: "Its rows, as a stage's input; the axes become the first columns.",
      },
      ...bodies,
    },
    "A picture: a Vega-Lite specification, tiles, or a program's image.",
  ),
  required: ["data"],
};

/** What a node type declares: its data are one of its own ports. */
export const nodeFigure: Schema = record({ ...common, port: text("An output port."), ...bodies });

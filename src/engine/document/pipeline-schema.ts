/**
 * The JSON Schema of a pipeline file without node types. The engine checks a document's shape with it,
 * and the schema for editors is made from it.
 */

import { figure } from "../figures/schema.ts";
import type { Schema } from "../language/compile-schema.ts";
import { mapOf, record, reference } from "../language/schema-parts.ts";

const scalar: Schema = { type: ["string", "number", "boolean"] };
const strings: Schema = { type: "array", items: { type: "string" } };

export const input: Schema = {
  type: ["string", "object"],
  description:
    'A stage ("lattices") or one of its output ports ("encoder.model"); or a mapping with from, ' +
    "at and collect; or { axis, of }, which joins several sources along a new axis.",
  properties: {
    from: { type: "string", description: "A stage, or stage.port." },
    axis: { type: "string", description: "Name of the new axis that `of` makes." },
    of: mapOf({ $ref: "#/$defs/input" }, "The new axis: its values and their sources."),
    at: mapOf(
      { type: ["string", "number", "boolean", "array", "object"] },
      "Selects: one value removes the axis, a list or a range keeps it.",
    ),
    collect: {
      anyOf: [{ const: "all" }, strings],
      description: "Axes to remove: they become the first columns of one table.",
    },
  },
  additionalProperties: false,
};

const axisValues: Schema = {
  description: "A list of values, a range, a reference, or a map whose keys are the values.",
  type: ["array", "object", "string"],
};

const limits: Record<string, Schema> = {
  threads: { type: "integer", minimum: 1, description: "CPU threads." },
  // With less, a worker thread of V8 hangs instead of failing.
  memory: { type: "integer", minimum: 16, description: "MiB of heap, 16 at least." },
  timeout: { type: "number", exclusiveMinimum: 0, description: "Seconds." },
};
/** A stage's `resources` once references are filled in. */
export const resources: Schema = record(limits);

export const stage: Schema = {
  ...record({
    node: { type: "string", description: "The node type." },
    for: mapOf(axisValues, "Axes: the stage is repeated over their values."),
    zip: {
      type: "array",
      items: strings,
      description: "Groups of axes that run in step instead of in every combination.",
    },
    exclude: {
      type: "array",
      items: mapOf(scalar, "Axes and values."),
      description: "Coordinates to leave out: all that contain a pattern.",
    },
    include: {
      type: "array",
      items: mapOf(scalar, "A value for each axis of this stage's own."),
      description: "Coordinates to add.",
    },
    inputs: mapOf({ $ref: "#/$defs/input" }, "What each input port receives."),
    with: { type: "object", description: "Parameters of the node type." },
    resources: record(
      Object.fromEntries(
        Object.entries(limits).map(([name, { description, ...limit }]) => [
          name,
          { anyOf: [reference, limit], description },
        ]),
      ),
      "What the stage may use. Never part of the key.",
    ),
    salt: { ...scalar, description: "Part of the key: another salt forces a rerun." },
  }),
  required: ["node"],
};

const operand: Schema = { type: ["string", "number"] };
const derived: Schema = record({
  multiply: { type: "array", items: operand, minItems: 2, description: "Product of params." },
  divide: { type: "array", items: operand, minItems: 2, maxItems: 2, description: "Quotient." },
});

const ablation: Schema = {
  type: "object",
  properties: {
    combine: { ...strings, description: "Other ablations, together: name, or name[param=value]." },
    grid: {
      ...mapOf(axisValues, "A list of values, or a map from names to values."),
      description: "Every combination of these values: a family of ablations.",
    },
  },
  description: "Params by name, and anything else by dotted path; null removes.",
};

const metric: Schema = {
  ...record(
    {
      from: { type: "string", description: "A stage, or stage.port." },
      column: { type: "string", description: "The column of numbers to compare." },
      where: mapOf(
        { type: ["string", "number", "boolean", "array", "object"] },
        "Selects by columns and axes: one value removes them, a list or a range keeps them.",
      ),
      by: { ...strings, description: "Columns that tell the rows of one table apart." },
      over: { type: "string", description: "The axis of replicates: the unit of the statistics." },
      better: { enum: ["higher", "lower"], description: "Which way is an improvement." },
    },
    "One number per coordinate.",
  ),
  required: ["from", "column"],
};

export const properties: Record<string, Schema> = {
  blockspin: { type: "integer", minimum: 1, description: "Version of the file format: 1." },
  name: {
    type: "string",
    minLength: 1,
    description: "Name of the pipeline; the file's, if absent.",
  },
  extends: { type: "string", description: "A pipeline file that this one changes." },
  use: { ...strings, description: "Modules with node types of your own." },
  backend: { enum: ["wasm", "tensorflow", "auto"], description: "What does the numerics." },
  params: { type: "object", description: "The knobs: override them with --set name=value." },
  derived: mapOf(derived, "Params computed from params, lists element by element."),
  defaults: mapOf({ type: "object" }, "Parameters per node type, below a stage's own `with`."),
  stages: mapOf({ $ref: "#/$defs/stage" }, "The graph."),
  results: { ...strings, description: "What a run prints at its end: stage or stage.port." },
  ablations: mapOf(ablation, "Named changes, one at a time, against the baseline."),
  metrics: mapOf(metric, "What `compare` compares."),
  figures: mapOf(figure, "Pictures, drawn when somebody looks; they compute nothing."),
};

/** Top-level keys that are ignored. */
export const ignored = /^x-/;
export const ignoredProperties: Record<string, Schema> = {
  [ignored.source]: { description: "Ignored: a place for YAML anchors." },
};

/** The schema of a document after `extends` and overrides. */
export const documentSchema: Schema = {
  $id: "blockspin:document",
  ...record(properties),
  patternProperties: ignoredProperties,
  required: ["blockspin", "stages"],
  $defs: { input, stage },
};

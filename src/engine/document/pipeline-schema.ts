/**
 * The JSON Schema of a pipeline file: what the engine checks a document's shape with, and, composed
 * with the node types at hand, what editors complete from. Knows no node type of its own.
 */
import type { AnyNodeType, Ports } from "../node-type.ts";

export type Schema = { readonly [key: string]: unknown };

const reference: Schema = {
  type: "string",
  pattern: "\\$\\{",
  description: `A reference: \${name} is a param or an axis, \${axis.key} reads into a map.`,
};
const scalar: Schema = { type: ["string", "number", "boolean"] };
const strings: Schema = { type: "array", items: { type: "string" } };

function mapOf(values: Schema, description: string): Schema {
  return { type: "object", additionalProperties: values, description };
}

function record(properties: Record<string, Schema>, description?: string): Schema {
  return {
    type: "object",
    properties,
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  };
}

const input: Schema = {
  type: ["string", "object"],
  description:
    'A stage ("lattices") or one of its output ports ("encoder.model"); or a mapping with from, ' +
    "at and collect; or { axis, of }, which joins several sources along a new axis.",
  properties: {
    from: { type: "string", description: "A stage, or stage.port." },
    axis: { type: "string", description: "Name of the new axis that `of` makes." },
    of: mapOf({ $ref: "#/$defs/input" }, "The new axis: its values and their sources."),
    at: mapOf(
      { anyOf: [scalar, { type: "array", items: scalar }] },
      "Selects: one value removes the axis, a list keeps it.",
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

const stage: Schema = {
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
      {
        threads: {
          anyOf: [reference, { type: "integer", minimum: 1 }],
          description: "CPU threads.",
        },
        memory: {
          anyOf: [reference, { type: "integer", minimum: 1 }],
          description: "MiB of heap.",
        },
        timeout: {
          anyOf: [reference, { type: "number", exclusiveMinimum: 0 }],
          description: "Seconds.",
        },
      },
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

const properties: Record<string, Schema> = {
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
  derived: mapOf(derived, "Params computed from params."),
  defaults: mapOf({ type: "object" }, "Parameters per node type, below a stage's own `with`."),
  stages: mapOf({ $ref: "#/$defs/stage" }, "The graph."),
  results: { ...strings, description: "What a run prints at its end: stage or stage.port." },
  ablations: mapOf({ type: "object" }, "Named changes, one at a time, against the baseline."),
  metrics: mapOf({ type: "object" }, "What `compare` compares."),
};

/** Of a document in which `extends` and overrides have been applied. */
export const documentSchema: Schema = {
  $id: "blockspin:document",
  ...record(properties),
  required: ["blockspin", "stages"],
  $defs: { input, stage },
};

/** Of a file, for editors: with every node type's parameters and input ports. */
export function pipelineJsonSchema(nodeTypes: readonly AnyNodeType[]): Schema {
  const names = nodeTypes.map(({ type }) => type);
  const withTypes = {
    ...stage,
    properties: {
      ...(stage["properties"] as object),
      node: { description: "The node type.", anyOf: [{ enum: names }, { type: "string" }] },
    },
    allOf: nodeTypes.map((nodeType) => ({
      if: { properties: { node: { const: nodeType.type } }, required: ["node"] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword.
      then: {
        properties: {
          node: { description: nodeType.summary },
          with: withReferences(nodeType.params as Schema),
          inputs: inputsOf(nodeType),
        },
      },
    })),
  };
  const defaults = nodeTypes.map((nodeType) => {
    const { required: _, ...params } = withReferences(nodeType.params as Schema);
    return [nodeType.type, params];
  });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Blockspin pipeline",
    ...record({
      ...properties,
      defaults: { ...properties["defaults"], properties: Object.fromEntries(defaults) },
    }),
    patternProperties: { "\\.": { description: "Replaces what is there in the extended file." } },
    required: ["blockspin"],
    anyOf: [{ required: ["stages"] }, { required: ["extends"] }],
    $defs: { input, stage: withTypes },
  };
}

/** One node type's parameters, for editors and for `blockspin schema TYPE`. */
export function paramsJsonSchema(nodeType: AnyNodeType): Schema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: nodeType.type,
    ...withReferences(nodeType.params as Schema),
    description: nodeType.summary,
  };
}

function inputsOf({ inputs, moreInputs }: AnyNodeType): Schema {
  const ports = Object.entries(inputs as Ports);
  const described = ports.map(([name, { description }]) => [
    name,
    { allOf: [{ $ref: "#/$defs/input" }], ...(description ? { description } : {}) },
  ]);
  return {
    type: "object",
    properties: Object.fromEntries(described),
    additionalProperties: moreInputs ? { $ref: "#/$defs/input" } : false,
  };
}

const range: Schema = {
  type: "object",
  description: "A list of numbers: { from, to, step } or { range: [first, last] }.",
  anyOf: [{ required: ["from", "to", "step"] }, { required: ["range"] }],
};
const mapsOfSchemas = ["properties", "patternProperties", "$defs", "definitions"];
const listsOfSchemas = ["anyOf", "oneOf", "allOf"];

/**
 * The schema for a value as a person may write it: a reference may stand anywhere, a range for a
 * list, and names with a default may be left out.
 */
export function withReferences(schema: Schema): Schema {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key.startsWith("x-blockspin")) continue;
    if (mapsOfSchemas.includes(key)) {
      const entries = Object.entries(value as Record<string, Schema>);
      copy[key] = Object.fromEntries(entries.map(([name, s]) => [name, orReference(s)]));
    } else if (listsOfSchemas.includes(key)) {
      copy[key] = (value as Schema[]).map(withReferences);
    } else if (key === "items" || key === "additionalProperties") {
      copy[key] = typeof value === "object" ? anyReference(value) : value;
    } else copy[key] = value;
  }
  if (Array.isArray(schema["required"])) {
    const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
    const needed = schema["required"].filter((name) => !("default" in (properties[name] ?? {})));
    if (needed.length > 0) copy["required"] = needed;
    else delete copy["required"];
  }
  return copy;
}

function anyReference(value: unknown): unknown {
  return Array.isArray(value) ? value.map(orReference) : orReference(value as Schema);
}

function orReference(schema: Schema): Schema {
  if (acceptsText(schema)) return withReferences(schema);
  const { description, default: preset, ...rest } = schema;
  const lists = schema["type"] === "array" || "anyOf" in schema;
  return {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
    anyOf: [withReferences(rest), ...(lists ? [range] : []), reference],
  };
}

/** Any text fits already, and so does a reference. */
function acceptsText(schema: Schema): boolean {
  const free = !["enum", "const", "pattern", "format", "maxLength"].some((key) => key in schema);
  return (
    free && (schema["type"] === "string" || schema["type"] === undefined) && !("anyOf" in schema)
  );
}

/**
 * JSON Schemas for editors: the pipeline file with every node type's parameters and input ports.
 * Knows no node type of its own; they are passed in.
 */

import type { Schema } from "../language/compile-schema.ts";
import { record, reference } from "../language/schema-parts.ts";
import type { AnyNodeType, Ports } from "../node-type.ts";
import { ignoredProperties, input, properties, stage } from "./pipeline-schema.ts";

/** File name → text: what is committed in `schemas/`. */
export function schemaFiles(nodeTypes: readonly AnyNodeType[]): Map<string, string> {
  const text = (schema: Schema) => `${JSON.stringify(schema, null, 2)}\n`;
  return new Map([
    ["pipeline.schema.json", text(pipelineJsonSchema(nodeTypes))],
    ...nodeTypes.map((nodeType): [string, string] => [
      `${nodeType.type}.schema.json`,
      text(paramsJsonSchema(nodeType)),
    ]),
  ]);
}

/** The schema of a pipeline file, with every node type's parameters and input ports. */
export function pipelineJsonSchema(nodeTypes: readonly AnyNodeType[]): Schema {
  const names = nodeTypes.map(({ type }) => type);
  const withTypes = {
    ...stage,
    // A file that extends another removes a stage with null.
    type: ["object", "null"],
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
          with: { $ref: paramsRef(nodeType) },
          inputs: inputsOf(nodeType),
        },
      },
    })),
  };
  const defaults = nodeTypes.map((nodeType) => [nodeType.type, { $ref: paramsRef(nodeType) }]);
  const params = nodeTypes.map((nodeType) => [`with-${nodeType.type}`, partial(nodeType)]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Blockspin pipeline",
    ...record({
      ...properties,
      // So it removes entries of these.
      ...Object.fromEntries(
        ["derived", "ablations", "metrics", "figures"].map((name) => [
          name,
          removable(properties[name]!),
        ]),
      ),
      defaults: { ...properties["defaults"], properties: Object.fromEntries(defaults) },
    }),
    patternProperties: {
      ...ignoredProperties,
      "\\.": { description: "Replaces what is there in the extended file." },
    },
    required: ["blockspin"],
    anyOf: [{ required: ["stages"] }, { required: ["extends"] }],
    $defs: { ...shared, input, stage: withTypes, ...Object.fromEntries(params) },
  };
}

/** A map whose entries may be null. */
function removable(map: Schema): Schema {
  const entry = map["additionalProperties"] as Schema;
  return { ...map, additionalProperties: { ...entry, type: ["object", "null"] } };
}

function paramsRef({ type }: AnyNodeType): string {
  return `#/$defs/with-${type}`;
}

/** A stage may leave a parameter to the pipeline's `defaults`, and those to the stages. */
function partial(nodeType: AnyNodeType): Schema {
  const { required: _, ...params } = withReferences(nodeType.params as Schema);
  return params;
}

/** One node type's parameters, for editors and for `blockspin schema TYPE`. */
function paramsJsonSchema(nodeType: AnyNodeType): Schema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: nodeType.type,
    ...withReferences(nodeType.params as Schema),
    description: nodeType.summary,
    $defs: shared,
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

const shared = {
  reference,
  range: {
    type: "object",
    description: "A list of numbers: { from, to, step } or { range: [first, last] }.",
    anyOf: [{ required: ["from", "to", "step"] }, { required: ["range"] }],
  },
};
const mapsOfSchemas = ["properties", "patternProperties", "$defs", "definitions"];
const listsOfSchemas = ["anyOf", "oneOf", "allOf"];

/**
 * The schema for a value as a person may write it: a reference may stand anywhere, a range for a
 * list, and names with a default may be left out.
 */
function withReferences(schema: Schema): Schema {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key.startsWith("x-blockspin")) continue;
    if (mapsOfSchemas.includes(key)) {
      const entries = Object.entries(value as Record<string, Schema>);
      copy[key] = Object.fromEntries(entries.map(([name, s]) => [name, orReference(s)]));
    } else if (listsOfSchemas.includes(key)) {
      copy[key] = (value as Schema[]).map(withReferences);
    } else if (key === "items" && takesNumbers(schema)) {
      copy[key] = orRange(anyReference(value) as Schema);
    } else if (key === "items" || key === "additionalProperties") {
      copy[key] = typeof value === "object" ? anyReference(value) : value;
    } else copy[key] = value;
  }
  if (schema["x-blockspin"] === "flatten") {
    copy["items"] = { anyOf: [copy["items"], { type: "array" }] };
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
  return {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
    anyOf: [
      withReferences(rest),
      ...(takesNumbers(schema) ? [{ $ref: "#/$defs/range" }] : []),
      { $ref: "#/$defs/reference" },
    ],
  };
}

/** A number in a list of numbers: a range stands for several. */
function orRange(schema: Schema): Schema {
  return { ...schema, anyOf: [...(schema["anyOf"] as Schema[]), { $ref: "#/$defs/range" }] };
}

function takesNumbers(schema: Schema): boolean {
  if (Array.isArray(schema["anyOf"])) return (schema["anyOf"] as Schema[]).some(takesNumbers);
  const items = schema["items"] as Schema | undefined;
  return schema["type"] === "array" && ["number", "integer"].includes(String(items?.["type"]));
}

/** Any text fits already, and so does a reference. */
function acceptsText(schema: Schema): boolean {
  const free = !["enum", "const", "pattern", "format", "maxLength"].some((key) => key in schema);
  return (
    free && (schema["type"] === "string" || schema["type"] === undefined) && !("anyOf" in schema)
  );
}

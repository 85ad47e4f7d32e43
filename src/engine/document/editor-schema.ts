/**
 * JSON Schemas for editors: the pipeline file with every node type's parameters and input ports.
 * Knows no node type of its own; they are passed in.
 */

import type { Schema } from "../language/compile-schema.ts";
import { record, reference } from "../language/schema-parts.ts";
import type { AnyNodeType, Ports } from "../node-type.ts";
import { nodeMarkdown, portMarkdown, withDefault } from "./node-markdown.ts";
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

/** What a pipeline has by name, so that an editor can complete it. */
export interface KnownNames {
  /** `stage` and `stage.port`. */
  readonly sources: readonly string[];
  readonly axes: readonly string[];
}

/**
 * The schema of a pipeline file, with every node type's parameters and input ports; with names, that of
 * one file.
 */
export function pipelineJsonSchema(nodeTypes: readonly AnyNodeType[], names?: KnownNames): Schema {
  const schema = generalSchema(nodeTypes);
  return names ? withNames(schema, names) : schema;
}

/** The same schema: names that are known complete, and others are as good as before. */
function withNames(schema: Schema, { sources, axes }: KnownNames): Schema {
  const { $defs, properties } = schema as Record<string, Record<string, Schema>>;
  const { input, stage } = $defs as { input: Schema; stage: Schema };
  const oneOf = (known: readonly string[], other: Schema): Schema => {
    const { description, ...rest } = other;
    return { ...(description ? { description } : {}), anyOf: [{ enum: known }, rest] };
  };
  const parts = input["properties"] as Record<string, Schema>;
  const at = Object.fromEntries(axes.map((axis) => [axis, {}]));
  const named: Schema = {
    ...input,
    properties: {
      ...parts,
      from: oneOf(sources, parts["from"]!),
      at: { ...parts["at"], properties: at },
      collect: {
        anyOf: [{ const: "all" }, { type: "array", items: oneOf(axes, { type: "string" }) }],
      },
    },
  };
  const metrics = properties!["metrics"]!;
  const metric = metrics["additionalProperties"] as Schema;
  const fields = metric["properties"] as Record<string, Schema>;
  return {
    ...schema,
    properties: {
      ...properties,
      results: { ...properties!["results"], items: oneOf(sources, { type: "string" }) },
      metrics: {
        ...metrics,
        additionalProperties: {
          ...metric,
          properties: {
            ...fields,
            from: oneOf(sources, fields["from"]!),
            over: oneOf(axes, fields["over"]!),
          },
        },
      },
    },
    $defs: { ...$defs, stage, input: oneOf(sources, named) },
  };
}

function generalSchema(nodeTypes: readonly AnyNodeType[]): Schema {
  const withTypes = {
    ...stage,
    // A file that extends another removes a stage with null.
    type: ["object", "null"],
    properties: {
      ...(stage["properties"] as object),
      inputs: {
        ...((stage["properties"] as Record<string, Schema>)["inputs"] as object),
        description: `What each input port receives. ${input["description"]}`,
      },
      // Editors show the first text that they find: that of the type itself, and none above it.
      node: {
        anyOf: [
          ...nodeTypes.map((nodeType) => ({
            const: nodeType.type,
            description: nodeType.summary,
            markdownDescription: nodeMarkdown(nodeType),
          })),
          { type: "string" },
        ],
      },
    },
    allOf: nodeTypes.map((nodeType) => ({
      if: { properties: { node: { const: nodeType.type } }, required: ["node"] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword.
      then: {
        properties: {
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
    $defs: { ...shared, input: silent(input), stage: withTypes, ...Object.fromEntries(params) },
  };
}

/** Without the text that an editor would show in place of a port's. */
function silent({ description: _, ...schema }: Schema): Schema {
  return schema;
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

function inputsOf(node: AnyNodeType): Schema {
  const { inputs, moreInputs } = node;
  const ports = Object.entries(inputs as Ports);
  const described = ports.map(([name, port]) => [
    name,
    {
      allOf: [{ $ref: "#/$defs/input" }],
      ...(port.description ? { description: port.description } : {}),
      markdownDescription: portMarkdown(node, name, port),
    },
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
    ...(description === undefined || preset === undefined
      ? {}
      : { markdownDescription: withDefault(String(description), preset) }),
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

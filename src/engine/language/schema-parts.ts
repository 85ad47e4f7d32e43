/** Parts that schemas are made of. */
import type { Schema } from "./compile-schema.ts";

export function mapOf(values: Schema, description: string): Schema {
  return { type: "object", additionalProperties: values, description };
}

/** An object with these properties alone. */
export function record(properties: Record<string, Schema>, description?: string): Schema {
  return {
    type: "object",
    properties,
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  };
}

export const reference: Schema = {
  type: "string",
  pattern: "\\$\\{",
  description: `A reference: \${name} is a param or an axis, \${axis.key} reads into a map.`,
};

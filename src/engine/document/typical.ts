/** The ports by which a node type is listed, and what its columns mean. Knows no pipeline. */
import type { Schema } from "../language/compile-schema.ts";
import { validate } from "../language/validate.ts";
import type { AnyNodeType, Ports } from "../node-type.ts";
import { own } from "../own.ts";

/**
 * The output ports: those of the node type, or those of its typical parameters and inputs; undefined
 * where they depend on both and nothing is typical.
 */
export function typicalOutputs({
  outputs,
  typical,
  params: schema,
}: AnyNodeType): Ports | undefined {
  if (typeof outputs !== "function") return outputs as Ports;
  if (!typical) return undefined;
  const params: unknown = structuredClone(typical.params);
  try {
    validate(schema as Schema, params);
    return outputs(params, typical.inputs ?? {}) as Ports;
  } catch {
    // Somebody's own node type, whose example does not fit: it still has parameters and inputs.
    return undefined;
  }
}

/** The line on a column; undefined if there is none. */
export function noteOn({ notes = {} }: AnyNodeType, port: string, column: string) {
  const columns = own(notes, port) ?? own(notes, "*") ?? {};
  const exact = own(columns, column);
  if (exact !== undefined) return exact;
  const pattern = Object.keys(columns).find((name) => fits(column, name));
  return pattern === undefined ? undefined : columns[pattern];
}

/** Whether a name is one of those that `kernel_*` stands for. */
function fits(name: string, pattern: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return false;
  return name.startsWith(pattern.slice(0, star)) && name.endsWith(pattern.slice(star + 1));
}

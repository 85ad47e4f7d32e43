/** `blockspin schema`: prints JSON Schemas for editors and other programs. */
import type { Command } from "commander";
import { pipelineJsonSchema, schemaFiles } from "../index.ts";
import { findNodeType, knownNodeTypes, withNodeType } from "./node-types.ts";
import { out } from "./print/terminal.ts";

export function define(command: Command) {
  withNodeType(command);
  return schema;
}

async function schema(
  type: string | undefined,
  { use }: { use?: readonly string[] },
): Promise<number> {
  const all = await knownNodeTypes(use);
  if (type === undefined) {
    out.json(pipelineJsonSchema(all), 2);
    return 0;
  }
  const node = findNodeType(all, type);
  out.data(schemaFiles([node]).get(`${type}.schema.json`)!);
  return 0;
}

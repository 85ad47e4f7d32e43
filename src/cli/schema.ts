/** `blockspin schema`: JSON Schemas for editors and other programs. */
import type { Command } from "commander";
import { nodeTypes, pipelineJsonSchema, schemaFiles, userNodeTypes } from "../index.ts";
import { findNodeType } from "./nodes.ts";
import { out } from "./print/terminal.ts";

export function define(command: Command) {
  command
    .argument("[type]", "a node type")
    .option("--use <file...>", "modules with node types of your own, as under use:");
  return schema;
}

async function schema(
  type: string | undefined,
  { use = [] }: { use?: readonly string[] },
): Promise<number> {
  const all = [...nodeTypes, ...(await userNodeTypes(use))];
  if (type === undefined) {
    out.json(pipelineJsonSchema(all), 2);
    return 0;
  }
  const node = findNodeType(all, type);
  out.data(schemaFiles([node]).get(`${type}.schema.json`)!);
  return 0;
}

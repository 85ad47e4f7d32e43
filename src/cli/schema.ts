/** `blockspin schema`: JSON Schemas for editors and other programs. */
import { nodeTypes, pipelineJsonSchema, schemaFiles, userNodeTypes } from "../index.ts";
import { findNodeType } from "./nodes.ts";

export async function schema(
  type: string | undefined,
  { use = [] }: { use?: readonly string[] },
): Promise<number> {
  const all = [...nodeTypes, ...(await userNodeTypes(use))];
  if (type === undefined) {
    process.stdout.write(`${JSON.stringify(pipelineJsonSchema(all), null, 2)}\n`);
    return 0;
  }
  const node = findNodeType(all, type);
  process.stdout.write(schemaFiles([node]).get(`${type}.schema.json`)!);
  return 0;
}

/** `blockspin schema`: JSON Schemas for editors and other programs. */
import { nodeTypes, pipelineJsonSchema, UsageError } from "../index.ts";

export async function schema(type: string | undefined): Promise<number> {
  if (type === undefined) {
    process.stdout.write(`${JSON.stringify(pipelineJsonSchema(nodeTypes), null, 2)}\n`);
    return 0;
  }
  const node = nodeTypes.find((candidate) => candidate.type === type);
  if (!node) throw new UsageError(`unknown node type ${JSON.stringify(type)}`);
  process.stdout.write(`${JSON.stringify(node.params, null, 2)}\n`);
  return 0;
}

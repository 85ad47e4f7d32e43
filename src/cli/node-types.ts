/** A node type as an argument: one that ships, or one of a module that `--use` names. */
import type { Command } from "commander";
import { type AnyNodeType, nodeTypes, UsageError, userNodeTypes } from "../index.ts";

export function withNodeType(command: Command): Command {
  return command
    .argument("[type]", "a node type")
    .option("--use <file...>", "add node types from these modules, as use: does");
}

export async function knownNodeTypes(use: readonly string[] = []): Promise<AnyNodeType[]> {
  return [...nodeTypes, ...(await userNodeTypes(use))];
}

/** Throws `UsageError`. */
export function findNodeType(all: readonly AnyNodeType[], type: string): AnyNodeType {
  const node = all.find((candidate) => candidate.type === type);
  if (node) return node;
  throw new UsageError(
    `unknown node type ${JSON.stringify(type)}`,
    `node types: ${all.map((n) => n.type).join(", ")}; --use FILE adds those of a module`,
  );
}

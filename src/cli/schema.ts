/** `blockspin schema`: prints JSON Schemas for editors and other programs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import {
  mainPort,
  type Opened,
  openPipeline,
  pipelineJsonSchema,
  schemaFiles,
  UsageError,
  writing,
} from "../index.ts";
import { findNodeType, knownNodeTypes, withNodeType } from "./node-types.ts";
import { err, out } from "./print/terminal.ts";

interface SchemaFlags {
  readonly use?: readonly string[];
  readonly pipeline?: string;
  readonly out?: string;
}

export function define(command: Command) {
  withNodeType(command)
    .option("--pipeline <file>", "that of one file: its stages, ports and axes complete too")
    .option("--out <path>", "write it to a file");
  return schema;
}

async function schema(type: string | undefined, options: SchemaFlags): Promise<number> {
  const text = await schemaText(type, options);
  const { out: path } = options;
  if (path === undefined) {
    out.data(text);
    return 0;
  }
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  });
  err.print(`wrote ${path}; begin the file with # yaml-language-server: $schema=PATH`);
  return 0;
}

async function schemaText(
  type: string | undefined,
  { use = [], pipeline }: SchemaFlags,
): Promise<string> {
  if (pipeline !== undefined) {
    if (type !== undefined) throw new UsageError("--pipeline takes no node type");
    const opened = await openPipeline(pipeline);
    const known = new Set(await knownNodeTypes(use));
    for (const { node } of opened.graph.instances) known.add(node.type);
    return `${JSON.stringify(pipelineJsonSchema([...known], namesIn(opened)), null, 2)}\n`;
  }
  const all = await knownNodeTypes(use);
  if (type === undefined) return `${JSON.stringify(pipelineJsonSchema(all), null, 2)}\n`;
  const node = findNodeType(all, type);
  return schemaFiles([node]).get(`${type}.schema.json`)!;
}

/** What can be written where a source or an axis is expected. */
function namesIn({ graph }: Opened) {
  const sources = new Set<string>();
  const axes = new Set<string>();
  for (const { stage, outputs, coordinate } of graph.instances) {
    if (mainPort(outputs) !== undefined) sources.add(stage);
    for (const port of Object.keys(outputs)) sources.add(`${stage}.${port}`);
    for (const axis of Object.keys(coordinate)) axes.add(axis);
  }
  return { sources: [...sources], axes: [...axes].sort() };
}

/** `blockspin nodes`: the reference of node types, generated from their declarations. */
import type { Command } from "commander";
import {
  type AnyNodeType,
  describeBackends,
  formatType,
  noteOn,
  type Ports,
  typicalOutputs,
} from "../index.ts";
import { findNodeType, knownNodeTypes, withNodeType } from "./node-types.ts";
import { json } from "./options.ts";
import { marksOf, moreColumns, typicalCase } from "./print/node-type.ts";
import { describeParams } from "./print/params.ts";
import { textTable } from "./print/table.ts";
import { out } from "./print/terminal.ts";

export function define(command: Command) {
  withNodeType(command)
    .option("--backends", "list the backends, and why one cannot be used")
    .addOption(json());
  return nodes;
}

async function nodes(
  type: string | undefined,
  options: { backends?: boolean; json?: boolean; use?: readonly string[] },
): Promise<number> {
  if (options.backends) return await printBackends(options.json ?? false);
  const all = await knownNodeTypes(options.use);
  if (type === undefined) {
    const list = all.map(({ type, version, summary }) => ({ type, version, summary }));
    const rows = list.map((node) => [node.type, node.version, node.summary]);
    if (options.json) out.json(list);
    else out.text(textTable(["type", "version", "summary"], rows, { cellWidth: 100 }));
    return 0;
  }
  const node = findNodeType(all, type);
  if (options.json) out.json(plain(node));
  else out.text(describe(node));
  return 0;
}

async function printBackends(json: boolean): Promise<number> {
  const backends = await describeBackends();
  const rows = backends.map(({ name, available, detail }) => [name, available, detail]);
  if (json) out.json(backends);
  else out.text(textTable(["backend", "available", "detail"], rows, { cellWidth: 200 }));
  return 0;
}

function plain(node: AnyNodeType) {
  const { type, version, summary, details, params, inputs } = node;
  const outputs = typeof node.outputs === "function" ? null : node.outputs;
  const { notes = null, typical } = node;
  return {
    ...{ type, version, summary, details: details ?? null, params, inputs, outputs, notes },
    typical: typical ? { ...typical, outputs: typicalOutputs(node) } : null,
  };
}

function describe(node: AnyNodeType): string {
  const lines = [`${node.type} (version ${node.version})`, "", node.summary, ""];
  if (node.details) lines.push(node.details.trim(), "");
  lines.push("parameters", ...describeParams(node.params));
  lines.push("", "inputs", ...describePorts(node, node.inputs));
  if (node.moreInputs) {
    lines.push(...describePorts(node, { "(any other name)": node.moreInputs }));
  }
  lines.push("", "outputs", ...describeOutputs(node));
  return `${lines.join("\n")}\n`;
}

function describeOutputs(node: AnyNodeType): string[] {
  const outputs = typicalOutputs(node);
  if (!outputs) {
    return ["  depend on parameters and inputs (blockspin show <pipeline> <stage> --schema)"];
  }
  const { typical } = node;
  if (!typical || typeof node.outputs !== "function") return describePorts(node, outputs);
  const given = typicalCase(node);
  const example = given.length > 0 ? `; shown for ${given.join(", ")}` : "";
  return [
    `  ${typical.depends}`,
    `  (as an example${example})`,
    ...describePorts(node, outputs),
    ...moreColumns(node, outputs).flatMap(({ port, columns }) => {
      const width = Math.max(...columns.map(([name]) => name.length));
      const lines = columns.map(([name, note]) => `      ${name.padEnd(width)}  ${note}`);
      return [`  ${port}, where parameters or inputs ask for it:`, ...lines];
    }),
  ];
}

/** Ports with their columns: type, and the line on each. */
function describePorts(node: AnyNodeType, ports: Ports): string[] {
  const entries = Object.entries(ports);
  if (entries.length === 0) return ["  none"];
  return entries.flatMap(([name, port]) => {
    const columns = Object.entries(port.columns).map(([column, type]) => {
      return [column, formatType(type), noteOn(node, name, column) ?? ""] as const;
    });
    const [width, types] = [0, 1].map((i) => Math.max(0, ...columns.map((row) => row[i]!.length)));
    return [
      `  ${name}${marksOf(port)}:${columns.length > 0 ? "" : " any columns"}`,
      ...(port.description ? [`      ${port.description}`] : []),
      ...columns.map(([column, type, note]) =>
        `      ${column.padEnd(width!)}  ${type.padEnd(types!)}  ${note}`.trimEnd(),
      ),
    ];
  });
}

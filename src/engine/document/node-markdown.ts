/** What an editor shows beside a node type and its ports, as Markdown. */
import { formatType } from "../../table/type-text.ts";
import type { Schema } from "../language/compile-schema.ts";
import type { AnyNodeType, Port, Ports } from "../node-type.ts";
import { own } from "../own.ts";
import { noteOn, typicalOutputs } from "./typical.ts";

/** Summary, parameters with defaults, and outputs. */
export function nodeMarkdown(node: AnyNodeType): string {
  const outputs = typicalOutputs(node) ?? {};
  const depends = typeof node.outputs === "function" ? node.typical?.depends : undefined;
  return [
    node.summary,
    section("Parameters", paramLines(node.params as Schema)),
    section("Inputs", portLines(node.inputs as Ports)),
    section("Outputs", [...portLines(outputs), ...(depends ? ["", depends] : [])]),
    `\`blockspin nodes ${node.type}\` says more.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** A port with its columns. */
export function portMarkdown(node: AnyNodeType, name: string, port: Port): string {
  const columns = Object.entries(port.columns).map(([column, type]) => {
    return `- \`${column}\` ${formatType(type)}: ${noteOn(node, name, column) ?? ""}`;
  });
  const { description = "" } = port;
  return [description, columns.join("\n")].filter((part) => part !== "").join("\n\n");
}

/** The description of a value with its default. */
export function withDefault(description: string, preset: unknown): string {
  return `${description}\n\nDefault: \`${JSON.stringify(preset)}\``;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length > 0 ? `**${title}**\n\n${lines.join("\n")}` : "";
}

function paramLines({ properties = {}, required = [] }: Schema): string[] {
  return Object.entries(properties as Record<string, Schema>).map(([name, schema]) => {
    const isRequired = (required as readonly string[]).includes(name) && !("default" in schema);
    const preset = "default" in schema ? ` (${JSON.stringify(schema["default"])})` : "";
    const mark = isRequired ? " (required)" : preset;
    return `- \`${name}\`${mark}: ${String(own(schema, "description") ?? "")}`;
  });
}

function portLines(ports: Ports): string[] {
  return Object.entries(ports).map(([name, { columns, optional, main }]) => {
    const marks = [optional ? "optional" : "", main ? "main" : ""].filter(Boolean).join(", ");
    const names = Object.keys(columns);
    const shown = names.length > 0 ? names.join(", ") : "any columns";
    return `- \`${name}\`${marks === "" ? "" : ` (${marks})`}: ${shown}`;
  });
}

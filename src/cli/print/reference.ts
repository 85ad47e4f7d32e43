/**
 * docs/node-types.md, made from what node types say of themselves: the same texts as `blockspin nodes
 * TYPE`, for a browser. Knows no node type.
 */
import { type AnyNodeType, formatType, type Ports } from "../../index.ts";
import { type ParamSchema, typeText } from "./params.ts";

/** The whole page. */
export function referencePage(nodeTypes: readonly AnyNodeType[]): string {
  const index = nodeTypes.map(({ type, summary }) => `- [${type}](#${type}): ${prose(summary)}`);
  const head = [
    "# Node types",
    "",
    "<!-- Made by `npm run build` from src/nodes/. Change a description there. -->",
    "",
    "`blockspin nodes TYPE` prints the same. A stage names a node type under `node:`, its parameters under `with:`, and",
    "what each input port reads under `inputs:`. Column types: `float64?` may be null, `bool[256]` are 256 bits in each row,",
    "`bool[*]` any number of them, `list<float32>` rows of their own lengths.",
    "",
    ...index,
    "",
  ];
  return [...head, ...nodeTypes.flatMap(section)].join("\n");
}

function section(node: AnyNodeType): string[] {
  const details = node.details ? [prose(node.details.trim()), ""] : [];
  const more: Ports = node.moreInputs ? { "(any other name)": node.moreInputs } : {};
  const outputs =
    typeof node.outputs === "function"
      ? ["They depend on parameters and inputs: `blockspin show FILE STAGE --schema`."]
      : ports(node.outputs);
  return [
    `## ${node.type}`,
    "",
    prose(node.summary),
    "",
    `*${[`Version ${node.version}`, ...traits(node)].join("; ")}.*`,
    "",
    ...details,
    ...titled("Parameters", params(node.params)),
    ...titled("Inputs", ports({ ...node.inputs, ...more })),
    ...titled("Outputs", outputs),
  ];
}

const titled = (title: string, lines: readonly string[]) => [`**${title}**`, "", ...lines, ""];

/** How caching takes it apart. */
function traits({ splits, grows, maps, backend }: AnyNodeType): string[] {
  return [
    ...(splits === undefined ? [] : [`in parts, by \`${splits}\``]),
    ...(grows === undefined ? [] : [`continues, by \`${grows.by}\``]),
    ...(maps === undefined ? [] : [`row by row of \`${maps}\``]),
    ...(backend ? ["depends on the backend"] : []),
  ];
}

function params({ properties = {}, required = [] }: ParamSchema): string[] {
  const entries = Object.entries(properties);
  if (entries.length === 0) return ["None."];
  const rows = entries.map(([name, schema]) => {
    const preset = schema.default;
    const needed = required.includes(name) ? "required" : "";
    const cells = [
      code(name),
      // A bar would end the cell.
      code(typeText(schema).replaceAll(" | ", " or ")),
      preset === undefined ? needed : code(JSON.stringify(preset)),
      prose(schema.description ?? ""),
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| name | type | default | |", "|---|---|---|---|", ...rows];
}

function ports(all: Ports): string[] {
  const entries = Object.entries(all);
  if (entries.length === 0) return ["None."];
  return entries.map(([name, { columns, optional, main, description }]) => {
    const types = Object.entries(columns).map(([column, type]) =>
      code(`${column}: ${formatType(type)}`),
    );
    const marks = [optional ? "optional" : "", main ? "main" : ""].filter(Boolean);
    const head = `${name.startsWith("(") ? name : code(name)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`;
    const text = description ? ` ${prose(description)}` : "";
    return `- ${head}: ${types.join(", ") || "any columns"}.${text}`;
  });
}

const code = (text: string) => `\`${text}\``;

/** Text in which nothing but code in backticks and lists is Markdown: <z> is a mean, no tag. */
function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll("<", "&lt;").replaceAll("*", "\\*")))
    .join("");
}

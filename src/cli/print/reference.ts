/**
 * docs/node-types.md, made from what node types say of themselves: the same texts as `blockspin nodes
 * TYPE`, for a browser. Knows no node type.
 */
import { type AnyNodeType, formatType, noteOn, type Ports, typicalOutputs } from "../../index.ts";
import { marksOf, moreColumns, typicalCase } from "./node-type.ts";
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
  const more: Ports = node.moreInputs ? { [anyName]: node.moreInputs } : {};
  return [
    `## ${node.type}`,
    "",
    prose(node.summary),
    "",
    `*${[`Version ${node.version}`, ...traits(node)].join("; ")}.*`,
    "",
    ...details,
    ...titled("Parameters", params(node.params)),
    ...titled("Inputs", ports(node, { ...node.inputs, ...more })),
    ...titled("Outputs", outputs(node)),
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
    return [
      code(name),
      // A bar would end the cell.
      code(typeText(schema).replaceAll(" | ", " or ")),
      preset === undefined ? needed : code(JSON.stringify(preset)),
      prose(schema.description ?? ""),
    ];
  });
  return table(["name", "type", "default", ""], rows);
}

/** Those that a node type always has, or those of its typical parameters and inputs. */
function outputs(node: AnyNodeType): string[] {
  const found = typicalOutputs(node);
  if (!found)
    return ["They depend on parameters and inputs: `blockspin show FILE STAGE --schema`."];
  if (!node.typical || typeof node.outputs !== "function") return ports(node, found);
  const given = typicalCase(node).map(code);
  const example = given.length > 0 ? ` Shown for ${given.join(", ")}.` : "";
  const more = moreColumns(node, found).flatMap(({ port, columns }) => {
    const rows = columns.map(([name, note]) => [code(name), prose(note)]);
    const title = `${code(port)}, where parameters or inputs ask for it:`;
    return ["", title, "", ...table(["column", ""], rows)];
  });
  return [`${prose(node.typical.depends)}${example}`, "", ...ports(node, found), ...more];
}

const anyName = "(any other name)";

function ports(node: AnyNodeType, all: Ports): string[] {
  const entries = Object.entries(all);
  if (entries.length === 0) return ["None."];
  return entries.flatMap(([name, port], i) => {
    const head = `${name === anyName ? "Any other name" : code(name)}${marksOf(port)}:`;
    const rows = Object.entries(port.columns).map(([column, type]) => {
      return [code(column), code(formatType(type)), prose(noteOn(node, name, column) ?? "")];
    });
    const text = [
      head,
      ...(rows.length > 0 ? [] : ["any columns."]),
      prose(port.description ?? ""),
    ];
    return [
      ...(i > 0 ? [""] : []),
      text.join(" ").trim(),
      ...(rows.length > 0 ? ["", ...table(["column", "type", ""], rows)] : []),
    ];
  });
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), `|${header.map(() => "---|").join("")}`, ...rows.map(line)];
}

const code = (text: string) => `\`${text}\``;

/** Text in which nothing but code in backticks and lists is Markdown: <z> is a mean, no tag. */
function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll("<", "&lt;").replaceAll("*", "\\*")))
    .join("");
}

/**
 * The type of a column as text, the same in pipelines, messages and listings: `float64`, `utf8?`
 * (nullable), `bool[256]` or `float32[16,16]` (that many items in a row), `bool[*]` (any number of
 * them), `any[*]` (items of any type), `list<float32>` (rows of their own lengths).
 */
import { scalarNames } from "./columns.ts";
import type { ColumnType, ScalarName } from "./schema.ts";

export function formatType(column: ColumnType): string {
  if (column.type === "list") return `list<${column.item}>`;
  if (column.type !== "fixed_size_list") return column.type + (column.nullable ? "?" : "");
  const item = column.item === "*" ? "any" : column.item;
  return `${item}[${column.shape?.join(",") ?? column.size}]`;
}

/** Undefined for a text that no column can be written with; `*` is for input ports alone. */
export function parseType(text: string): ColumnType | undefined {
  const match = /^(?:list<(\w+)>|(\w+)(?:\[([\d, ]+)\])?(\?)?)$/.exec(text.trim());
  if (!match) return undefined;
  const [, listItem, name, sizes, nullable] = match;
  if (listItem !== undefined) {
    if (!isScalar(listItem) || listItem === "bool" || listItem === "int64") return undefined;
    return { type: "list", item: listItem };
  }
  if (name === undefined || !isScalar(name)) return undefined;
  if (sizes === undefined) return nullable ? { type: name, nullable: true } : { type: name };
  if (name === "utf8" || name === "int64" || nullable) return undefined;
  const shape = sizes.split(",").map(Number);
  const size = shape.reduce((a, b) => a * b, 1);
  if (!Number.isInteger(size) || size < 1) return undefined;
  return { type: "fixed_size_list", item: name, size, ...(shape.length > 1 ? { shape } : {}) };
}

function isScalar(name: string): name is ScalarName {
  return scalarNames.includes(name as ScalarName);
}

/** Which tables fit which ports. Knows columns, and nothing of stages. */

import type { Columns, ColumnType, ScalarColumn } from "../../table/schema.ts";
import { formatType } from "../../table/type-text.ts";
import type { Ports } from "../node-type.ts";
import { own } from "../own.ts";

export function describeColumns(columns: Columns): string {
  const parts = Object.entries(columns).map(([name, column]) => `${name}: ${formatType(column)}`);
  return parts.length > 0 ? parts.join(", ") : "any columns";
}

export interface Misfit {
  readonly column: string;
  /** A size alone is wrong; everything else is right. */
  readonly kind: "missing" | "type" | "size";
}

/**
 * The first column of a port that a table lacks, or has with another type, another size or nulls that
 * the port does not allow. Further columns and their order are free.
 */
export function misfit(table: Columns, port: Columns): Misfit | undefined {
  for (const [column, wanted] of Object.entries(port)) {
    const given = Object.hasOwn(table, column) ? table[column] : undefined;
    if (!given) return { column, kind: "missing" };
    if (!sameKind(given, wanted)) return { column, kind: "type" };
    if (given.type !== "fixed_size_list" || wanted.type !== "fixed_size_list") continue;
    if (wanted.size !== "*" && given.size !== wanted.size) return { column, kind: "size" };
  }
  return undefined;
}

function sameKind(given: ColumnType, wanted: ColumnType): boolean {
  if (given.type !== wanted.type) return false;
  if ("item" in given) return given.item === (wanted as typeof given).item;
  return !given.nullable || (wanted as ScalarColumn).nullable === true;
}

/** The only port, or the one marked `main`. */
export function mainPort(ports: Ports): string | undefined {
  const names = Object.keys(ports);
  const main = names.filter((name) => ports[name]!.main);
  if (main.length === 1) return main[0];
  return names.length === 1 ? names[0] : undefined;
}

/**
 * The columns of several tables in one: the same names and types, nullable where any of them is, with
 * the shape that any of them has. Otherwise the name of a column that they do not share.
 */
export function unify(tables: readonly Columns[]): Columns | { readonly differs: string } {
  const [first = {}, ...others] = tables;
  const unified: Record<string, ColumnType> = { ...first };
  for (const table of others) {
    for (const name of new Set([...Object.keys(first), ...Object.keys(table)])) {
      const [a, b] = [own(unified, name), own(table, name)];
      if (!a || !b || !sameButNulls(a, b)) return { differs: name };
      if ("nullable" in b && b.nullable) unified[name] = b;
      if ("shape" in b && b.shape) unified[name] = b;
    }
  }
  return unified;
}

function sameButNulls(a: ColumnType, b: ColumnType): boolean {
  if (a.type === "fixed_size_list" && b.type === "fixed_size_list") {
    const isSameShape = !a.shape || !b.shape || String(a.shape) === String(b.shape);
    return a.item === b.item && a.size === b.size && isSameShape;
  }
  if (a.type === "list" && b.type === "list") return a.item === b.item;
  return a.type === b.type;
}

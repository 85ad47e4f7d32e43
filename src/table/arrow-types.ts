/** The fields of an Arrow schema, and the columns of ours that hold them. Knows no values. */
import { UnreadableArrow } from "./errors.ts";
import type { FlatTable } from "./flatbuffer.ts";
import type { NumberName } from "./items.ts";
import type { ColumnType, FixedColumn, ListColumn, ScalarName } from "./schema.ts";

/** Bits of an offset into texts or lists. */
type OffsetBits = 32 | 64;

/** How the innermost values lie. */
export type Leaf =
  | { readonly kind: "number"; readonly item: NumberName | "uint64" }
  | { readonly kind: "bool" }
  | { readonly kind: "text"; readonly offsets: OffsetBits }
  | { readonly kind: "view" };

export type Layout =
  | Leaf
  | { readonly kind: "list"; readonly offsets: OffsetBits; readonly child: Leaf }
  | { readonly kind: "fixed"; readonly size: number; readonly child: Leaf }
  /** What a table cannot hold. */
  | { readonly kind: "other"; readonly name: string };

export interface Field {
  readonly name: string;
  readonly nullable: boolean;
  /** The layout of the values, also where they come from a dictionary. */
  readonly layout: Layout;
  readonly dictionary?: { readonly id: number; readonly index: Leaf } | undefined;
  /** The shape of a tensor, if the field has one. */
  readonly shape?: readonly number[] | undefined;
}

/** By their numbers in the format; those without a layout of ours are refused by name. */
const names =
  "none null int float binary utf8 bool decimal date time timestamp interval list struct union fixed_size_binary fixed_size_list map duration large_binary large_utf8 large_list run_end_encoded binary_view utf8_view list_view large_list_view".split(
    " ",
  );

/** Throws `UnreadableArrow` for a schema that no table can have. */
export function fieldsOf(schema: FlatTable | undefined): Field[] {
  if (!schema) throw new UnreadableArrow("not a readable Arrow IPC file: it has no schema");
  if (schema.int16(0) !== 0) {
    throw new UnreadableArrow("not a readable Arrow IPC file: its numbers are big-endian");
  }
  const fields: Field[] = [];
  const known = new Set(["__proto__"]);
  for (const table of schema.tables(1)) {
    const field = fieldOf(table);
    if (known.has(field.name)) {
      throw new UnreadableArrow(`unusable or repeated column name ${JSON.stringify(field.name)}`);
    }
    known.add(field.name);
    fields.push(field);
  }
  return fields;
}

function fieldOf(table: FlatTable): Field {
  const layout = layoutOf(table);
  const encoding = table.table(4);
  const field = { name: table.text(0), nullable: table.uint8(1) !== 0, layout };
  if (encoding) {
    const type = encoding.table(1);
    const index = type ? intOf(type) : ({ kind: "number", item: "int32" } as const);
    if (index.kind === "other") return { ...field, layout: index };
    return { ...field, dictionary: { id: encoding.size(0), index } };
  }
  return layout.kind === "fixed" ? { ...field, shape: shapeOf(table, layout.size) } : field;
}

function layoutOf(field: FlatTable): Layout {
  const name = names[field.uint8(2)] ?? "unknown";
  if (name !== "list" && name !== "large_list" && name !== "fixed_size_list") return leafOf(field);
  const [item] = field.tables(5);
  if (!item) throw new RangeError("a list without items");
  const child = leafOf(item);
  const size = name === "fixed_size_list" ? (field.table(3)?.int32(0) ?? 0) : 1;
  // Dictionaries inside of lists have no place in our columns.
  if (child.kind === "other" || item.table(4)) {
    return {
      kind: "other",
      name: `${name} of ${child.kind === "other" ? child.name : "dictionary"}`,
    };
  }
  if (size < 1) return { kind: "other", name: `${name} of size ${size}` };
  if (name === "fixed_size_list") return { kind: "fixed", size, child };
  return { kind: "list", offsets: name === "list" ? 32 : 64, child };
}

function leafOf(field: FlatTable): Leaf | { kind: "other"; name: string } {
  const name = names[field.uint8(2)] ?? "unknown";
  if (name === "bool") return { kind: "bool" };
  if (name === "utf8") return { kind: "text", offsets: 32 };
  if (name === "large_utf8") return { kind: "text", offsets: 64 };
  if (name === "utf8_view") return { kind: "view" };
  const type = field.table(3);
  if (name === "int" && type) return intOf(type);
  if (name !== "float" || !type) return { kind: "other", name };
  const item = ([undefined, "float32", "float64"] as const)[type.int16(0)];
  return item ? { kind: "number", item } : { kind: "other", name: "float16" };
}

function intOf(type: FlatTable): Leaf | { kind: "other"; name: string } {
  const bits = type.int32(0);
  const name = `${type.uint8(1) ? "" : "u"}int${bits}`;
  if (![8, 16, 32, 64].includes(bits)) return { kind: "other", name };
  return { kind: "number", item: name as NumberName };
}

/** The shape of a tensor, if it is plain and fits. */
function shapeOf(field: FlatTable, size: number): readonly number[] | undefined {
  const metadata = new Map<string, string>();
  for (const pair of field.tables(6)) metadata.set(pair.text(0, 100), pair.text(1, 1000));
  if (metadata.get("ARROW:extension:name") !== "arrow.fixed_shape_tensor") return undefined;
  try {
    const tensor = JSON.parse(metadata.get("ARROW:extension:metadata") ?? "null");
    const shape: unknown = tensor?.permutation ? undefined : tensor?.shape;
    if (!Array.isArray(shape) || shape.some((n) => !Number.isInteger(n) || n < 1)) return undefined;
    return shape.reduce((a, b) => a * b, 1) === size ? shape : undefined;
  } catch {
    return undefined;
  }
}

/** The column of ours that holds the values of a field, without regard to nulls. */
export function columnOf({ name, layout, dictionary, shape }: Field): ColumnType {
  if (layout.kind === "fixed") {
    const item = itemOf(layout.child);
    if (item && item !== "utf8" && item !== "int64" && !dictionary) {
      const column: FixedColumn = { type: "fixed_size_list", item, size: layout.size };
      return shape ? { ...column, shape } : column;
    }
  } else if (layout.kind === "list") {
    const item = itemOf(layout.child);
    if (item && item !== "bool" && item !== "int64" && !dictionary) {
      return { type: "list", item } satisfies ListColumn;
    }
  } else if (layout.kind !== "other") {
    const type = itemOf(layout);
    if (type) return { type };
  }
  throw new UnreadableArrow(
    `column ${JSON.stringify(name)} has type ${typeName(layout)}; expected bool, int8 to int64, ` +
      "uint8 to uint32, float32, float64, utf8, or a list of one of these",
  );
}

/** Undefined for numbers that no column has. */
function itemOf(leaf: Leaf): ScalarName | undefined {
  if (leaf.kind === "bool") return "bool";
  if (leaf.kind !== "number") return "utf8";
  return leaf.item === "uint64" ? undefined : leaf.item;
}

function typeName(layout: Layout): string {
  if (layout.kind === "other") return layout.name;
  if (layout.kind === "list") return `list of ${typeName(layout.child)}`;
  if (layout.kind === "fixed") return `fixed_size_list of ${typeName(layout.child)}`;
  return layout.kind === "number" ? layout.item : (itemOf(layout) ?? "");
}

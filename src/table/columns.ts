/** Checks columns, and computes how wide their rows are. Loads no Arrow. */
import { SchemaMismatch } from "./errors.ts";
import type { Columns, ColumnType, ScalarName } from "./schema.ts";

const CHUNK_ROWS_MAX = 65_536;
const CHUNK_BYTES_MAX = 4 * 1024 * 1024;

// Rows of variable length count with a nominal width, since a chunk boundary may depend on the
// schema alone: a string is 28 bytes and an offset of 4; a list has 256 items and an offset.
const TEXT_BYTES = 32;
const LIST_ITEMS = 256;
const OFFSET_BYTES = 4;

/** One digest can be taken of this many bytes. */
const OBJECT_BYTES_MAX = 2 ** 31 - 1;

const bits: Record<ScalarName, number> = {
  bool: 1,
  int8: 8,
  uint8: 8,
  int16: 16,
  uint16: 16,
  int32: 32,
  uint32: 32,
  int64: 64,
  float32: 32,
  float64: 64,
  utf8: 8 * TEXT_BYTES,
};

export const scalarNames = Object.keys(bits) as readonly ScalarName[];

/** The type of the innermost values. */
export function itemOf(column: ColumnType): ScalarName {
  return "item" in column ? (column.item as ScalarName) : column.type;
}

/** Items in a row: 1 for a scalar, the size of a fixed list. A plain list has no such number. */
export function sizeOf(column: ColumnType): number {
  return column.type === "fixed_size_list" ? (column.size as number) : 1;
}

export function isNullable(column: ColumnType): boolean {
  return "nullable" in column && column.nullable === true;
}

/** Whether a text survives UTF-8: it has no lone surrogate. */
export function isWellFormed(text: string): boolean {
  // Most texts have no half at all, which is quicker to see.
  return !/[\ud800-\udfff]/.test(text) || !/\p{Surrogate}/u.test(text);
}

/** Throws `SchemaMismatch` unless rows could be written with these columns. */
export function checkColumns(schema: Columns): void {
  const names = Object.keys(schema);
  if (names.length === 0) throw new SchemaMismatch("", "a table needs at least one column");
  for (const name of names) {
    const column = schema[name]!;
    if (name === "" || name === "__proto__" || !isWellFormed(name)) {
      throw new SchemaMismatch("", `invalid column name ${JSON.stringify(name)}`);
    }
    if (!isKnown(column)) throw new SchemaMismatch(name, `unknown type ${typeText(column)}`);
    if (column.type !== "fixed_size_list") continue;
    const { size, shape } = column;
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 1) {
      throw new SchemaMismatch(name, `invalid size ${JSON.stringify(size)}`);
    }
    if (shape !== undefined && !holds(shape, size)) {
      throw new SchemaMismatch(name, `shape ${JSON.stringify(shape)} does not hold ${size} items`);
    }
  }
}

/** Whether it is one of the types in schema.ts, and nothing that only looks like one. */
function isKnown(column: ColumnType): boolean {
  const { type, item } = column as { type: string; item?: unknown };
  if (type !== "list" && type !== "fixed_size_list") {
    return Object.hasOwn(bits, type) && item === undefined;
  }
  return typeof item === "string" && Object.hasOwn(bits, item);
}

function typeText(column: ColumnType): string {
  const { type, item } = column as { type: unknown; item?: unknown };
  return String(item === undefined ? type : item);
}

function holds(shape: readonly number[], size: number): boolean {
  const counts = Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 1);
  return counts && shape.reduce((product, n) => product * n, 1) === size;
}

/** Nominal bits of one row. */
function rowBits(schema: Columns): number {
  let total = 0;
  for (const column of Object.values(schema)) {
    const item = bits[itemOf(column)];
    if (column.type === "list") total += 8 * OFFSET_BYTES + LIST_ITEMS * item;
    else total += sizeOf(column) * item + (isNullable(column) ? 1 : 0);
  }
  return total;
}

/**
 * Rows in every chunk but the last: the largest power of two, at most 65,536, with which a chunk
 * stays within 4 MiB; at least 1.
 */
export function rowsPerChunk(schema: Columns): number {
  const rows = (8 * CHUNK_BYTES_MAX) / rowBits(schema);
  return 2 ** Math.floor(Math.log2(Math.min(CHUNK_ROWS_MAX, Math.max(1, rows))));
}

/**
 * How many bytes a chunk can have, by its rows: no fewer than its values take, since the writer of
 * a store does not compress; and not many more, unless its rows have a length of their own.
 */
export function bytesPerChunk(schema: Columns) {
  const columns = Object.values(schema);
  const open = columns.some((column) => column.type === "list" || column.type === "utf8");
  const names = JSON.stringify(schema).length;
  const least = (rows: number) =>
    columns.reduce((sum, column) => sum + Math.ceil((rows * leastBits(column)) / 8), 0);
  // Validity takes a bit a row; the schema stands there twice, and each buffer in its place.
  const most = (rows: number) => 2 * least(rows) + 8 * names + 4096 * columns.length + 2 ** 20;
  return { least, most: open ? () => OBJECT_BYTES_MAX : most };
}

/** Bits that a row takes at least. */
function leastBits(column: ColumnType): number {
  if (column.type === "list" || column.type === "utf8") return 8 * OFFSET_BYTES;
  return sizeOf(column) * bits[itemOf(column)];
}

/** What `make` finds of a schema, once: schemas stay as they are. */
export function onceFor<T>(make: (schema: Columns) => T): (schema: Columns) => T {
  const found = new WeakMap<Columns, T>();
  return (schema) => {
    const known = found.get(schema);
    if (known !== undefined) return known;
    const made = make(schema);
    found.set(schema, made);
    return made;
  };
}

/** The same columns with defaults and anything unknown left out; one object for each schema. */
export const plainColumns = (schema: Columns): Columns =>
  isPlain.has(schema) ? schema : plainOnce(schema);

const isPlain = new WeakSet<Columns>();

const plainOnce = onceFor((schema): Columns => {
  const plain = Object.fromEntries(
    Object.entries(schema).map(([name, column]): [string, ColumnType] => {
      if (column.type === "list") return [name, { type: "list", item: column.item }];
      if (column.type === "fixed_size_list") {
        const { type, item, size, shape } = column;
        return [name, shape ? { type, item, size, shape } : { type, item, size }];
      }
      const { type } = column;
      return [name, isNullable(column) ? { type, nullable: true } : { type }];
    }),
  );
  isPlain.add(plain);
  return Object.freeze(plain);
});

/** Columns as text. They have an order, unlike the keys of an object in canonical JSON. */
export const columnsText = onceFor((schema) =>
  JSON.stringify(Object.entries(plainColumns(schema))),
);

/** Equal in names, order and types. */
export function sameColumns(a: Columns, b: Columns): boolean {
  return columnsText(a) === columnsText(b);
}

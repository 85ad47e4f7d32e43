/**
 * Reads the chunks that arrow-writer.ts makes, and refuses what it would not write: the bytes may come
 * from somebody else.
 */
import { Cursor, dataOf, type Expansion, type RawColumn, readColumn } from "./arrow-columns.ts";
import { damaged, reading, readMessages } from "./arrow-ipc.ts";
import { columnOf, type Field } from "./arrow-types.ts";
import type { ColumnData, Columns, ColumnType, Table } from "./schema.ts";

/** Our chunks are never compressed, and no two texts share their bytes. */
const plain: Expansion = { spend() {}, inflate: (buffer) => buffer };

/** The table in a chunk. Throws `UnreadableArrow`. */
export function decodeChunk(bytes: Uint8Array): Table {
  return reading(() => {
    const { fields, messages } = readMessages(bytes);
    const [message] = messages;
    if (!message || messages.length !== 1) throw damaged("expected one batch");
    const { batch } = message;
    if (batch.codec !== undefined) throw damaged("a chunk is never compressed");
    const schema = ownColumns(fields);
    const columns: Record<string, ColumnData> = {};
    const cursor = new Cursor(batch, plain);
    for (const field of fields) {
      const column = schema[field.name]!;
      const raw = readColumn(field.layout, cursor);
      checkRows(raw, batch.rows);
      if (raw.holes || (raw.validity && !field.nullable)) {
        throw damaged(`column ${JSON.stringify(field.name)} has nulls that its type excludes`);
      }
      columns[field.name] = dataOf(column, raw);
    }
    cursor.end();
    return { rows: batch.rows, schema, columns } as Table;
  });
}

const columnsBy = new WeakMap<readonly Field[], Columns>();

function ownColumns(fields: readonly Field[]): Columns {
  const known = columnsBy.get(fields);
  if (known) return known;
  const columns = Object.fromEntries(fields.map((field) => [field.name, ownColumnOf(field)]));
  columnsBy.set(fields, Object.freeze(columns));
  return columns;
}

export function checkRows({ length }: RawColumn, rows: number): void {
  if (length !== rows) throw damaged(`a column has ${length} rows in a batch of ${rows}`);
}

function ownColumnOf(field: Field): ColumnType {
  const { name, nullable, layout, dictionary } = field;
  const leaf = "child" in layout ? layout.child : layout;
  const isForeign = leaf.kind === "view" || ("offsets" in leaf && leaf.offsets !== 32);
  if (isForeign || dictionary || ("offsets" in layout && layout.offsets !== 32)) {
    throw damaged(`column ${JSON.stringify(name)} is laid out as no chunk is`);
  }
  const column = columnOf(field);
  if (!nullable) return column;
  if ("item" in column) throw damaged(`column ${JSON.stringify(name)} has lists that may be null`);
  return { ...column, nullable: true };
}

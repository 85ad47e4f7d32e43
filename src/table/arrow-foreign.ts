/**
 * Reads Arrow IPC data that other programs wrote: files or streams, compressed or not, with
 * dictionaries, large strings, and columns that could hold nulls and do not. Knows no port.
 */

import { bitAt, packBits } from "../math/bits.ts";
import {
  Cursor,
  dataOf,
  type Expansion,
  plainValues,
  type RawColumn,
  readColumn,
} from "./arrow-columns.ts";
import { type ArrowData, damaged, type Message, reading, readMessages } from "./arrow-ipc.ts";
import { checkRows } from "./arrow-reader.ts";
import { columnOf, type Field } from "./arrow-types.ts";
import { type Decompress, loadCodec } from "./codecs.ts";
import { concatTables } from "./concat.ts";
import { UnreadableArrow } from "./errors.ts";
import { toItems } from "./items.ts";
import type { Columns, ColumnType, ScalarName, Table } from "./schema.ts";

/**
 * How many bytes a file may expand to: the first number, and in addition the second times its size.
 * LZ4 stays below 256 times.
 */
const EXPANSION_MIN = 2 ** 28;
const EXPANSION_RATIO = 256;

/**
 * One table per record batch; at least one. A column is nullable if the data holds a null in it,
 * whatever the file's schema allows. Throws `UnreadableArrow`, with the column and its type, for
 * what a table cannot hold.
 */
export async function readForeignTables(bytes: Uint8Array): Promise<Table[]> {
  const data = reading(() => readMessages(bytes));
  const codecs = new Map<number, Decompress>();
  for (const { batch } of data.messages) {
    if (batch.codec === undefined || codecs.has(batch.codec)) continue;
    try {
      codecs.set(batch.codec, await loadCodec(batch.codec));
    } catch (error) {
      throw damaged((error as Error).message);
    }
  }
  return reading(() => tablesOf(data, new Expanded(bytes.length, codecs)));
}

/** Counts the bytes that one file expands to. */
class Expanded {
  readonly #codecs: ReadonlyMap<number, Decompress>;
  readonly #most: number;
  #spent = 0;

  constructor(size: number, codecs: ReadonlyMap<number, Decompress>) {
    this.#most = EXPANSION_MIN + EXPANSION_RATIO * size;
    this.#codecs = codecs;
  }

  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent <= this.#most) return;
    throw damaged(
      `its values take more than ${this.#most} bytes; write them uncompressed and plain`,
    );
  }

  of(codec: number | undefined): Expansion {
    const spend = (bytes: number) => this.spend(bytes);
    if (codec === undefined) return { spend, inflate: (buffer) => buffer };
    const decompress = this.#codecs.get(codec)!;
    return {
      spend,
      inflate: (buffer) => {
        if (buffer.length === 0) return buffer;
        const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
        const length = Number(view.getBigInt64(0, true));
        const bytes = buffer.subarray(8);
        if (length === -1) return bytes; // The writer left it uncompressed.
        if (length < 0) throw damaged("a buffer has a negative length");
        spend(length);
        return decompress(bytes, length);
      },
    };
  }
}

/** By id; a null can be among the values. */
type Dictionaries = Map<number, (number | bigint | string | null)[]>;

function tablesOf({ fields, messages }: ArrowData, expanded: Expanded): Table[] {
  const columns = fields.map(columnOf);
  const dictionaries: Dictionaries = new Map();
  const owners = ownersOf(fields);
  const batches: { rows: number; raws: RawColumn[] }[] = [];
  for (const message of messages) {
    const cursor = new Cursor(message.batch, expanded.of(message.batch.codec));
    if (message.dictionary) {
      readDictionary(owners, message, cursor, dictionaries);
    } else {
      const raws = fields.map((field) => readField(field, cursor, dictionaries));
      for (const raw of raws) checkRows(raw, message.batch.rows);
      batches.push({ rows: message.batch.rows, raws });
    }
    cursor.end();
  }
  const schema: Columns = Object.fromEntries(
    fields.map(({ name }, i): [string, ColumnType] => {
      const raws = batches.map((batch) => batch.raws[i]!);
      return [name, withNulls(name, columns[i]!, raws)];
    }),
  );
  const full = batches.filter(({ rows }) => rows > 0);
  if (full.length === 0) return [concatTables(schema, [])];
  return full.map(({ rows, raws }) => {
    const data = fields.map(({ name }, i) => [name, dataOf(schema[name]!, raws[i]!)]);
    return { rows, schema, columns: Object.fromEntries(data) };
  });
}

function withNulls(name: string, column: ColumnType, raws: readonly RawColumn[]): ColumnType {
  const hasNull = raws.some(({ validity }) => validity);
  if (raws.some(({ holes }) => holes)) {
    throw new UnreadableArrow(`column ${JSON.stringify(name)} has a null in a list`);
  }
  if (!hasNull) return column;
  if (!("item" in column)) return { ...column, nullable: true };
  throw new UnreadableArrow(`column ${JSON.stringify(name)} has a null list`);
}

/** For the id of each dictionary, a column that uses it. */
function ownersOf(fields: readonly Field[]): Map<number, Field> {
  const owners = new Map<number, Field>();
  for (const field of fields) {
    if (!field.dictionary) continue;
    const owner = owners.get(field.dictionary.id) ?? field;
    if (itemOf(owner) !== itemOf(field)) throw damaged("columns of two types share a dictionary");
    owners.set(field.dictionary.id, owner);
  }
  return owners;
}

function readDictionary(
  owners: ReadonlyMap<number, Field>,
  { batch, dictionary }: Message,
  cursor: Cursor,
  dictionaries: Dictionaries,
): void {
  const { id, adds } = dictionary!;
  const owner = owners.get(id);
  if (!owner) throw damaged("it has a dictionary that no column uses");
  const raw = readColumn(owner.layout, cursor);
  checkRows(raw, batch.rows);
  const values = plainValues(itemOf(owner), raw);
  const before = dictionaries.get(id);
  if (adds && before) for (const value of values) before.push(value);
  else dictionaries.set(id, values);
}

/** A dictionary counts as its values. */
function readField(field: Field, cursor: Cursor, dictionaries: Dictionaries): RawColumn {
  const { layout, dictionary } = field;
  if (!dictionary) return readColumn(layout, cursor);
  const index = readColumn(dictionary.index, cursor);
  const values = dictionaries.get(dictionary.id) ?? [];
  const picked = Array.from({ length: index.length }, (_, i) => {
    if (index.validity && !bitAt(index.validity, i)) return null;
    const value = values[Number(index.items[i])];
    if (value === undefined) throw damaged("an index lies outside of its dictionary");
    if (typeof value === "string") cursor.expansion.spend(value.length);
    return value;
  });
  const items = toItems(itemOf(field), picked);
  if (!picked.includes(null)) return { length: index.length, items };
  return { length: index.length, items, validity: packBits(picked.map((v) => v !== null)) };
}

/** Lists are in no dictionary: `columnOf` refuses them. */
function itemOf(field: Field): ScalarName {
  return columnOf(field).type as ScalarName;
}

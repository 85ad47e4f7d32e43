/** Spins as numbers, for programs that know no packed bits. Knows no file. */
import { bitAt } from "../math/bits.ts";
import type { Table } from "../table/schema.ts";

/** The table with +1 and -1 (int8) in the place of bits, in columns of the same shape. */
export function withSigns(table: Table): Table {
  const schema = { ...table.schema };
  const columns: Record<string, unknown> = { ...table.columns };
  for (const [name, type] of Object.entries(schema)) {
    if (type.type !== "fixed_size_list" || type.item !== "bool") continue;
    schema[name] = { ...type, item: "int8" };
    const bits = table.columns[name] as Uint8Array;
    columns[name] = signsOf(bits, table.rows * Number(type.size));
  }
  return { ...table, schema, columns: columns as Table["columns"] };
}

function signsOf(bits: Uint8Array, count: number): Int8Array {
  const signs = new Int8Array(count);
  for (let i = 0; i < count; i++) signs[i] = bitAt(bits, i) ? 1 : -1;
  return signs;
}

/** Whether a table has bits at all. */
export const hasBits = ({ schema }: Table) =>
  Object.values(schema).some((type) => type.type === "fixed_size_list" && type.item === "bool");

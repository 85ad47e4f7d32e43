import { expect, test } from "vitest";
import { cellsOf } from "../../src/formats/cells.ts";
import type { Table } from "../../src/table/schema.ts";

test("cellsOf() shows spins beyond 2^31 bits", () => {
  const rows = 2 ** 29 + 1;
  const spins = new Uint8Array(2 ** 28 + 1);
  spins[2 ** 28] = 0b1010;
  const schema = { spins: { type: "fixed_size_list", item: "bool", size: 4 } } as const;
  const table: Table = { rows, schema, columns: { spins } };
  expect(cellsOf(table, "spins")(rows - 1)).toEqual([0, 1, 0, 1]);
});

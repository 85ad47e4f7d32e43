/** Bits of one column beyond 2^31 and 2^32, where shifts turn negative or begin anew. */
import { expect, test } from "vitest";
import { copyBits } from "../../src/math/bits.ts";
import { concatTables } from "../../src/table/concat.ts";
import type { Table } from "../../src/table/schema.ts";
import { sliceTable } from "../../src/table/slice.ts";

const bitsOf = (bytes: Uint8Array, from: number, count: number) =>
  Array.from(
    { length: count },
    (_, i) => (bytes[Math.floor((from + i) / 8)]! >> ((from + i) % 8)) & 1,
  );

/** Pages that nobody writes take no memory. */
const blank = (bits: number) => new Uint8Array(bits / 8);
const word = Uint8Array.of(0b1011_0101, 0b0110_1101, 0b1);

test.each([
  ["whole bytes", 2 ** 31, 0],
  ["whole bytes", 2 ** 32 + 8, 8],
  ["other bits", 2 ** 31 - 3, 1],
  ["other bits", 2 ** 32 - 3, 0],
])("copyBits() reads and writes %s at bit %d", (_, at, from) => {
  const large = blank(2 ** 32 + 2 ** 10);
  const expected = bitsOf(word, from, 16);
  copyBits(word, from, large, at, 16);
  expect(bitsOf(large, at, 16)).toEqual(expected);
  const back = new Uint8Array(2);
  copyBits(large, at, back, 0, 16);
  expect(bitsOf(back, 0, 16)).toEqual(expected);
});

const sites = 2 ** 14;

function spins(rows: number, last: number): Table {
  const schema = { spins: { type: "fixed_size_list", item: "bool", size: sites } } as const;
  const bits = blank(rows * sites);
  bits[bits.length - 1] = last;
  return { rows, schema, columns: { spins: bits } };
}

test("tables of more than 2^31 bits are put together and cut", () => {
  const tables = [spins(2 ** 17, 7), spins(3, 9)];
  const { rows, schema, columns } = concatTables(tables[0]!.schema, tables);
  const { spins: bits } = columns as { spins: Uint8Array };
  expect([rows, bits.length]).toEqual([2 ** 17 + 3, ((2 ** 17 + 3) * sites) / 8]);
  expect([bits[2 ** 28 - 1], bits.at(-1)]).toEqual([7, 9]);
  const end = sliceTable({ rows, schema, columns }, 2 ** 17 - 1, rows).columns as typeof columns;
  const kept = end["spins"] as Uint8Array;
  expect([kept.length, kept[sites / 8 - 1], kept.at(-1)]).toEqual([sites / 2, 7, 9]);
});

// From Node 22 on, an array can hold more than a machine has.
const hasLimit = process.versions.node.startsWith("20.");

test.runIf(hasLimit)("more than a typed array can hold is an error that names the column", () => {
  const half: Table = { ...spins(8, 1), rows: 2 ** 21 };
  expect(() => concatTables(half.schema, [half, half])).toThrow(
    'column "spins": 4194304 rows of bool[16384] are too many to read at once',
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { ColumnType } from "../../src/table/schema.ts";
import { formatType, parseType } from "../../src/table/type-text.ts";
import { anyColumn } from "./arbitrary.ts";

test("parseType() reads what formatType() writes", () => {
  fc.assert(
    fc.property(anyColumn, (column) => {
      const again = parseType(formatType(column));
      const { shape, ...plain } = column as ColumnType & { shape?: readonly number[] };
      // A shape of one number says no more than the size.
      expect(again).toEqual(shape && shape.length > 1 ? column : plain);
    }),
  );
});

test.each<[ColumnType, string]>([
  [{ type: "float64" }, "float64"],
  [{ type: "utf8", nullable: true }, "utf8?"],
  [{ type: "fixed_size_list", item: "bool", size: "*" }, "bool[*]"],
  [{ type: "fixed_size_list", item: "bool", size: 256, shape: [16, 16] }, "bool[16,16]"],
  [{ type: "list", item: "float32" }, "list<float32>"],
])("formatType(%j) is %s", (column, text) => {
  expect(formatType(column)).toBe(text);
});

test.each(["", "float16", "utf8[3]", "int64[3]", "bool[3]?", "bool[0]", "bool[1.5]", "list<bool>"])(
  "%j is the type of no column",
  (text) => {
    expect(parseType(text)).toBeUndefined();
  },
);

import { expect, test } from "vitest";
import { prepareBatch } from "../../src/table/batch.ts";
import { checkColumns } from "../../src/table/columns.ts";
import { SchemaMismatch } from "../../src/table/errors.ts";
import type { Batch, Columns, ColumnType } from "../../src/table/schema.ts";

/** The message and the column of the mismatch. */
function mismatch(schema: Columns, batch: object): string {
  try {
    prepareBatch(schema, batch as Batch);
  } catch (error) {
    if (!(error instanceof SchemaMismatch)) throw error;
    return error.message;
  }
  return "none";
}

const one = (column: ColumnType, input: unknown) => mismatch({ x: column }, { x: input });

test("prepareBatch() wants exactly the columns of the schema", () => {
  const schema: Columns = { a: { type: "int8" }, b: { type: "utf8" } };
  expect(mismatch(schema, { a: [1] })).toBe('column "b": is missing');
  expect(mismatch(schema, { a: [1], b: ["x"], c: [1] })).toBe('column "c": is not in the schema');
  expect(mismatch(schema, { a: [1, 2], b: ["x"] })).toBe(
    'column "b": has 1 rows, but column "a" has 2',
  );
  expect(mismatch(schema, { a: [1], b: ["x"] })).toBe("none");
});

test("prepareBatch() names the row and the value that a column cannot hold", () => {
  expect(one({ type: "uint8" }, [1, 256])).toBe('column "x": row 1: 256 is out of range for uint8');
  expect(one({ type: "int32" }, [-(2 ** 31) - 1])).toContain("row 0: -2147483649 is out of range");
  expect(one({ type: "int16" }, [0.5])).toBe('column "x": row 0: expected an integer, got 0.5');
  expect(one({ type: "int64" }, [2n ** 63n])).toContain("is out of range for int64");
  expect(one({ type: "int64" }, [2 ** 53])).toContain("expected a bigint or a safe integer");
  expect(one({ type: "float32" }, [1e39])).toContain("1e+39 is out of range for float32");
  expect(one({ type: "float64" }, [1, "2"])).toBe('column "x": row 1: expected a number, got "2"');
  expect(one({ type: "float64" }, [undefined])).toContain("expected a number, got undefined");
  expect(one({ type: "bool" }, [true, 2])).toContain("row 1: expected true, false, 0 or 1, got 2");
  expect(one({ type: "bool" }, Uint8Array.of(0, 1, 7))).toContain("row 2: expected true, false");
  expect(one({ type: "utf8" }, ["a", 1])).toBe('column "x": row 1: expected a string, got 1');
  expect(one({ type: "utf8" }, ["\ud800"])).toContain("has half a surrogate pair");
});

test("prepareBatch() takes nulls only where the column may hold them", () => {
  expect(one({ type: "float64" }, [1, null])).toBe(
    'column "x": row 1: null in a column without nulls',
  );
  expect(one({ type: "float64", nullable: true }, [1, null])).toBe("none");
  expect(one({ type: "float64", nullable: true }, Float64Array.of(1))).toBe("none");
  expect(one({ type: "list", item: "utf8" }, [["a"], null])).toContain(
    "row 1: expected a list of utf8",
  );
});

test("prepareBatch() refuses another typed array than the column's", () => {
  expect(one({ type: "float64" }, Float32Array.of(1))).toBe(
    'column "x": expected float64, got Float32Array',
  );
  expect(one({ type: "int32" }, Uint32Array.of(1))).toContain("expected int32, got Uint32Array");
  expect(one({ type: "utf8" }, Uint8Array.of(1))).toContain("expected utf8, got Uint8Array");
  expect(one({ type: "list", item: "float32" }, [Float64Array.of(1)])).toContain(
    "got Float64Array",
  );
  expect(one({ type: "float64" }, "abc")).toBe('column "x": expected float64, got string');
  expect(one({ type: "uint8" }, Buffer.of(1))).toBe("none");
});

test("prepareBatch() counts the items of fixed lists", () => {
  const vector: ColumnType = { type: "fixed_size_list", item: "float32", size: 3 };
  expect(one(vector, new Float32Array(7))).toContain("7 items are not a whole number of rows of 3");
  const bits: ColumnType = { type: "fixed_size_list", item: "bool", size: 9 };
  expect(one(bits, Uint8Array.of(1))).toContain("1 bytes are not a whole number of rows of 9 bits");
  expect(
    one(vector, [
      [1, 2, 3],
      [1, 2],
    ]),
  ).toBe('column "x": row 1: expected 3 items, got 2');
  expect(one(vector, [[1, 2, 3], 4])).toBe('column "x": row 1: expected 3 items, got number');
  expect(
    one(vector, [
      [1, 2, 3],
      [4, "5", 6],
    ]),
  ).toContain("row 1: expected a number");
  const list: ColumnType = { type: "list", item: "int8" };
  expect(one(list, [[1, 2], [], [3, 400]])).toContain("row 2: 400 is out of range for int8");
});

test("prepareBatch() finds the number of rows from packed bits where they leave no choice", () => {
  const bits = (size: number): ColumnType => ({ type: "fixed_size_list", item: "bool", size });
  const rows = (size: number, bytes: number) =>
    prepareBatch({ x: bits(size) }, { x: new Uint8Array(bytes) }).rows;
  expect([rows(16, 6), rows(9, 2), rows(9, 3), rows(100, 13), rows(3, 0)]).toEqual([3, 1, 2, 1, 0]);
  expect(one(bits(3), new Uint8Array(1))).toContain("do not tell the number of rows");
  expect(prepareBatch({ x: bits(3) }, { x: new Uint8Array(1) }, 2).rows).toBe(2);
  expect(() => prepareBatch({ x: bits(3) }, { x: new Uint8Array(1) }, 3)).toThrow(
    "the table has 3",
  );
  expect(one(bits(100), new Uint8Array(14))).not.toBe("none");
  const both: Columns = { x: bits(3), y: { type: "int8" } };
  expect(prepareBatch(both, { x: new Uint8Array(1), y: [1, 2] }).rows).toBe(2);
  expect(mismatch(both, { x: new Uint8Array(2), y: [1, 2] })).toContain('but column "y" has 2');
});

test("checkColumns() refuses columns that cannot be written", () => {
  const refused = (schema: object) => (message: RegExp) =>
    expect(() => checkColumns(schema as Columns)).toThrow(message);
  refused({})(/at least one column/);
  refused({ "": { type: "int8" } })(/invalid column name/);
  refused(JSON.parse('{"__proto__":{"type":"int8"}}'))(/invalid column name/);
  refused({ x: { type: "float16" } })(/unknown type float16/);
  refused({ x: { type: "fixed_size_list", item: "bool", size: "*" } })(/invalid size "\*"/);
  refused({ x: { type: "fixed_size_list", item: "bool", size: 0 } })(/invalid size 0/);
  refused({ x: { type: "fixed_size_list", item: "bool", size: 6, shape: [2, 2] } })(
    /shape \[2,2\]/,
  );
  checkColumns({ x: { type: "fixed_size_list", item: "bool", size: 6, shape: [2, 3] } });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { artifactDigest, canonicalJson, sha256 } from "../../src/store/digest.ts";
import { plainColumns, rowsPerChunk, sameColumns } from "../../src/table/columns.ts";
import type { Columns } from "../../src/table/schema.ts";
import { anyColumn } from "./arbitrary.ts";

const spins = (size: number): Columns => ({
  spins: { type: "fixed_size_list", item: "bool", size },
});

test("rowsPerChunk() is the largest power of two within 65,536 rows and 4 MiB", () => {
  expect(rowsPerChunk({ x: { type: "float64" } })).toBe(65_536);
  // 64 bytes a row is 65,536 rows exactly; one bit more halves them.
  expect(rowsPerChunk(spins(512))).toBe(65_536);
  expect(rowsPerChunk(spins(513))).toBe(32_768);
  expect(rowsPerChunk({ x: { type: "fixed_size_list", item: "float32", size: 1024 } })).toBe(1024);
  expect(rowsPerChunk({ x: { type: "fixed_size_list", item: "float64", size: 2 ** 22 } })).toBe(1);
  // Nominal widths: 32 bytes for a string, 256 items and an offset for a list.
  expect(rowsPerChunk({ a: { type: "utf8" }, b: { type: "utf8" } })).toBe(65_536);
  expect(rowsPerChunk({ a: { type: "list", item: "float32" } })).toBe(2048);
  expect(rowsPerChunk({ a: { type: "list", item: "utf8" } })).toBe(256);
});

test("rowsPerChunk() is a power of two for every schema", () => {
  fc.assert(
    fc.property(fc.array(anyColumn, { minLength: 1, maxLength: 9 }), (columns) => {
      const rows = rowsPerChunk(Object.fromEntries(columns.map((column, i) => [`c${i}`, column])));
      expect(rows).toBeGreaterThanOrEqual(1);
      expect(rows).toBeLessThanOrEqual(65_536);
      expect(rows & (rows - 1)).toBe(0);
    }),
  );
});

test("artifactDigest() covers names, order and types of columns, and the order of chunks", () => {
  const a: Columns = { x: { type: "int8" }, y: { type: "utf8" } };
  const chunks = ["1", "2"].map((text) => ({ digest: sha256(text) }));
  const digests = [
    artifactDigest(a, chunks),
    artifactDigest(a, chunks.toReversed()),
    artifactDigest({ y: { type: "utf8" }, x: { type: "int8" } }, chunks),
    artifactDigest({ x: { type: "int8", nullable: true }, y: { type: "utf8" } }, chunks),
    artifactDigest({ z: { type: "int8" }, y: { type: "utf8" } }, chunks),
    artifactDigest(a, []),
  ];
  expect(new Set(digests).size).toBe(digests.length);
  const spelled: Columns = { x: { type: "int8", nullable: false }, y: { type: "utf8" } };
  expect(artifactDigest(spelled, chunks)).toBe(digests[0]);
  expect(sameColumns(spelled, a)).toBe(true);
});

test("artifactDigest() is that of the canonical JSON of columns, chunks and version, however often", () => {
  const columns = fc.dictionary(fc.string({ minLength: 1 }), anyColumn, { noNullPrototype: true });
  fc.assert(
    fc.property(columns, fc.array(fc.string()), (schema, texts) => {
      const chunks = texts.map((text) => ({ digest: sha256(text) }));
      const digests = chunks.map(({ digest }) => digest);
      const whole = { v: 1, columns: Object.entries(plainColumns(schema)), chunks: digests };
      const digest = sha256(canonicalJson(whole));
      expect(artifactDigest(schema, chunks)).toBe(digest);
      expect(artifactDigest(schema, chunks)).toBe(digest);
      expect(artifactDigest(structuredClone(schema), chunks)).toBe(digest);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { artifactDigest, sha256 } from "../../src/store/digest.ts";
import { concatTables } from "../../src/store/tables.ts";
import { decodeChunk } from "../../src/table/arrow-reader.ts";
import { bytesOf, encodeArtifact, toArrowFile } from "../../src/table/arrow-writer.ts";
import { rowsPerChunk } from "../../src/table/columns.ts";
import type { Batch, Columns, Table } from "../../src/table/schema.ts";
import { anyRows, batchOf, type Rows } from "./arbitrary.ts";

async function encode(schema: Columns, batches: Iterable<Batch>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeArtifact(schema, batches)) chunks.push(bytesOf(chunk));
  return chunks;
}

function cut(table: Rows, at: readonly number[], typed: readonly boolean[]): Batch[] {
  const ends = [...at.map((x) => Math.min(x, table.rows)).sort((a, b) => a - b), table.rows];
  return ends.map((end, i) => batchOf(table, ends[i - 1] ?? 0, end, typed[i % typed.length]!));
}

/** What a reader should see: the plain values, with numbers for booleans and rounded floats. */
function expected(table: Rows, name: string): unknown[] {
  const column = table.schema[name]!;
  const kind = "item" in column ? column.item : column.type;
  const one = (value: unknown) => {
    if (typeof value === "boolean") return Number(value);
    return kind === "float32" && typeof value === "number" ? Math.fround(value) : value;
  };
  return table.values[name]!.map((cell) => (Array.isArray(cell) ? cell.map(one) : one(cell)));
}

function seen(table: Table, name: string): unknown[] {
  const column = table.schema[name]!;
  const data = table.columns[name]!;
  if (column.type !== "fixed_size_list") {
    return Array.from(data as ArrayLike<unknown>, (cell) =>
      ArrayBuffer.isView(cell) ? Array.from(cell as Float64Array) : cell,
    );
  }
  const size = column.size as number;
  const bits = data as Uint8Array;
  const at = (i: number) => (column.item === "bool" ? (bits[i >> 3]! >> (i & 7)) & 1 : bits[i]);
  return Array.from({ length: table.rows }, (_, row) =>
    Array.from({ length: size }, (_, i) => at(row * size + i)),
  );
}

test("small chunks in the frame of another one are those that are made without", async () => {
  const schema: Columns = {
    x: { type: "float64", nullable: true },
    text: { type: "utf8" },
    list: { type: "list", item: "int16" },
    spins: { type: "fixed_size_list", item: "bool", size: 3 },
  };
  const row = fc.record({
    x: fc.option(fc.double()),
    text: fc.string({ maxLength: 2 }),
    list: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 2 }),
    spins: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  });
  let made = 0;
  const likes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 2 }), async (rows) => {
      const of = (name: keyof (typeof rows)[number]) => rows.map((one) => one[name]);
      const batch = { x: of("x"), text: of("text"), list: of("list"), spins: of("spins") } as Batch;
      const [chunk] = await encode(schema, [batch]);
      // It knows no frames.
      expect(chunk).toEqual(new Uint8Array(toArrowFile([decodeChunk(chunk!)])));
      const nulls = rows.filter(({ x }) => x === null).length;
      const bytes = Buffer.byteLength(rows.map(({ text }) => text).join(""));
      likes.add(`${rows.length} ${nulls} ${bytes} ${rows.flatMap(({ list }) => list).length}`);
      made++;
    }),
    { numRuns: 300, seed: 14 },
  );
  // Most were not the first of their kind.
  expect(likes.size).toBeLessThan(made / 2);
});

test("encodeArtifact() and decodeChunk() give back every row", async () => {
  await fc.assert(
    fc.asyncProperty(anyRows(40), async (table) => {
      const chunks = await encode(table.schema, [batchOf(table, 0, table.rows, true)]);
      const back = concatTables(table.schema, chunks.map(decodeChunk));
      expect(back.rows).toBe(table.rows);
      expect(back.schema).toEqual(table.schema);
      for (const name of Object.keys(table.schema)) {
        expect(seen(back, name)).toEqual(expected(table, name));
      }
    }),
    { numRuns: 150 },
  );
});

test("encodeArtifact() gives the same bytes however the rows are batched and laid out", async () => {
  const cuts = fc.array(fc.nat(40), { maxLength: 5 });
  const typed = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(anyRows(40), cuts, typed, async (table, at, layouts) => {
      const whole = await encode(table.schema, [batchOf(table, 0, table.rows, false)]);
      const parts = await encode(table.schema, cut(table, at, layouts));
      expect(parts.map(sha256)).toEqual(whole.map(sha256));
    }),
    { numRuns: 150 },
  );
});

test("encodeArtifact() cuts chunks at fixed rows, however the rows are batched", async () => {
  // 8 lists of strings are nominally 64 KiB wide, so that chunks have 32 rows.
  const schema: Columns = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`c${i}`, { type: "list", item: "utf8" }]),
  );
  expect(rowsPerChunk(schema)).toBe(32);
  const rows = (from: number, to: number): Batch =>
    Object.fromEntries(
      Object.keys(schema).map((name) => [
        name,
        Array.from({ length: to - from }, (_, i) => [`${name}/${from + i}`]),
      ]),
    );
  const whole = await encode(schema, [rows(0, 100)]);
  expect(whole.map((bytes) => decodeChunk(bytes).rows)).toEqual([32, 32, 32, 4]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(100), { maxLength: 12 }), async (at) => {
      const ends = [...at.sort((a, b) => a - b), 100];
      const parts = await encode(
        schema,
        ends.map((end, i) => rows(ends[i - 1] ?? 0, end)),
      );
      expect(parts.map(sha256)).toEqual(whole.map(sha256));
    }),
    { numRuns: 25 },
  );
});

test("encodeArtifact() takes batches one at a time", async () => {
  const schema = { x: { type: "fixed_size_list", item: "float64", size: 65_536 } } as const;
  expect(rowsPerChunk(schema)).toBe(8);
  let taken = 0;
  async function* batches(): AsyncGenerator<Batch> {
    for (; taken < 20; taken++) yield { x: new Float64Array(65_536).fill(taken) };
  }
  const before: number[] = [];
  for await (const chunk of encodeArtifact(schema, batches())) before.push(taken, chunk.rows);
  expect(before).toEqual([7, 8, 15, 8, 20, 4]);
});

test("encodeArtifact() makes one chunk with the columns when there are no rows", async () => {
  const schema: Columns = {
    a: { type: "utf8" },
    b: { type: "fixed_size_list", item: "bool", size: 9 },
  };
  const [none, ...more] = await encode(schema, []);
  expect(more).toEqual([]);
  const table = decodeChunk(none!);
  expect([table.rows, table.schema]).toEqual([0, schema]);
  expect(await encode(schema, [{ a: [], b: [] }])).toEqual([none]);
});

test("encodeArtifact() ends on a chunk boundary without an empty chunk", async () => {
  const schema = { x: { type: "float64" } } as const;
  const chunks = await encode(schema, [{ x: new Float64Array(2 * 65_536) }]);
  expect(chunks.map((bytes) => decodeChunk(bytes).rows)).toEqual([65_536, 65_536]);
});

test("encodeArtifact() writes one NaN, whatever NaN it was given", async () => {
  const payloads = [0x7ff8000000000000n, 0xfff8000000000001n, 0x7ff0000000000001n];
  const doubles = payloads.map((bits) => new Float64Array(BigUint64Array.of(bits, bits).buffer));
  const f64 = { x: { type: "float64" } } as const;
  const wide = await Promise.all(doubles.map((x) => encode(f64, [{ x }])));
  expect(new Set(wide.map(([bytes]) => sha256(bytes!))).size).toBe(1);
  const x = decodeChunk(wide[1]![0]!).columns["x"] as Float64Array;
  expect(new BigUint64Array(x.buffer, x.byteOffset, 2)).toEqual(
    BigUint64Array.of(payloads[0]!, payloads[0]!),
  );

  const singles = [0x7fc00000, 0xffc00001, 0x7f800001].map(
    (b) => new Float32Array(Uint32Array.of(b).buffer),
  );
  const f32 = { x: { type: "fixed_size_list", item: "float32", size: 1 } } as const;
  const narrow = await Promise.all(singles.map((x) => encode(f32, [{ x }])));
  expect(new Set(narrow.map(([bytes]) => sha256(bytes!))).size).toBe(1);
});

test("encodeArtifact() keeps the sign of zero", async () => {
  const [bytes] = await encode({ x: { type: "float64" } }, [{ x: [-0] }]);
  expect(Object.is((decodeChunk(bytes!).columns["x"] as Float64Array)[0], -0)).toBe(true);
});

test("encodeArtifact() writes a view of a larger buffer as it writes a copy", async () => {
  const large = Float64Array.from({ length: 100 }, (_, i) => i);
  const schema = { x: { type: "float64" } } as const;
  const [view] = await encode(schema, [{ x: large.subarray(10, 13) }]);
  const [copy] = await encode(schema, [{ x: Float64Array.of(10, 11, 12) }]);
  expect(view).toEqual(copy);
});

test("encodeArtifact() pins the bytes of a known table", async () => {
  const schema: Columns = {
    spins: { type: "fixed_size_list", item: "bool", size: 4, shape: [2, 2] },
    beta: { type: "float64" },
    n: { type: "int32", nullable: true },
    name: { type: "utf8" },
    weights: { type: "list", item: "float32" },
  };
  const batch: Batch = {
    spins: Uint8Array.of(0b1001_0110, 0b0000_1111),
    beta: [0.2, 0.44068679350977147, Number.NaN],
    n: [1, null, -3],
    name: ["", "é", "b"],
    weights: [[1], [], [0.5, -0]],
  };
  const chunks = await encode(schema, [batch]);
  // Changed? Then all stored results change: raise the format version of the store.
  expect(chunks.map(sha256)).toEqual([
    "sha256:84342b4ab81bd4580f1a846e7096ab25895b53857240a19f3e1aa15302a2fb12",
  ]);
  expect(artifactDigest(schema, [{ digest: sha256(chunks[0]!) }])).toBe(
    "sha256:494b05a9bdfa08929c4ac556eb5570679af18ee20cbf29b907cc510eca9ab1ed",
  );
});

test("toArrowFile() makes one file of several tables", async () => {
  const schema = { x: { type: "int8" } } as const;
  const [a] = await encode(schema, [{ x: [1, 2] }]);
  const [b] = await encode(schema, [{ x: [3] }]);
  const file = toArrowFile([decodeChunk(a!), decodeChunk(b!)]);
  const { readForeignTables } = await import("../../src/table/arrow-foreign.ts");
  const tables = await readForeignTables(file);
  expect(tables.map((table) => [...(table.columns["x"] as Int8Array)])).toEqual([[1, 2], [3]]);
  expect(toArrowFile([decodeChunk(a!)])).toEqual(a);
});

test("decodeChunk() shares the file's bytes for numbers and packed bits", async () => {
  const schema: Columns = {
    bits: { type: "fixed_size_list", item: "bool", size: 16 },
    x: { type: "float64" },
    v: { type: "fixed_size_list", item: "float32", size: 2 },
    l: { type: "list", item: "int16" },
  };
  const [bytes] = await encode(schema, [
    { bits: Uint8Array.of(1, 2), x: [1], v: [1, 2], l: [[1]] },
  ]);
  const { columns } = decodeChunk(bytes!);
  const [list] = columns["l"] as unknown as Int16Array[];
  for (const data of [columns["bits"], columns["x"], columns["v"], list]) {
    expect((data as Uint8Array).buffer).toBe(bytes!.buffer);
  }
});

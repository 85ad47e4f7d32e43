/** Arrow data that contradict themselves, from programs and from remotes: errors, and soon. */
import {
  type DataType,
  Dictionary,
  Field,
  FixedSizeList,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  LargeUtf8,
  List,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  Utf8View,
} from "apache-arrow";
import { expect, test } from "vitest";
import { readForeignTables } from "../../src/store/tables.ts";
import { decodeChunk } from "../../src/table/arrow-reader.ts";
import { UnreadableArrow } from "../../src/table/errors.ts";
import {
  floats,
  lists,
  none,
  type Part,
  stated,
  stream,
  text,
  texts,
  valuesOf,
} from "./arrow-stream.ts";

const pairs: Part = { rows: 2, nodes: [[2, 0], [4, 0]], buffers: [none, none, Float64Array.of(1, 2, 3, 4)] } // biome-ignore format: short

const list = new List(new Field("item", new Float64(), true));
const pair = new FixedSizeList(2, new Field("item", new Float64(), true));

test("the parts that the hostile ones below are made of are read", async () => {
  expect(await valuesOf(stream(new Float64(), floats))).toEqual([0, 0.5, 1]);
  expect(await valuesOf(stream(new Utf8(), texts))).toEqual(["ab", "c"]);
  expect(await valuesOf(stream(list, lists))).toEqual([Float64Array.of(1, 2), Float64Array.of(3)]);
  expect(await valuesOf(stream(pair, pairs))).toEqual([1, 2, 3, 4]);
});

test("buffers of LZ4 with block checksums, of ZSTD, and uncompressed ones are read", async () => {
  const frame = (bytes: Uint8Array) => {
    const size = Buffer.from(Uint32Array.of(2 ** 31 + bytes.length).buffer);
    return Buffer.concat([Buffer.from("04224d18604082", "hex"), size, bytes, Buffer.alloc(4)]);
  };
  const values = text("hello");
  const offsets = Int32Array.of(0, 2, 5);
  const lz4 = stated(5, Buffer.from("04224d187040ad0500008068656c6c6ff97700fb00000000", "hex"));
  const zstd = stated(5, Buffer.from("28b52ffd240529000068656c6c6fa36d9f88", "hex"));
  const part = (codec: number, ...buffers: Uint8Array[]): Part => {
    return { rows: 2, nodes: [[2, 0]], buffers: [none, ...buffers], codec };
  };
  const raw = stated(-1, new Uint8Array(offsets.buffer));
  const inLz4 = part(0, stated(12, frame(new Uint8Array(offsets.buffer))), lz4);
  const inZstd = part(1, raw, zstd);
  const inNone = part(0, raw, stated(-1, values));
  for (const one of [inLz4, inZstd, inNone]) {
    expect(await valuesOf(stream(new Utf8(), one))).toEqual(["he", "llo"]);
  }
  const refused = (other: Part, reason: string) =>
    expect(readForeignTables(stream(new Utf8(), other))).rejects.toThrow(reason);
  lz4[lz4.length - 5]! ^= 1;
  await refused(part(0, raw, lz4), "an LZ4 frame is damaged: a block does not match its checksum");
  await refused(part(1, raw, stated(6, zstd.subarray(8))), "a ZSTD frame is damaged");
  await refused(part(1, raw, stated(-2, zstd)), "a buffer has a negative length");
  await refused(part(1, raw, stated(2 ** 40, zstd)), "write them uncompressed");
  await refused(part(1, raw, Buffer.alloc(3)), "it is cut off or damaged");
  await refused(part(9, raw, zstd), "it is compressed with an unknown codec (9)");
});

test("dictionaries with indices of every type are read, added to and replaced", async () => {
  const values = (value: string, adds = false): Part => ({
    rows: 1,
    nodes: [[1, 0]],
    buffers: [none, Int32Array.of(0, value.length), text(value)],
    dictionary: { id: 5, adds },
  });
  const arrays = [Int8Array, Int16Array, Int32Array, Uint8Array, Uint16Array, Uint32Array] as const;
  const types = [new Int8(), new Int16(), new Int32(), new Uint8(), new Uint16(), new Uint32()];
  const cases: [DataType, (k: number) => ArrayBufferView][] = [
    ...types.map((type, i) => [type, (k: number) => arrays[i]!.of(0, k, 0)] as never),
    [new Int64(), (k) => BigInt64Array.of(0n, BigInt(k), 0n)],
    [new Uint64(), (k) => BigInt64Array.of(0n, BigInt(k), 0n)],
  ];
  for (const [type, indices] of cases) {
    const dictionary = new Dictionary(new Utf8(), type as Int32, 5);
    const rows = (k: number): Part => {
      return { rows: 3, nodes: [[3, 1]], buffers: [Uint8Array.of(3), indices(k)] };
    };
    const parts = [values("up"), values("down", true), rows(1), values("new"), rows(0)];
    expect(await valuesOf(stream(dictionary, ...parts))).toEqual(
      ["up", "down", null, "new", "new", null], // biome-ignore format: two batches
    );
    await expect(readForeignTables(stream(dictionary, values("up"), rows(1)))).rejects.toThrow(
      "an index lies outside of its dictionary",
    );
  }
});

test("columns that contradict themselves are refused, by their reason", async () => {
  const refused = async (type: DataType, part: Part, changed: Partial<Part>, reason: string) => {
    const bytes = stream(type, { ...part, ...changed });
    await expect(readForeignTables(bytes), reason).rejects.toThrow(UnreadableArrow);
    await expect(readForeignTables(bytes)).rejects.toThrow(reason);
    expect(() => decodeChunk(bytes)).toThrow(UnreadableArrow);
  };
  const float = (changed: Partial<Part>, reason: string) =>
    refused(new Float64(), floats, changed, reason);
  await float({ rows: 2 }, "a column has 3 rows in a batch of 2");
  await float({ rows: 2 ** 40, nodes: [[2 ** 40, 0]] }, "too short for its rows");
  await float({ nodes: [] }, "a batch lacks a column");
  await float({ nodes: [...floats.nodes, [3, 0]] }, "more parts than its columns");
  await float({ buffers: [none] }, "a batch lacks a buffer");
  await float({ buffers: [...floats.buffers, none] }, "more parts than its columns");
  const outside = "a buffer lies outside of its batch";
  await float({ regions: [[0, 0], [8, 24]] }, outside); // biome-ignore format: pairs
  await float({ regions: [[0, 0], [4, 16]] }, outside); // biome-ignore format: pairs
  await float({ regions: [[0, 24], [0, 24]] }, outside); // biome-ignore format: pairs
  await float({ regions: [[0, 0], [0, 2 ** 50]] }, outside); // biome-ignore format: pairs
  // Nulls
  const nulls = (stated: number, bits: Uint8Array) =>
    ({ nodes: [[3, stated]], buffers: [bits, floats.buffers[1]!] }) as const;
  await float(nulls(1, none), "a validity bitmap is too short");
  await float(nulls(1, Uint8Array.of(7)), "a column states 1 nulls and has 0");
  await float(nulls(0, Uint8Array.of(5)), "a column states 0 nulls and has 1");
  await float(nulls(9, Uint8Array.of(0)), "a column states 9 nulls and has 3");
  const uncounted = stream(new Float64(), { ...floats, ...nulls(-1, Uint8Array.of(5)) });
  expect(await valuesOf(uncounted)).toEqual([0, null, 1]);
  // Offsets
  const offsets = (...all: number[]) => ({ buffers: [none, Int32Array.from(all), text("abc")] });
  await refused(new Utf8(), texts, offsets(0, 2, 1), "its offsets run backwards");
  await refused(new Utf8(), texts, offsets(-1, 2, 3), "its offsets run backwards");
  await refused(new Utf8(), texts, offsets(0, 2, 4), "its offsets run past the end");
  await refused(new Utf8(), texts, offsets(0, 2), "too short for its rows");
  const wide = { buffers: [none, BigInt64Array.of(0n, 2n, 2n ** 60n), text("abc")] };
  await refused(new LargeUtf8(), texts, wide, "its offsets run past the end");
  const items = lists.buffers.slice(2);
  const past = { buffers: [none, Int32Array.of(0, 2, 4), ...items] };
  await refused(list, lists, past, "its offsets run past the end");
  await refused(pair, pairs, { nodes: [[2, 0], [3, 0]] }, "too few items"); // biome-ignore format: pairs
  // Text
  const bytes = { buffers: [none, Int32Array.of(0, 2, 3), Uint8Array.of(0xc3, 0xa9, 0xa9)] };
  await refused(new Utf8(), texts, bytes, "a text is not UTF-8");
  const sign = { rows: 1, nodes: [[1, 0]], buffers: [none, Int32Array.of(0, 3), text("\ufffd")] };
  expect(await valuesOf(stream(new Utf8(), sign as never))).toEqual(["\ufffd"]);
});

test("texts that lie elsewhere are read, and refused where that is nowhere", async () => {
  const view = (...words: number[]) => Int32Array.from(words);
  const long = text("more than twelve bytes");
  const prefix = long.readInt32LE(0);
  const part = (words: Int32Array, ...buffers: Uint8Array[]): Part => ({
    rows: 1,
    nodes: [[1, 0]],
    buffers: [none, words, ...buffers],
    viewed: [buffers.length],
  });
  const read = (words: Int32Array) => valuesOf(stream(new Utf8View(), part(words, long)));
  expect(await read(view(22, prefix, 0, 0))).toEqual(["more than twelve bytes"]);
  expect(await read(view(2, 0x6261, 0, 0))).toEqual(["ab"]);
  // As Polars lays out lists of strings and categories.
  const inner = part(view(22, prefix, 0, 0), long);
  const views = new List(new Field("item", new Utf8View(), true));
  const listed = { ...inner, nodes: [[1, 0], [1, 0]], buffers: [none, view(0, 1), ...inner.buffers] }; // biome-ignore format: pairs
  expect(await valuesOf(stream(views, listed as never))).toEqual([["more than twelve bytes"]]);
  const categories = new Dictionary(new Utf8View() as never, new Uint32() as never, 5);
  const chosen: Part = { rows: 2, nodes: [[2, 0]], buffers: [none, Uint32Array.of(0, 0)] };
  expect(await valuesOf(stream(categories, { ...inner, dictionary: { id: 5 } }, chosen))).toEqual([
    "more than twelve bytes",
    "more than twelve bytes",
  ]);
  await expect(read(view(23, prefix, 0, 0))).rejects.toThrow("outside of its buffer");
  await expect(read(view(22, prefix, 1, 0))).rejects.toThrow("outside of its buffer");
  await expect(read(view(22, prefix, -1, 0))).rejects.toThrow("outside of its buffer");
  await expect(read(view(13, prefix, 0, -4))).rejects.toThrow("outside of its buffer");
  await expect(read(view(22, prefix + 1, 0, 0))).rejects.toThrow("does not begin as its view says");
  await expect(read(view(-1, 0, 0, 0))).rejects.toThrow("a negative length");
  await expect(read(view(2, 0x626261, 0, 0))).rejects.toThrow("not padded with zeros");
});

test("a small file that states much is refused before it takes memory", async () => {
  // A ZSTD frame of 8,000 runs of 128 KiB, as it is or as views of one text of 64 KiB.
  const runs = Array.from({ length: 8000 }, (_, i) =>
    Buffer.from(Uint32Array.of(((2 ** 17) << 3) | 2 | Number(i === 7999)).buffer).fill(65, 3),
  );
  const frame = Buffer.concat([Buffer.from("28b52ffd0068", "hex"), ...runs]);
  const rows = 2 ** 17 * 1000;
  const bomb: Part = {
    rows,
    nodes: [[rows, 0]],
    buffers: [none, stated(8 * rows, frame)],
    codec: 1,
  };
  const views = Int32Array.from(
    { length: 4 * 10_000 },
    (_, i) => [2 ** 16, 0x41414141, 0, 0][i % 4]!,
  );
  const shared: Part = {
    rows: 10_000,
    nodes: [[10_000, 0]],
    buffers: [none, views, Buffer.alloc(2 ** 16, 65)],
    viewed: [1],
  };
  const before = process.memoryUsage().rss;
  for (const [type, part] of [
    [new Float64(), bomb],
    [new Utf8View(), shared],
  ] as const) {
    await expect(readForeignTables(stream(type, part))).rejects.toThrow("write them uncompressed");
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(600 * 2 ** 20);
});

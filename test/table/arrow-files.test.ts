/** Arrow files, streams and chunks that are damaged as a whole: errors, and soon. */
import { readFileSync } from "node:fs";
import {
  Bool,
  type DataType,
  Field,
  FixedSizeList,
  Float64,
  LargeUtf8,
  List,
  Schema,
} from "apache-arrow";
import { expect, test } from "vitest";
import { readForeignTables } from "../../src/store/tables.ts";
import { decodeChunk } from "../../src/table/arrow-reader.ts";
import { bytesOf, encodeArtifact, toArrowFile } from "../../src/table/arrow-writer.ts";
import { UnreadableArrow } from "../../src/table/errors.ts";
import type { Table } from "../../src/table/schema.ts";
import {
  arrowStream,
  floats,
  lists,
  none,
  one,
  type Part,
  stream,
  text,
  texts,
  valuesOf,
} from "./arrow-stream.ts";
import { batch, schema as everyType } from "./every-type.ts";

test("a footer that lies is refused", async () => {
  const table = { schema: { x: { type: "int32" } }, columns: { x: Int32Array.of(1, 2) }, rows: 2 };
  const file = Buffer.from(toArrowFile([table as Table, table as Table]));
  const footer = file.length - 10 - file.readInt32LE(file.length - 10);
  const changed = (change: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(file);
    change(bytes);
    return readForeignTables(bytes);
  };
  expect(await changed(() => {})).toHaveLength(2);
  // Both blocks, of 24 bytes each, lie one behind the other.
  const offset = (i: number) => file.readInt32LE(i);
  const isBlock = (i: number) =>
    offset(i) > 8 &&
    offset(i) < footer &&
    offset(i + 24) === offset(i) + offset(i + 8) + offset(i + 16);
  const first = Array.from({ length: file.length - footer - 48 }, (_, i) => footer + i).find(
    isBlock,
  )!;
  await expect(changed((b) => b.copyWithin(first + 24, first, first + 24))).rejects.toThrow(
    "two of its batches overlap",
  );
  await expect(changed((b) => b.writeInt32LE(offset(first) + 4, first))).rejects.toThrow(
    "a batch is not aligned to 8 bytes",
  );
  await expect(changed((b) => b.writeInt32LE(8, first))).rejects.toThrow(
    "its footer points at something else than a batch",
  );
  await expect(changed((b) => b.writeInt32LE(offset(first + 16) - 8, first + 16))).rejects.toThrow(
    "its footer contradicts a batch",
  );
  await expect(changed((b) => b.writeInt32LE(2 ** 30, first + 40))).rejects.toThrow(
    "a batch lies outside of the file",
  );
  await expect(changed((b) => b.write("x", b.length - 1))).rejects.toThrow(UnreadableArrow);
  await expect(changed((b) => b.writeInt32LE(2 ** 31 - 1, b.length - 10))).rejects.toThrow(
    UnreadableArrow,
  );
});

test("a big-endian stream is refused", async () => {
  const bytes = Buffer.from(stream(new Float64(), floats));
  const follow = (at: number) => at + bytes.readInt32LE(at);
  const vtable = (table: number) => table - bytes.readInt32LE(table);
  // The message begins behind its mark. Its header, in slot 2, is the schema; the slots of that are
  // its endianness, here left out, and its fields.
  const message = follow(8);
  const schema = vtable(follow(message + bytes.readUInt16LE(vtable(message) + 8)));
  bytes.copyWithin(schema + 4, schema + 6, schema + 8);
  await expect(readForeignTables(bytes)).rejects.toThrow("its numbers are big-endian");
});

test("streams: a second schema and a second stream are refused", async () => {
  const whole = stream(new Float64(), floats);
  await expect(readForeignTables(Buffer.concat([whole, whole]))).rejects.toThrow(
    "there are bytes after the end of the stream",
  );
  const open = whole.subarray(0, -8);
  expect(await valuesOf(open)).toEqual([0, 0.5, 1]);
  expect(await valuesOf(Buffer.concat([whole, Buffer.alloc(56)]))).toEqual([0, 0.5, 1]);
  await expect(readForeignTables(Buffer.concat([open, whole]))).rejects.toThrow(
    "it has a message that is not a batch",
  );
  await expect(readForeignTables(new Uint8Array(0))).rejects.toThrow("it has no schema");
  await expect(readForeignTables(text("FEA1 or so"))).rejects.toThrow(UnreadableArrow);
});

test("decodeChunk() takes nothing that the writer would not write", async () => {
  const chunk = (type: DataType, part: Part, nullable = false) =>
    decodeChunk(arrowStream(one(type, nullable), [part]));
  const item = new Field("item", new Float64(), false);
  expect(chunk(new Float64(), floats).rows).toBe(3);
  expect(chunk(new List(item), lists).rows).toBe(2);
  expect(() => chunk(new List(item), lists, true)).toThrow("lists that may be null");
  const wide = { ...texts, buffers: [none, BigInt64Array.of(0n, 2n, 3n), text("abc")] };
  expect(() => chunk(new LargeUtf8(), wide)).toThrow("laid out as no chunk is");
  const holes = { ...floats, nodes: [[3, 1]], buffers: [Uint8Array.of(5), floats.buffers[1]!] };
  expect(() => chunk(new Float64(), holes as never)).toThrow("nulls that its type excludes");
  expect(chunk(new Float64(), holes as never, true).columns["x"]).toEqual([0, null, 1]);
  expect(() => chunk(new Float64(), { ...floats, codec: 0 })).toThrow("never compressed");
  const twice = arrowStream(one(new Float64()), [floats, floats]);
  expect(() => decodeChunk(twice)).toThrow("expected one batch");
  const bits = new FixedSizeList(9, new Field("item", new Bool(), false));
  const short: Part = { rows: 2, nodes: [[2, 0], [17, 0]], buffers: [none, none, Uint8Array.of(1, 2, 3)] }; // biome-ignore format: pairs
  expect(() => chunk(bits, short)).toThrow("too few items");
  for (const name of ["__proto__", "x"]) {
    const fields = ["x", name].map((name) => new Field(name, new Float64(), false));
    expect(() => decodeChunk(arrowStream(new Schema(fields), [floats]))).toThrow(
      `unusable or repeated column name "${name}"`,
    );
  }
});

/** A generator of its own, so that a failure can be looked at again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const extremes = [
  0,
  1,
  7,
  8,
  127,
  128,
  255,
  2 ** 16,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 8,
  2 ** 32 - 1,
];

function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  const changed = Buffer.from(bytes);
  for (let k = random(3); k >= 0; k--) {
    const at = random(changed.length - 4);
    const how = random(4);
    if (how === 0) changed[at]! ^= 1 << random(8);
    if (how === 1) changed.writeUInt32LE(extremes[random(extremes.length)]!, at & ~3);
    if (how === 2) changed.copyWithin(at & ~7, random(changed.length) & ~7, random(changed.length));
    if (how === 3)
      changed.writeInt32LE((changed.readInt32LE(at & ~3) + random(33) - 16) | 0, at & ~3);
  }
  return random(20) === 0 ? changed.subarray(0, random(changed.length)) : changed;
}

test("a mutated file is an error or a table whose columns agree, and soon", async () => {
  const random = randomOf(20_260);
  const fixtures = ["file", "stream", "lz4", "zstd", "null-garbage"].map((name) =>
    readFileSync(new URL(`foreign/${name}.arrow`, import.meta.url)),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of encodeArtifact(everyType, [batch]))
    chunks.push(Buffer.from(bytesOf(chunk)));
  const files = [...fixtures, ...chunks];
  const runs = Number(process.env["BLOCKSPIN_MUTATIONS"] ?? 600);
  let [refused, slowest] = [0, 0];
  for (let i = 0; i < runs; i++) {
    const bytes = mutate(files[i % files.length]!, random);
    const started = performance.now();
    try {
      if (i % files.length === files.length - 1) decodeChunk(bytes);
      const tables = await readForeignTables(bytes);
      for await (const _ of encodeArtifact(tables[0]!.schema, tables));
    } catch (error) {
      const { name, message } = error as Error;
      expect(["UnreadableArrow", "SchemaMismatch"], `${i}: ${message}`).toContain(name);
      refused++;
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  expect(refused).toBeGreaterThan(runs / 4);
  expect(slowest).toBeLessThan(2000);
});

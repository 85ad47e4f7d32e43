/** Damaged files: what is read is what the reference reads, and nothing that it refuses. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unpackLz4, unpackSnappy } from "../../../src/formats/lz-blocks.ts";
import type { Table } from "../../../src/table/schema.ts";
import { read, refusalOf, spinsOf } from "./import-file.ts";

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), "utf8"));

/** See numpy-files.py beside it. */
const { sources, cases } = fixture("numpy-files").damaged as {
  sources: Record<string, string>;
  cases: string[];
};

/** The file that a line describes, and the spins that NumPy reads there. */
function damagedFile(line: string): { content: Buffer; spins: number[] | undefined } {
  const [name, ...changes] = line.split("; ");
  const word = changes.pop()!;
  const bytes = [...Buffer.from(sources[name!]!, "base64")];
  for (const change of changes) {
    const [at, removed, ...added] = change.split(" ").map(Number);
    bytes.splice(at!, removed!, ...added);
  }
  const spins = word === "" ? undefined : Array.from(word, (sign) => (sign === "+" ? 1 : -1));
  return { content: Buffer.from(bytes), spins };
}

test.each(Object.keys(sources))("import reads nothing that NumPy does not: %s", async (name) => {
  const lines = cases.filter((line) => line.startsWith(`${name}; `));
  expect(lines.length).toBeGreaterThan(100);
  for (const line of lines) {
    const { content, spins } = damagedFile(line);
    const format = name.startsWith("text") ? "csv" : "auto";
    const table = await read(content, { beta: 1, format }).catch((error: Error) => error);
    if (table instanceof Error) expect(table.name, `${line}\n${table.stack}`).toBe("InvalidParam");
    else expect(spinsOf(table), line).toEqual(spins);
  }
});

const parquet = fixture("parquet").good as Record<string, string>;
const columnsOf = ({ columns }: Table) =>
  JSON.stringify(columns, (_, value) => (ArrayBuffer.isView(value) ? Object.values(value) : value));

/** What a file with these bytes changed is read as; undefined: it is refused. */
async function readChanged(bytes: Buffer, changes: readonly { at: number; byte: number }[]) {
  const changed = Uint8Array.from(bytes);
  for (const { at, byte } of changes) changed[at] = byte;
  const table = await read(changed, { format: "parquet" }).catch((error: Error) => error);
  if (!(table instanceof Error)) return columnsOf(table);
  expect(table.name, table.stack).toBe("InvalidParam");
  return undefined;
}

const byte = fc.oneof(fc.constantFrom(0, 127, 128, 255), fc.integer({ min: 0, max: 255 }));

test("a damaged footer of a Parquet file makes no other values", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(parquet)),
      fc.array(fc.record({ part: fc.double({ min: 0, max: 0.999, noNaN: true }), byte })),
      async (name, parts) => {
        const bytes = Buffer.from(parquet[name]!, "base64");
        const length = bytes.readUInt32LE(bytes.length - 8) + 8;
        const changes = parts.map(({ part, byte }) => ({
          ...{ byte, at: bytes.length - length + Math.floor(part * length) },
        }));
        const got = await readChanged(bytes, changes);
        if (got !== undefined) expect(got).toBe(await readChanged(bytes, []));
      },
    ),
    { numRuns: 1500, seed: 9 },
  );
});

test("a damaged page that has a checksum makes no other values", async () => {
  const bytes = Buffer.from(parquet["pyarrow, checksums"]!, "base64");
  const before = await readChanged(bytes, []);
  for (let at = 4; at < bytes.length; at++) {
    for (const bit of [1, 16, 128]) {
      const got = await readChanged(bytes, [{ at, byte: bytes[at]! ^ bit }]);
      if (got !== undefined) expect(got, `byte ${at}`).toBe(before);
    }
  }
});

test.each([
  ["a block that ends too soon", unpackLz4, [0x20, 65, 66], 3, "holds less than it says"],
  ["a literal that is cut", unpackLz4, [0x30, 65, 66], 3, "ends within a literal"],
  ["a copy from in front of the block", unpackLz4, [0x10, 65, 9, 0, 0], 9, "not there"],
  ["a copy of itself", unpackLz4, [0x10, 65, 0, 0, 0], 9, "not there"],
  ["more than it says", unpackLz4, [0x30, 65, 66, 67], 2, "holds more than it says"],
  ["another length", unpackSnappy, [4, 8, 65, 66, 67], 3, "of another length than its page"],
  ["less than it says", unpackSnappy, [3, 4, 65, 66], 3, "holds less than it says"],
  ["a cut literal", unpackSnappy, [3, 8, 65, 66], 3, "ends within a literal"],
  ["a copy from in front", unpackSnappy, [5, 0, 65, 1, 9], 5, "not there"],
  ["an endless length", unpackSnappy, [255, 255, 255, 255, 255, 255], 3, "too many bytes"],
] as const)("a block of Snappy or LZ4 with %s is refused", (_, unpack, bytes, length, message) => {
  expect(() => unpack(Uint8Array.from(bytes), length)).toThrow(message);
});

test("blocks of Snappy and LZ4 are read back, runs included", () => {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  expect(text(unpackLz4(Uint8Array.of(0x15, 65, 1, 0, 0x10, 66), 11))).toBe("AAAAAAAAAAB");
  expect(text(unpackSnappy(Uint8Array.of(6, 0, 65, 5, 1), 6))).toBe("AAAAAA");
});

test("a text that is not UTF-8 in a Parquet file is not another text", async () => {
  const bytes = Buffer.from(parquet["pyarrow, none, without dictionary"]!, "base64");
  const at = bytes.indexOf(Buffer.from("x"));
  bytes[at] = 0xff;
  // Statistics beside the values are read with the same eyes.
  for (let i = at + 1; i < bytes.length; i++) if (bytes[i] === 0x78) bytes[i] = 0xff;
  expect(await refusalOf(bytes)).toBe('"f" is a damaged Parquet file');
});

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidParam } from "../../../src/engine/node-type.ts";
import { loadCodecs } from "../../../src/formats/parquet-codecs.ts";
import { decodeRuns } from "../../../src/formats/parquet-runs.ts";
import { read, spinsOf } from "./import-file.ts";

/** Files of other programs; see parquet.py beside it. */
const fixtures = JSON.parse(
  readFileSync(new URL("../../fixtures/parquet.json", import.meta.url), "utf8"),
) as Record<"good" | "other", Record<string, string>>;
const good = new Map(
  Object.entries(fixtures.good).map(([name, text]) => [name, Buffer.from(text, "base64")]),
);
const lattices = [-1, 1, 1, 1, -1, -1, 1, 1, -1, -1, 1, -1, -1, 1, -1, -1];

test.each([...good])("import reads a Parquet file of %s", async (_, bytes) => {
  const { columns, rows } = await read(bytes);
  expect(rows).toBe(4);
  expect(spinsOf({ columns, rows } as never)).toEqual(lattices);
  expect([...(columns["beta"] as Float64Array)]).toEqual([0.3, 0.3, 0.4, 0.4]);
  expect(columns["chain"]).toEqual(["x", "y", "x", "y"]);
  expect([...(columns["time"] as Int32Array)]).toEqual([7, 7, 8, 8]);
});

const anyGood = good.get("pyarrow, snappy, with dictionary")!;

test("import takes a Parquet file that is named as one, and columns by other names", async () => {
  const params = { format: "parquet", beta_column: "time", time_column: "beta", beta: undefined };
  const error = await read(anyGood, params).catch((error: Error) => error);
  expect((error as Error).message).toBe(
    '"f" has time "0.3" in row 0: expected an integer of 32 bits',
  );
  const named = { format: "parquet", beta_column: "b", beta: 1, time_column: "t" };
  const table = await read(anyGood, named);
  expect([...(table.columns["beta"] as Float64Array)]).toEqual([1, 1, 1, 1]);
  expect([...(table.columns["time"] as Int32Array)]).toEqual([0, 0, 1, 1]);
});

test("import takes a beta of float32 for what it says", async () => {
  const table = await read(Buffer.from(fixtures.other["betas of float32"]!, "base64"));
  expect([...(table.columns["beta"] as Float64Array)].slice(1, 3)).toEqual([
    0.30000001192092896, 0.4000000059604645,
  ]);
});

test.each([
  ["a null among spins", "has null at site 2 of row 1: expected -1 and 1, or 0 and 1"],
  ["a null row", "has 0 spins in row 1: expected 4"],
  ["a null word", 'has null in column "spins", row 1'],
  ["a null in a column a site", "has null at site 1 of row 1: expected -1 and 1, or 0 and 1"],
  ["an empty row", "has 0 spins in row 1: expected 4"],
  ["a short row", "has 3 spins in row 1: expected 4"],
  ["a long row", "has 5 spins in row 0: expected 4"],
  ["a short word", "has 3 spins in row 1: expected 4"],
  ["lists of other lengths", "has other than 2 lists of 2 spins in row 1"],
  ["three lists of two", "has 6 spins in row 0: expected 4"],
  ["lists three deep", "has lists in lists in lists: expected 2 x 2 spins"],
  ["structs", 'has structs or maps in column "spins": expected a value a row'],
  ["one number a row", 'has no list and no text in column "spins", row 0'],
  ["other values", "has -0.5 at site 0 of row 0: expected -1 and 1, or 0 and 1"],
  ["both codings", "has both 0 at site 1 of row 0 and -1 at site 2 of row 1: expected -1 and 1"],
  ["texts in lists", 'has "+" at site 0 of row 0: expected -1 and 1, or 0 and 1'],
  ["no rows", "has no rows"],
  ["too few columns", "has 3 columns besides beta, chain, time, energy, magnetization, sign"],
  ["two columns of one name", 'has two columns "spins"'],
  ["a null beta", 'has null in column "beta", row 2'],
  ["betas in lists", 'has lists in column "beta": expected a value a row'],
  ["betas that are bool", 'has beta "true" in row 0: expected a number >= 0'],
  ["times that are dates", 'has neither a number nor text in column "time", row 0'],
  ["times that are large", 'has time "2147483648" in row 0: expected an integer of 32 bits'],
])("import of a Parquet file with %s says so", async (name, message) => {
  const bytes = Buffer.from(fixtures.other[name]!, "base64");
  expect(await refusal(bytes, /beta/.test(name) ? {} : { beta: 0.4 })).toContain(`"f" ${message}`);
});

/** The message of an error that is the user's to mend, or undefined if the file was read. */
async function refusal(bytes: Uint8Array, params: object = {}): Promise<string | undefined> {
  const error = await read(bytes, params).then(
    () => undefined,
    (error: Error) => error,
  );
  if (!error) return undefined;
  expect(error, error.stack).toBeInstanceOf(InvalidParam);
  expect(error.message).toMatch(/^"f" [a-z]/);
  return error.message;
}

test("import of text that is named Parquet says so", async () => {
  expect(await refusal(Buffer.from("1,1,1,1\n"), { format: "parquet", beta: 1 })).toBe(
    '"f" is not a Parquet file',
  );
});

test("import of a Parquet file that is cut anywhere says so", async () => {
  for (let length = 4; length < anyGood.length; length++) {
    expect(await refusal(anyGood.subarray(0, length))).toBe(
      '"f" is cut short: a Parquet file ends in PAR1',
    );
  }
});

test("import of a Parquet file in a codec that it does not know names the codec", async () => {
  // The codec is a field of its own in each chunk's metadata: from ZSTD (6) to LZO (3), as zigzag.
  const bytes = Buffer.from(good.get("pyarrow, zstd, without dictionary")!);
  for (let i = bytes.length - 8; i > 0; i--) {
    // Field 4 of type i32, behind the name of the column.
    if (bytes[i] === 0x15 && bytes[i + 1] === 12 && bytes[i + 2] === 0x16) bytes[i + 1] = 6;
  }
  expect(await refusal(bytes)).toBe('"f" has an unsupported compression codec: LZO');
});

test("import finds every changed bit of a page that has a checksum", async () => {
  const bytes = good.get("pyarrow, checksums")!;
  const first = bytes.indexOf(Buffer.from("x")); // the dictionary of chains
  for (let bit = 0; bit < 8; bit++) {
    const changed = Uint8Array.from(bytes);
    changed[first]! ^= 1 << bit;
    expect(await refusal(changed)).toBe('"f" is a damaged Parquet file');
  }
});

test("import of any damaged Parquet file ends, with a table or an error that names the file", async () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    byte: fc.oneof(fc.constantFrom(0, 127, 128, 255), fc.integer({ min: 0, max: 255 })),
  });
  const changes = fc.array(change, { minLength: 1, maxLength: 4 });
  const where = fc.constantFrom("anywhere", "footer");
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...good.values()),
      where,
      changes,
      async (bytes, part, all) => {
        const damaged = Uint8Array.from(bytes);
        const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
        const start = part === "footer" ? footer : 4;
        for (const { at, byte } of all) {
          damaged[start + Math.floor(at * (bytes.length - 4 - start))] = byte;
        }
        await refusal(damaged, { format: "parquet" });
      },
    ),
    { numRuns: 1000 },
  );
});

test("a damaged page of ZSTD on which fzstd never ends is refused at once", async () => {
  const page = readFileSync(new URL("../../fixtures/endless-page.zst", import.meta.url));
  const { ZSTD } = await loadCodecs(new Set(["ZSTD"]));
  expect(ZSTD!(page, 4000)).not.toHaveLength(4000);
});

/** Runs and packed groups of eight in turn. */
function encodeRuns(parts: readonly (readonly number[])[], width: number): Uint8Array {
  const bytes: number[] = [];
  const varint = (n: number) => {
    for (; n > 127; n >>>= 7) bytes.push((n & 127) | 128);
    bytes.push(n);
  };
  for (const part of parts) {
    const isRun = part.every((value) => value === part[0]);
    const values = isRun ? part.slice(0, 1) : part;
    varint(isRun ? 2 * part.length : (2 * part.length) / 8 + 1);
    let bits = values
      .map((n) => n.toString(2).padStart(width, "0"))
      .reverse()
      .join("");
    bits = bits.padStart(8 * Math.ceil(bits.length / 8), "0");
    for (let end = bits.length; end > 0; end -= 8) {
      bytes.push(Number.parseInt(bits.slice(end - 8, end), 2));
    }
  }
  return Uint8Array.from(bytes);
}

test("decodeRuns() reads back any runs and packed integers, and no others", () => {
  const parts = fc.integer({ min: 1, max: 32 }).chain((width) => {
    const value = fc.integer({ min: 0, max: 2 ** width - 1 });
    const eights = fc
      .array(fc.array(value, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 4 })
      .map((groups) => groups.flat());
    const run = fc
      .tuple(value, fc.integer({ min: 1, max: 300 }))
      .map(([one, length]) => new Array<number>(length).fill(one));
    return fc.tuple(fc.constant(width), fc.array(fc.oneof(eights, run)), eights);
  });
  fc.assert(
    fc.property(parts, fc.nat({ max: 7 }), ([width, some, last], fewer) => {
      const values = [...some.flat(), ...last];
      const bytes = encodeRuns([...some, last], width);
      const isPacked = last.some((value) => value !== last[0]);
      // What fills up the last eight is not a value.
      const count = values.length - (isPacked ? fewer : 0);
      expect([...decodeRuns(bytes, width, count)]).toEqual(values.slice(0, count));
      for (const other of [values.length + 1, values.length - 8, isPacked ? 0 : count - 1]) {
        if (other >= 0) expect(() => decodeRuns(bytes, width, other)).toThrow(RangeError);
      }
    }),
  );
});

test("decodeRuns() takes no more memory than it was asked for, whatever a run claims", () => {
  const refused: [number[], number, number, string][] = [
    [[0xfe, 0xff, 0xff, 0xff, 0x1f, 1], 1, 3, "a run is longer than the page"],
    [[0xff, 0xff, 0xff, 0xff, 0x1f, 1], 1, 3, "a run is longer than the page"],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1, 3, "the bytes end within the length of a run"],
    [[3, 255], 7, 8, "the bytes end within a run"],
    [[6, 1, 2, 1], 1, 3, "a run is longer than the page"],
  ];
  for (const [bytes, width, count, message] of refused) {
    expect(() => decodeRuns(Uint8Array.from(bytes), width, count)).toThrow(message);
  }
  // A run of no values behind the last one.
  expect([...decodeRuns(Uint8Array.of(6, 1, 0, 0), 1, 3)]).toEqual([1, 1, 1]);
  expect([...decodeRuns(new Uint8Array(), 0, 3)]).toEqual([0, 0, 0]);
});

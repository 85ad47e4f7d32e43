import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidParam } from "../../../src/engine/node-type.ts";
import { parseText } from "../../../src/formats/csv.ts";
import { energyOf } from "../../lattice/brute-force.ts";
import { digestOf } from "../digest.ts";
import { read, spinsOf } from "./import-file.ts";

// numpy.save of these four lattices of 2 x 2 sites, in several types and shapes.
const lattices = [-1, 1, 1, 1, -1, -1, 1, 1, -1, -1, 1, -1, -1, 1, -1, -1];
const npyHeader = (dict: string) =>
  Buffer.from(`\x93NUMPY\x01\x00v\x00${dict.padEnd(117)}\n`, "latin1");
const npy = (descr: string, shape: string, body: Uint8Array, order = "False") =>
  Buffer.concat([
    npyHeader(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`),
    body,
  ]);
const zeroOne = Uint8Array.from(lattices, (s) => (s + 1) / 2);
const int8 = npy("|i1", "(4, 2, 2)", Buffer.from(Int8Array.from(lattices).buffer));
const written =
  "k05VTVBZAQB2AHsnZGVzY3InOiAnfGkxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsIDIsIDIpLCB9" +
  "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr/AQEB//8BAf//Af//Af//";

function bigEndianFloats(): Buffer {
  const body = Buffer.alloc(64);
  for (const [i, s] of lattices.entries()) body.writeFloatBE(s, 4 * i);
  return body;
}

test("import reads what numpy wrote", () => {
  expect(int8.toString("base64")).toBe(written);
});

test.each([
  ["int8", int8],
  ["bool", npy("|b1", "(4, 2, 2)", zeroOne)],
  ["uint8, flat", npy("|u1", "(4, 4)", zeroOne)],
  ["big-endian float32", npy(">f4", "(4, 4)", bigEndianFloats())],
  ["int64", npy("<i8", "(4, 4)", Buffer.from(BigInt64Array.from(lattices, BigInt).buffer))],
  [
    "float64, two leading axes",
    npy("<f8", "(2, 2, 2, 2)", Buffer.from(Float64Array.from(lattices).buffer)),
  ],
  ["CSV without a header", "-1,1,1,1\n-1,-1,1,1\r\n-1,-1,1,-1\n-1,1,-1,-1\n"],
  ["CSV of columns", "a,b,c,d\n0,1,1,1\n0,0,1,1\n0,0,1,0\n0,1,0,0"],
  ["CSV of lists", 'spins\n"[-1,1,1,1]"\n"[-1,-1,1,1]"\n"[-1,-1,1,-1]"\n"[-1, 1, -1, -1]"\n'],
  ["CSV of words", "\ufeffspins,note\n-+++,x\n--++,y\n--+-,z\n-+--,\n"],
])("import reads %s", async (_, content) => {
  const table = await read(content, { beta: 0.4 });
  expect(table.rows).toBe(4);
  expect(spinsOf(table)).toEqual(lattices);
  expect([...(table.columns["beta"] as Float64Array)]).toEqual([0.4, 0.4, 0.4, 0.4]);
  expect([...(table.columns["time"] as Int32Array)]).toEqual([0, 1, 2, 3]);
  expect([...(table.columns["sign"] as Int8Array)]).toEqual([1, 1, 1, 1]);
  for (let row = 0; row < 4; row++) {
    const spins = lattices.slice(4 * row, 4 * row + 4);
    expect((table.columns["energy"] as Int32Array)[row]).toBe(energyOf(spins, 2) + 0);
    expect((table.columns["magnetization"] as Int32Array)[row]).toBe(spins.reduce((a, b) => a + b));
  }
});

test("import reads raw bits of either order, and no others", async () => {
  const bits = { format: "bits", beta: 0.4 };
  // 0111 0011 0010 0100, the first site in the lowest or in the highest bit.
  expect(spinsOf(await read(Uint8Array.of(0b11001110, 0b00100100), bits))).toEqual(lattices);
  const big = { ...bits, bit_order: "big" };
  expect(spinsOf(await read(Uint8Array.of(0b01110011, 0b00100100), big))).toEqual(lattices);
  // Nine sites and seven bits of padding.
  const three = { ...bits, size: 3 };
  expect((await read(Uint8Array.of(255, 1), three)).rows).toBe(1);
  await expect(read(Uint8Array.of(255, 3), three)).rejects.toThrow(
    '"f" has 7 bits behind its last row: expected them to be 0',
  );
  await expect(read(Uint8Array.of(255), three)).rejects.toThrow(
    '"f" has 1 bytes: expected 9 bits a row, back to back',
  );
});

test("import gives blocks of rows their betas, chains and times", async () => {
  const table = await read(npy("|u1", "(12, 4)", new Uint8Array(48).fill(1)), {
    ...{ beta: [0.5, 0.3], chains: 2 },
  });
  const id = (table.columns["chain"] as string[])[0]!.split(" ")[0];
  expect(id).toMatch(/^file=[0-9a-f]{16}$/);
  const { beta, chain, time } = table.columns as unknown as Record<string, ArrayLike<number>>;
  expect(Array.from(beta!)).toEqual([0.5, 0.3].flatMap((b) => new Array(6).fill(b)));
  expect(Array.from(chain!)).toEqual(
    [0.5, 0.3].flatMap((b) =>
      [0, 1].flatMap((c) => new Array(3).fill(`${id} beta=${b} chain=${c}`)),
    ),
  );
  expect(Array.from(time!)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
});

test("import takes betas, chains and times from columns, and leaves what was measured alone", async () => {
  const text =
    "b,time,who,energy,s0,s1,s2,s3\n0.2,7,x,9,1,1,1,1\n0.3,8,y,9,0,1,1,1\n0.3,9,y,9,0,0,0,0\n";
  const table = await read(text, { beta_column: "b", chain_column: "who" });
  expect([...(table.columns["beta"] as Float64Array)]).toEqual([0.2, 0.3, 0.3]);
  expect(table.columns["chain"]).toEqual(["x", "y", "y"]);
  expect([...(table.columns["time"] as Int32Array)]).toEqual([7, 8, 9]);
  expect([...(table.columns["energy"] as Int32Array)]).toEqual([-8, 0, -8]);
  expect(spinsOf(table)).toEqual([1, 1, 1, 1, -1, 1, 1, 1, -1, -1, -1, -1]);
  const counted = await read("beta,chain,spins\n.1,a,1111\n.1,b,0110\n.1,a,0000\n");
  expect([...(counted.columns["time"] as Int32Array)]).toEqual([0, 0, 1]);
});

test.each([
  [
    "a wrong shape",
    npy("|u1", "(4, 2, 2)", zeroOne),
    { size: 3 },
    "has shape [4, 2, 2]: expected [n, 3, 3] or [n, 9]",
  ],
  [
    "no rows",
    npy("|u1", "(0, 4)", new Uint8Array()),
    {},
    "has shape [0, 4]: expected [n, 2, 2] or [n, 4]",
  ],
  ["a wrong length", npy("|u1", "(3, 2, 2)", zeroOne), {}, "16 bytes for 12 items of 1"],
  [
    "complex numbers",
    npy("<c8", "(2, 1)", zeroOne),
    {},
    'holds items of type "<c8": expected numbers or bool',
  ],
  [
    "a structured array",
    npyHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }"),
    {},
    "holds a structured array: save the field with the spins on its own",
  ],
  ["a cut header", int8.subarray(0, 9), {}, "is a damaged NPY file"],
  [
    "other values",
    npy("|u1", "(1, 4)", Uint8Array.of(0, 1, 2, 1)),
    {},
    "has 2 at site 2 of row 0: expected -1 and 1, or 0 and 1",
  ],
  [
    "both codings",
    "0,1,1,1\n1,1,-1,1\n",
    {},
    "has both 0 at site 0 of row 0 (line 1) and -1 at site 2 of row 1 (line 2)",
  ],
  [
    "text for spins",
    "a,b,c,d\n1,1,x,1\n",
    {},
    'has "x" at site 2 of row 0 (line 2): expected -1 and 1',
  ],
  [
    "too few columns",
    "1,1,1\n",
    {},
    'has 3 columns without names (separated by ","): expected 4 (a configuration a line) or 2',
  ],
  ["a short list", "spins\n111\n", {}, "has 3 spins in row 0 (line 2): expected 4"],
  ["ragged rows", "1,1,1,1\n1,1,1\n", {}, "has 3 cells in row 1 (line 2): expected 4"],
  ["an empty file", "", {}, "has no rows"],
  ["a stray quote", 'spins\n"11"11\n', {}, "has a stray quote in line 2"],
  ["no beta", "1,1,1,1\n", { beta: undefined }, 'has no column "beta": give beta'],
  ["two betas", "beta,spins\n1,1111\n", {}, 'has a column "beta": leave out beta'],
  [
    "a wrong beta",
    "beta,spins\nhot,1111\n",
    { beta: undefined },
    'has beta "hot" in row 0: expected a number >= 0',
  ],
  ["a large time", "time,spins\n2147483648,1111\n", {}, 'has time "2147483648" in row 0'],
  ["a wrong time", "time,spins\n1.5,1111\n", {}, 'has time "1.5" in row 0: expected an integer'],
  [
    "blocks that do not fit",
    int8,
    { beta: [1, 2, 3] },
    "has 4 rows: expected a multiple of 3, one block a beta",
  ],
  [
    "chains that do not fit",
    int8,
    { chains: 3 },
    "has 4 rows at beta 0.4: expected a multiple of chains, 3",
  ],
  ["Parquet as CSV", "PAR1....", { format: "csv" }, "is a Parquet file: say format: parquet"],
  [
    "unnamed bits",
    Uint8Array.of(1, 0, 2),
    {},
    "begins with the bytes 01 00 02: expected NPY, NPZ, Parquet or text",
  ],
  ["text for NPY", "1,1,1,1\n", { format: "npy" }, "is not an NPY file"],
])("import of %s says so", async (_, content, params, message) => {
  const given = { beta: 0.4, ...params } as Record<string, unknown>;
  if (given["beta"] === undefined) delete given["beta"];
  const error = await read(content, given).catch((error: Error) => error);
  expect(error).toBeInstanceOf(InvalidParam);
  expect((error as Error).message.startsWith('"f" ')).toBe(true);
  expect((error as Error).message).toContain(message);
});

test("parseText() reads back any cells that were quoted", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", " ", ",", '"', "\n", "\r", "é") });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
  fc.assert(
    fc.property(rows, fc.constantFrom("\n", "\r\n"), fc.boolean(), (table, end, last) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const text = table.map((row) => row.map(quote).join(",")).join(end) + (last ? end : "");
      expect(parseText(text).lines.map(({ cells }) => cells)).toEqual(table);
    }),
  );
});

test("import gives the bytes that it always gave", async () => {
  expect(digestOf({ x: await read(int8, { beta: [0.1, 0.2], chains: 2 }) })).toBe(
    "0fc727ba121a1357",
  );
});

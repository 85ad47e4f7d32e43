/** Lattices as people have them: files of NumPy, text in its many forms, labels in files of their own. */
import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { importNode } from "../../../src/nodes/import/index.ts";
import { withDefaults } from "../../harness/run-node.ts";
import { betasOf, read, readWith, refusalOf, spinsOf } from "./import-file.ts";

/** See numpy-files.py beside it. */
const fixtures = JSON.parse(
  readFileSync(new URL("../../fixtures/numpy-files.json", import.meta.url), "utf8"),
) as Record<"good" | "other" | "labels", Record<string, string>>;
const bytesOf = (part: keyof typeof fixtures, name: string) =>
  Buffer.from(fixtures[part][name]!, "base64");
const lattices = [-1, 1, 1, 1, -1, -1, 1, 1, -1, -1, 1, -1, -1, 1, -1, -1];
const hot = [1, 0.5, 0.4, 0.25];

/** What has to be said of a file, where its bytes do not say it. */
const said: Record<string, object> = {
  "npz of two": { array: "spins", labels: { array: "T", are: "temperature" } },
  "compressed npz of two": { array: "spins", labels: { array: "T", are: "temperature" } },
  "temperatures in front": { temperature_column: 0 },
  "rows below one another": { layout: "rows" },
  "savetxt, temperatures in front": { temperature_column: 0 },
  "savetxt, rows with temperatures": { temperature_column: 0 },
  "savetxt, a row number": { ignore: [0] },
};

test.each(Object.keys(fixtures.good))("import reads what NumPy wrote: %s", async (name) => {
  const params = said[name] ?? {};
  const isHot = "labels" in params || "temperature_column" in params;
  const table = await read(bytesOf("good", name), isHot ? params : { beta: 0.4, ...params });
  expect(spinsOf(table)).toEqual(lattices);
  expect(betasOf(table)).toEqual(isHot ? hot : [0.4, 0.4, 0.4, 0.4]);
});

test.each([
  ["complex", 'holds items of type "<c8": expected numbers or bool'],
  ["structured", "holds a structured array: save the field with the spins on its own"],
  ["objects", "holds Python objects: expected numbers or bool"],
  ["text", 'holds items of type "<U21": expected numbers or bool'],
  ["last axis", "has shape [2, 2, 8]: expected [n, 2, 2] or [n, 4] (numpy.moveaxis"],
  ["two arrays in one file", "is not as long as its header says: 384 bytes for 16 items of 8"],
  ["raw i1", "holds raw numbers of type int8: save it with numpy.save"],
  ["raw i2", "holds raw numbers of type int16: save it with numpy.save"],
  ["raw i4", "holds raw numbers of type int32: save it with numpy.save"],
  ["raw i8", "holds raw numbers of type int64: save it with numpy.save"],
  ["raw f4", "holds raw numbers of type float32: save it with numpy.save"],
  ["raw f8", "holds raw numbers of type float64: save it with numpy.save"],
  ["raw ?", "holds raw numbers of type int8: save it with numpy.save"],
])("import of what NumPy wrote, but nobody reads, says so: %s", async (name, message) => {
  expect(await refusalOf(bytesOf("other", name), { beta: 1 })).toContain(`"f" ${message}`);
  const bits = await refusalOf(bytesOf("other", name), { beta: 1, format: "bits" });
  expect(bits).toMatch(/is an NPY file: say format: npy|holds raw numbers of type .*, not bits/);
});

const flat = "1 0 1 1\n0 1 1 0\n";
const two = [1, -1, 1, 1, -1, 1, 1, -1];

test.each([
  ["spaces on both sides", "  1  0 1   1  \n 0 1 1 0\t\n", {}],
  ["other ends of lines", "1 0 1 1\r\n0 1 1 0\r\n", {}],
  ["ends of lines of old", "1,0,1,1\r0,1,1,0", {}],
  ["pandas without names", ",0,1,2,3\n0,1,0,1,1\n1,0,1,1,0\n", { header: true, ignore: [0] }],
  ["pandas of bool", "a,b,c,d\nTrue,False,True,True\nFalse,True,True,False\n", {}],
  ["quotes all through", '"a","b","c","d"\n"1","0","1","1"\n"0","1","1","0"\n', {}],
  ["semicolons behind all", "1;0;1;1;\n0;1;1;0;\n", {}],
  ["tabs, and a blank name", "\ta\tb\tc\td\nx\t1\t0\t1\t1\ny\t0\t1\t1\t0\n", { ignore: [0] }],
  ["columns that are ignored", "i,a,b,c,d\n5,1,0,1,1\n6,0,1,1,0\n", { ignore: ["i"] }],
  ["rows with names", "x,y\n1,0\n1,1\n0,1\n1,0\n", {}],
  ["rows in pairs of blocks", "1 0\n1 1\n0 1\n1 0\n\n1 0\n1 1\n0 1\n1 0\n", { layout: "rows" }],
  ["words alone", "+-++\n-++-\n", { spins_column: 0 }],
  ["a column of another name", 'config,b\n"[[1 0]\n [1 1]]",3\n"[[0, 1], [1, 0]]",4\n', {}],
])("import reads text with %s", async (_, text, params) => {
  const spins = text.includes("config") ? { spins_column: "config" } : {};
  const table = await read(text, { beta: 0.4, ...params, ...spins });
  expect(spinsOf(table).slice(0, 8)).toEqual(two);
  expect(table.rows).toBe(text.includes("\n\n") ? 4 : 2);
});

test("import says what it saw where the reading of a file is not certain", async () => {
  const blocks = (lines: number) => Array(2).fill("1 0 1 1\n".repeat(lines)).join("\n");
  expect(await refusalOf(blocks(4), { beta: 1 })).toBe(
    '"f" has blocks of 4 lines of 4 spins: 4 lattices of 2 x 2 spins, one a line (layout: flat), ' +
      "or one of 4 x 4 (size: 4)",
  );
  expect((await read(blocks(4), { beta: 1, layout: "flat" })).rows).toBe(8);
  expect((await read(blocks(4), { beta: 1, size: 4 })).rows).toBe(2);
  expect(await refusalOf(blocks(8), { beta: 1, size: 4 })).toContain(
    "has 8 lines of 4 spins together (from line 1 on): 2 lattices of 4 x 4 (layout: rows), or one " +
      "of 8 x 4, which is not a square",
  );
  expect(await refusalOf("1 0\n1 1\n1 0\n\n1 1\n1 1\n0 0\n", { beta: 1 })).toContain(
    "has 3 lines of 2 spins together (from line 1 on): expected 2 between blank lines",
  );
  expect(await refusalOf("1 0\n1 1\n1 0\n", { beta: 1 })).toContain(
    "has 3 lines of 2 spins: expected",
  );
  expect(await refusalOf("1,0;1,0\n", { beta: 1 })).toContain('has both "," and ";" between cells');
  const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 4, 4), }".padEnd(117);
  const cube = Buffer.concat([
    Buffer.from(`\x93NUMPY\x01\x00v\x00${header}\n`, "latin1"),
    new Uint8Array(32),
  ]);
  expect(await refusalOf(cube, { beta: 1 })).toContain(
    "has shape [2, 4, 4]: lattices of 2 x 2, 4 spins a row (layout: flat), or of 4 x 4 (size: 4)",
  );
  expect((await read(cube, { beta: 1, layout: "flat" })).rows).toBe(8);
});

test("import names the arrays of an NPZ file, and refuses one that is damaged or a bomb", async () => {
  const both = bytesOf("good", "compressed npz of two");
  expect(await refusalOf(both, { beta: 1 })).toBe(
    '"f" has 2 arrays, "spins" [4, 2, 2], "T" [4]: say which with array',
  );
  expect(await refusalOf(both, { beta: 1, array: "s" })).toContain('has no array "s", but "spins"');
  expect(await refusalOf(both, { beta: 1, format: "csv" })).toContain("say format: npz");
  expect(await refusalOf(both, { beta: 1, format: "bits" })).toContain("say format: npz");
  expect(await refusalOf(zipSync({ "a.txt": Buffer.from("1") }), { beta: 1 })).toContain(
    "is a ZIP file without an array",
  );
  const spins = bytesOf("good", "i1");
  const array = { array: "a" };
  expect((await read(zipSync({ "a.npy": spins }), { beta: 1, ...array })).rows).toBe(4);
  const changed = zipSync({ "a.npy": spins }, { level: 0 });
  changed[changed.indexOf(255, 150)]! = 1;
  expect(await refusalOf(changed, { beta: 1 })).toContain("does not match its size and checksum");
  // A size that no compression reaches.
  const bomb = Buffer.from(zipSync({ "a.npy": spins }));
  for (const at of [22, bomb.length - 22 - 51 + 24]) bomb.writeUInt32LE(2 ** 30, at);
  expect(await refusalOf(bomb, { beta: 1 })).toContain("too large to be true");
});

test("import takes betas from temperatures, however they are given", async () => {
  const flat4 = bytesOf("good", "i1");
  const label = (name: string, more: object = {}) =>
    readWith(flat4, { labels: { are: "temperature", ...more } }, bytesOf("labels", name));
  expect(betasOf(await read(flat4, { temperatures: [2, 4] }))).toEqual([0.5, 0.5, 0.25, 0.25]);
  expect(betasOf(await read(flat4, { temperatures: 2 }))).toEqual([0.5, 0.5, 0.5, 0.5]);
  for (const [name, more] of [
    ["npy"],
    ["npy, a column"],
    ["npz", { array: "T" }],
    ["text"],
    ["text, a line"],
    ["text, two columns", { column: 1 }],
    ["text, betas", { are: "beta" }],
  ] as const) {
    expect(betasOf((await label(name, more)).table), name).toEqual(hot);
  }
  // One for each of the first axis.
  const outer = { labels: { are: "temperature" } };
  const chains = bytesOf("good", "two leading axes");
  const { table } = await readWith(chains, outer, bytesOf("labels", "npy, two"));
  expect(betasOf(table)).toEqual([0.5, 0.5, 0.25, 0.25]);
  const columns = "T,a,b,c,d\n2,1,1,1,1\n4e0,0,0,0,0\n";
  expect(betasOf(await read(columns, { temperature_column: "T" }))).toEqual([0.5, 0.25]);
});

test("import gives a list of betas to blocks of rows only where the axes are such blocks", async () => {
  const array = (...leading: number[]) => {
    const shape = `(${[...leading, 4].join(", ")})`;
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
    const rows = leading.reduce((a, b) => a * b);
    const start = Buffer.from(`\x93NUMPY\x01\x00v\x00${header}\n`, "latin1");
    return Buffer.concat([start, new Uint8Array(4 * rows)]);
  };
  const beta = [0.1, 0.2, 0.3];
  for (const leading of [[3, 4], [3], [6], [6, 5], [3, 3], [1, 3, 2]]) {
    const rows = leading.reduce((a, b) => a * b);
    const table = await read(array(...leading), { beta, layout: "flat" });
    expect(betasOf(table)[rows - 1]).toBe(0.3);
  }
  for (const leading of [
    [4, 3],
    [6, 3],
    [2, 2, 3],
    [5, 6],
  ]) {
    expect(await refusalOf(array(...leading), { beta, layout: "flat" })).toContain(
      `has axes [${leading.join(", ")}], and 3 betas are given: put their axis first`,
    );
  }
});

test("import refuses a number too small to be told from 0, and takes one that is 0", async () => {
  const text = (beta: string) => `beta,a,b,c,d\n${beta},1,1,1,1\n`;
  expect(betasOf(await read(text("0.000e7")))).toEqual([0]);
  expect(await refusalOf(text("1e-400"))).toContain('has beta "1e-400" in row 0');
  expect(await refusalOf("1 1 1 1\n", { labels: { are: "beta" } }, "0.1e-399\n")).toContain(
    'has beta "0.1e-399" in row 0',
  );
});

test("import of configurations without separators says how to read them", async () => {
  const text = "1010\n0111\n";
  expect(await refusalOf(text, { beta: 1 })).toContain("say spins_column: 0 if it holds whole");
  const table = await read(text, { beta: 1, spins_column: 0 });
  expect(spinsOf(table)).toEqual([1, -1, 1, -1, -1, 1, 1, 1]);
});

test.each([
  ["npy, three", { are: "temperature" }, '"t" has labels of shape [3]: expected 4, one a config'],
  ["npy, two", { are: "temperature" }, '"t" has labels of shape [2]: expected 4, one a config'],
  ["npz", { are: "temperature" }, '"t" has 2 arrays, "T" [4], "other" [4]: say which'],
  ["text, two columns", { are: "beta" }, '"t" has 2 columns: say which with labels.column'],
  ["zero", { are: "temperature" }, '"t" has temperature "0" in row 0: expected a number > 0'],
  ["NaN", { are: "beta" }, '"t" has beta "NaN" in row 0: expected a number >= 0'],
  ["npy", { are: "beta", array: "T" }, '"T" is a name for temperatures: say are: temperature'],
])("import of labels that are wrong says so: %s", async (name, labels, message) => {
  const given = { labels };
  expect(await refusalOf(bytesOf("good", "i1"), given, bytesOf("labels", name))).toContain(message);
});

test.each([
  [{ beta_column: "T" }, '"T" is a name for temperatures: say temperature_column'],
  [{ beta_column: "Temperature" }, '"Temperature" is a name for temperatures'],
  [{ temperature_column: "beta" }, '"beta" is a name for betas: say beta_column'],
  [{ beta: 1, temperatures: 1 }, "says once more what beta says: leave out one of them"],
  [{ beta: 1, temperature_column: "t" }, "says once more what beta says"],
  [{ temperatures: [] }, "is an empty list"],
  [{ temperatures: 1e-320 }, "is 1e-320: too cold for a beta"],
  [{ labels: { are: "beta" } }, "needs a file, or an array of the file that has the spins"],
  [{ temperature_column: "x" }, '"f" has no column "x": it has "T", "beta", "a", "b", "c", "d"'],
  [{ temperature_column: "T" }, 'has a column "beta": leave out temperature_column, or say ignore'],
  [{ ignore: ["beta"] }, "if it holds temperatures"],
  [{ ignore: [7] }, "has 6 columns: column 7 is not there (the first is 0)"],
  [{ count: 3, ignore: ["T"] }, "has 2 rows: expected 3, as count says"],
  [{ array: "s" }, "is not an NPZ file, whose arrays have names: leave out array"],
])("import refuses %j", async (params, message) => {
  const text = "T,beta,a,b,c,d\n2,.5,0,1,1,1\n4,.25,0,0,0,0\n";
  expect(await refusalOf(text, params)).toContain(message);
});

test("import warns of a column that is named and missing", async () => {
  const { warnings } = await readWith(flat, { beta: 1, chain_column: "run" });
  expect(warnings).toEqual([
    { code: "no-such-column", message: 'the file has no column "run": chain ids are made up' },
  ]);
});

test("import of raw bits is certain of its rows, or asks", async () => {
  const bits = { format: "bits", beta: 1 };
  // numpy.packbits(axis=1) of two lattices of 3 x 3: each row from the start of a byte.
  const padded = Uint8Array.of(0b11110000, 0b10000000, 0b00001111, 0b00000000);
  const big = { ...bits, size: 3, bit_order: "big" };
  const rows = [1, 1, 1, 1, -1, -1, -1, -1, 1, -1, -1, -1, -1, 1, 1, 1, 1, -1];
  expect(await refusalOf(padded, big)).toContain("is 3 rows back to back or 2 rows of whole bytes");
  expect(spinsOf(await read(padded, { ...big, count: 2 }), 9)).toEqual(rows);
  expect((await read(padded, { ...big, count: 3 })).rows).toBe(3);
  expect(await refusalOf(padded, { ...big, count: 4 })).toContain("has 3 or 2 rows: expected 4");
  expect(await refusalOf(Uint8Array.of(9), bits)).toContain("is 2 rows back to back or 1 rows");
  for (const text of ["1,0,1,1\n0,1,1,0\n", "[1, 0, 1, 1]\n"]) {
    expect(await refusalOf(text, bits)).toContain("is text: say format: csv");
  }
});

test.each([
  ["gzip", "1f8b080000000000", "is a gzip file"],
  ["HDF5", "894844460d0a1a0a", "is an HDF5 file"],
  ["PNG", "89504e470d0a1a0a", "is a PNG image"],
  ["Arrow", "4152524f57310000", "is an Arrow file"],
  ["an Arrow stream", "ffffffff08000000040000000000000000000000", "is an Arrow stream"],
  ["pickle", "80049506000000004b012e", "is a pickle of Python"],
  ["ZIP", "504b050600000000", "is an empty ZIP file"],
])("import takes %s for what it is, not for bits or text", async (_, hex, message) => {
  for (const format of ["auto", "bits", "csv", "npy"]) {
    expect(await refusalOf(Buffer.from(hex, "hex"), { format, beta: 1 })).toMatch(
      message.replace("is an empty ZIP file", "ZIP file"),
    );
  }
});

test("a parameter that is not given is not in the key", () => {
  expect(
    Object.keys(withDefaults(importNode as never, { file: "f", size: 2, beta: 1 })).sort(),
  ).toEqual([
    ...["beta", "beta_column", "bit_order", "chain_column", "chains", "file", "format", "size"],
    "time_column",
  ]);
});

test.each(["T", "T (K)", "kT/J", "k_B T", "temp", "Temperature [J]", "T_K"])(
  "temperatures called %j are never read as betas, however their column is named",
  async (name) => {
    const text = `${name},a,b,c,d\n2.5,1,0,1,1\n`;
    const other = `has column ${JSON.stringify(name)}, a name for temperatures, not betas`;
    expect(await refusalOf(text, { beta_column: 0 })).toContain(other);
    expect(await refusalOf(text, { beta_column: name })).toContain("a name for temperatures");
    const { columns } = await read(text, { temperature_column: 0 });
    expect([...(columns["beta"] as Float64Array)]).toEqual([0.4]);
    const labels = readWith("1,0,1,1\n", { labels: { are: "beta" } }, `"${name}"\n2.5\n`);
    await expect(labels).rejects.toThrow(other);
  },
);

test.each(["beta", "β", "1/T", "1/kT", "beta (1/J)", "betaJ", "inverse temperature"])(
  "betas called %j are never read as temperatures",
  async (name) => {
    const text = `${name},a,b,c,d\n0.4,1,0,1,1\n`;
    const other = `has column ${JSON.stringify(name)}, a name for betas, not temperatures`;
    const params = { temperature_column: 0, beta_column: "none", header: true };
    expect(await refusalOf(text, params)).toContain(other);
    const { columns } = await read(text, { beta_column: 0, header: true });
    expect([...(columns["beta"] as Float64Array)]).toEqual([0.4]);
  },
);

/** What is not a spin, or not there, is an error at its place; never a value, and never a header. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { spinIn } from "../../../src/formats/numerals.ts";
import { betasOf, read, refusalOf, spinsOf } from "./import-file.ts";

const odd = [
  ...[
    "",
    " ",
    "nan",
    "NaN",
    "NA",
    "N/A",
    "null",
    "None",
    "inf",
    "-inf",
    "-nan",
    "?",
    "-",
    "+",
    "x",
  ],
  ...[
    "0x1",
    "0b1",
    "1e",
    "1e+",
    "e1",
    "1_0",
    "1,",
    "1.0.0",
    "--1",
    "+-1",
    "1-",
    "−1",
    "１",
    "1 1",
    ".",
  ],
  ...["1e-400", "0.9999999999999999", "1.0000000000000002", "2", "-2", "0.5", "10", "1e1", "yes"],
].filter((cell) => !cell.includes(","));

test.each(odd)("import refuses a spin of %j wherever it stands", async (cell) => {
  for (const [row, site] of [
    [0, 0],
    [0, 1],
    [0, 3],
    [1, 1],
    [2, 2],
  ] as const) {
    const cells = Array.from({ length: 3 }, () => ["1", "0", "1", "1"]);
    cells[row]![site] = cell;
    const text = cells.map((line) => `${line.join(",")}\n`).join("");
    const message = await refusalOf(text, { beta: 1 });
    const quoted = JSON.stringify(cell.trim());
    const number = Number(cell) === 2 || Number(cell) === -2 || /^[0-9.]+$/.test(cell);
    const isFirst = row === 0 && message.includes("say header");
    if (isFirst)
      expect(message).toContain(`has ${quoted} in column ${site} of line 1, a name, and`);
    else {
      expect(message, String(number)).toContain(
        `has ${quoted} at site ${site} of row ${row} (line ${row + 1}): expected -1 and 1`,
      );
    }
    const named = await refusalOf(`a,b,c,d\n${text}`, { beta: 1 });
    expect(named).toContain(`has ${quoted} at site ${site} of row ${row} (line ${row + 2})`);
  }
});

test.each([
  ["1,0,1,1\n0,,1,0\n", 'has "" at site 1 of row 1 (line 2)'],
  ["1,nan,1,1\n0,1,1,0\n", 'has "nan" at site 1 of row 0 (line 1)'],
  ["nan,nan,nan,nan\n0,1,1,0\n", 'has "nan" at site 0 of row 0 (line 1)'],
  [",,,\n0,1,1,0\n", 'has "" at site 0 of row 0 (line 1)'],
  ["0x1,0x0,0x1,0x1\n0,1,1,0\n", 'has "0x1" at site 0 of row 0 (line 1)'],
  ["+,-,+,+\n0,1,1,0\n", 'has "+" at site 0 of row 0 (line 1)'],
  ["a,b,c,1\n0,1,1,0\n", 'has "a" in column 0 of line 1, a name, and "1" in column 3, a value'],
  ["0,1,2,3\n1,0,1,1\n", "has the numbers 0 to 3 in line 1, as pandas names columns: say header"],
  [",0,1,2,3\n0,1,0,1,1\n", "has the numbers 0 to 3 in line 1, as pandas names columns"],
  ["a,a,c,d\n1,0,1,1\n", 'has two columns "a"'],
  ["1,0,1\n0,1,1\n", "has 3 columns without names"],
  ["1,0,1,1\n0,1,1\n", "has 3 cells in row 1 (line 2): expected 4"],
  ["1,0,1,1\n0,1,1,0,1\n", "has 5 cells in row 1 (line 2): expected 4"],
  ["1,0,1,1\n\n# gone\n0,1,,0\n", 'has "" at site 2 of row 1 (line 4)'],
  ["1\t0\t1\t1\n0\t\t1\t0\n", 'has "" at site 1 of row 1 (line 2)'],
  ["1;0;1;1\n0;1;;0\n", 'has "" at site 2 of row 1 (line 2)'],
  ["1 0 1 1\n0 1 1\n", "has 3 cells in row 1 (line 2): expected 4"],
  ["1,0\n1,1\n0,1\n1,\n", 'has "" at site 3 of row 1 (line 4)'],
  ["1,0,1,1,\n0,1,1,0\n", "has 4 cells in row 1 (line 2): expected 5"],
  ["-1,1,1,0\n", "has both 0 at site 3 of row 0 (line 1) and -1 at site 0 of row 0 (line 1)"],
  ["true,false,true,true\n1,0,1,1\n", "has both a truth value at site 3 of row 0 (line 1) and a"],
  ["1,0,1,1\n0,1\r1,0\n", "has lines that end in CR beside others that end in LF"],
  ["1,0,1,1\n\r1,1,1,1\n", "has lines that end in CR beside others that end in LF"],
  ['1,"0,1,1\n', "has a stray quote in line 1"],
  ['1,0"0",1,1\n', "has a stray quote in line 1"],
])("import of %j says what is wrong", async (text, message) => {
  expect(await refusalOf(text, { beta: 1 })).toContain(`"f" ${message}`);
});

test.each([
  ["[1,,0,1,1]", "has 5 spins in row 0"],
  ["1,1,1,", 'has "" at site 3 of row 0'],
  ["[1 0 1 nan]", 'has "nan" at site 3 of row 0'],
  ["[1,0,1", "has 3 spins in row 0"],
  ["[1,0,1,0x1]", 'has "0x1" at site 3 of row 0'],
  ["[[1,0],[1]]", "has 3 spins in row 0"],
  ["[[1,0,1],[1]]", 'has "[1" at site 0 of row 0'],
  ["[1 ... 1 1]", 'has "..." at site 1 of row 0'],
  ["", 'has "" at site 0 of row 0'],
])("import of %j in one cell says what is wrong", async (cell, message) => {
  const sized = cell === "" ? "has 1 spins in row 0 (line 2): expected 4" : message;
  expect(await refusalOf(`spins\n"${cell}"\n`, { beta: 1 })).toContain(sized);
});

test("names of columns that count sites say the order in which they lie", async () => {
  // As sorted by their text.
  const names = Array.from({ length: 16 }, (_, i) => `s${i}`).sort();
  const row = Array.from({ length: 16 }, (_, i) => i % 2).join();
  const file = (columns: readonly string[]) => `${columns.join()}\n${row}\n`;
  expect(await refusalOf(file(names), { beta: 1, size: 4 })).toContain(
    'has column "s10" where 2 would follow: expected the columns in the order of the sites',
  );
  for (const first of [0, 1, 100]) {
    const counted = names.map((_, i) => `s${first + i}`);
    expect((await read(file(counted), { beta: 1, size: 4 })).rows).toBe(1);
  }
  // These count nothing: rows and columns side by side.
  const both = names.map((_, i) => `s${i >> 2}${(i & 3) + 8}`);
  expect((await read(file(both), { beta: 1, size: 4 })).rows).toBe(1);
});

test.each([
  ["beta", "", 'beta "" in row 0: expected a number >= 0'],
  ["beta", "0x1", 'beta "0x1" in row 0'],
  ["beta", "inf", 'beta "inf" in row 0'],
  ["beta", "1e999", 'beta "1e999" in row 0'],
  ["beta", "-1", 'beta "-1" in row 0'],
  ["time", "", 'time "" in row 0: expected an integer of 32 bits'],
  ["time", "0x10", 'time "0x10" in row 0'],
  ["chain", "", 'chain "" in row 0: expected an id'],
  ["chain", "nan", 'chain "nan" in row 0: expected an id'],
])("import refuses a %s of %j", async (column, cell, message) => {
  const text = `${column},a,b,c,d\n${cell},1,0,1,1\n`;
  expect(await refusalOf(text, column === "beta" ? {} : { beta: 1 })).toContain(`has ${message}`);
});

test("import of text that is not UTF-8 says so", async () => {
  expect(await refusalOf("1,0,1,1\n0,1,1\0,0\n", { beta: 1, format: "csv" })).toBe(
    '"f" has a zero byte in line 2',
  );
  expect(await refusalOf(Buffer.from("a,b,c,\xe9\n1,0,1,1\n", "latin1"), { beta: 1 })).toBe(
    '"f" is not text in UTF-8',
  );
  expect(await refusalOf(Buffer.from("\ufeff1,0,1,1\n", "utf16le"), { beta: 1 })).toBe(
    '"f" is text in UTF-16: save it as UTF-8',
  );
});

test("import reads back any table of spins, however it is laid out", async () => {
  const spin = fc.constantFrom(-1, 1);
  const rows = fc.array(fc.array(spin, { minLength: 4, maxLength: 4 }), { minLength: 1 });
  const write = fc.constantFrom(
    (s: number) => String(s),
    (s: number) => s.toExponential(18),
    (s: number) => ` ${s}.`,
    (s: number) => (s > 0 ? "+1.0" : "-1.0"),
  );
  await fc.assert(
    fc.asyncProperty(
      ...[rows, write, fc.constantFrom(",", ";", "\t", " ", " , "), fc.boolean(), fc.boolean()],
      async (table, text, separator, hasNames, isOpen) => {
        const end = isOpen && separator !== " " ? `${separator}\n` : "\n";
        const lines = [
          ...(hasNames ? [["a", "b", "c", "d"]] : []),
          ...table.map((r) => r.map(text)),
        ];
        const content = lines.map((line) => `${line.join(separator)}${end}`).join("");
        expect(spinsOf(await read(content, { beta: 1 }))).toEqual(table.flat());
      },
    ),
    { numRuns: 200 },
  );
});

test("a spin in text is exactly one of its spellings", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."01+-.eE"), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(digits, (text) => {
      const spin = spinIn(text);
      if (spin !== undefined) expect(Number(text) + 0).toBe(spin);
    }),
    { numRuns: 2000 },
  );
});

test("betas are those that the text has, to the last digit", async () => {
  const text = "beta,a,b,c,d\n4.406867935097715e-01,1,0,1,1\n.3,0,0,0,0\n1.,1,1,1,1\n";
  expect(betasOf(await read(text))).toEqual([0.4406867935097715, 0.3, 1]);
});

/** Names of files that are made of what users name. */
import { resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { safeNames } from "../../src/text/file-names.ts";

const endings = fc.constantFrom(".csv", ".npy", ".arrow", ".parquet");
const device = fc.constantFrom("con", "NUL", "aux", "com1", "lpt9", "COM¹", "conin$");
const piece = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  device,
  ...[
    "..",
    "/",
    "\\",
    ":",
    ".",
    "-",
    "~",
    " ",
    "é",
    "e\u0301",
    "ß",
    "SS",
    "ſ",
    "İ",
    "ı",
    "A",
    "a",
  ].map(fc.constant),
  fc.constant("x".repeat(240)),
  fc.constant("~0123456789abcdef"),
  // Wide digits and letters fold to ASCII.
  fc.constant("～０１２３４５６７８９ａｂｃｄｅｆ"),
);
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));

/** As the most forgetful file system compares names. */
const forgetful = (name: string) => name.normalize("NFKD").toUpperCase().normalize("NFKD");

test("different texts have different names, inside of their folder, that any system takes", () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 12 }), endings, (texts, ending) => {
      const names = [...safeNames(texts, ending).values()];
      expect(names).toHaveLength(texts.length);
      expect(new Set(names.map(forgetful)).size).toBe(texts.length);
      for (const name of names) {
        expect(resolve("/out", name)).toBe(`/out/${name}`);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
        expect(name).toBe(name.normalize("NFC"));
        expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]|^[.\- ~]|[. ]$/u);
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d) *(\.|$)/i);
      }
    }),
    { numRuns: 2000 },
  );
});

test("the order of texts does not matter", () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 6 }), (texts) => {
      const names = safeNames(texts, ".csv");
      expect(new Map([...safeNames([...texts].reverse(), ".csv")])).toEqual(new Map(names));
    }),
  );
});

test("harmless names stay as they are", () => {
  const texts = [
    "lattices[seed=1].configurations",
    "train[rule=majority,seed=3].model",
    "wide[T=2.27,model=AE].x",
    "train[ablation=lr[learning_rate=0.001],seed=1].model",
    "s[word=Grüße an alle].x",
    "s[word=格子].x",
  ];
  expect([...safeNames(texts, ".csv").values()]).toEqual(texts.map((text) => `${text}.csv`));
});

test.each([
  ["s[a=../../etc/passwd].x", /^s\[a=\.\._\.\._etc_passwd\]\.x~[0-9a-f]{16}\.csv$/],
  ["s[a=C:\\x].x", /^s\[a=C_x\]\.x~[0-9a-f]{16}\.csv$/],
  ["con.x", /^_con\.x~[0-9a-f]{16}\.csv$/],
  ["", /^_~[0-9a-f]{16}\.csv$/],
])("%s is marked by its digest", (text, name) => {
  expect(safeNames([text], ".csv").get(text)).toMatch(name);
});

test("twins are both marked, so that neither takes the other's name at another time", () => {
  const twins = ["s[a=A].x", "s[a=a].x", "s[a=é].x", "s[a=e\u0301].x"];
  for (const name of safeNames(twins, ".csv").values()) expect(name).toMatch(/~[0-9a-f]{16}\.csv$/);
});

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { clip, clipEnd } from "../../src/text/clip.ts";
import { plural } from "../../src/text/plural.ts";
import { quote, shellQuote, spell } from "../../src/text/quote.ts";

test("a shell reads a quoted word as it was", () => {
  const words = ["a b", "it's", "''", '"$HOME" `id`', "back\\slash", "*\n*", ""];
  const command = `printf '%s\\0' ${words.map(shellQuote).join(" ")}`;
  const read = execFileSync("sh", ["-c", command], { encoding: "utf8" });
  expect(read.split("\0").slice(0, -1)).toEqual(words);
});

test("what cannot be seen is written out, and only that", () => {
  expect(quote("a\u200bb\u3000c\u2028 d é")).toBe('"a\\u{200b}b\\u{3000}c\\u{2028} d é"');
  expect(spell("é")).toBe('"\\u{e9}"');
  expect(quote(undefined)).toBe("nothing");
});

test("a long text keeps its beginning and its end, and whole characters", () => {
  expect(clip("a".repeat(200))).toHaveLength(200);
  const long = clip(`${"a".repeat(158)}😀${"b".repeat(100)}`);
  expect(long).toBe(`${"a".repeat(158)}…${"b".repeat(40)}`);
  expect(clipEnd("abcdef", 6)).toBe("abcdef");
  expect(clipEnd("abcdef", 2)).toBe("ab… (4 more characters)");
});

test("one is not several", () => {
  expect([0, 1, 2].map((n) => plural(n, "value"))).toEqual(["0 values", "1 value", "2 values"]);
});

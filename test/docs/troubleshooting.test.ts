/** docs/troubleshooting.md has every code of an error or a warning that the code can print, and no other. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { documentCodes, laterCodes } from "../../src/engine/language/diagnostic.ts";
import { emptyCode } from "../../src/engine/run/returned.ts";
import { readPage } from "./page.ts";

/** In the first cells of tables whose first column is `code`. */
function codesOf(page: string): string[] {
  const tables = page.matchAll(/^\| code \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/gm);
  return [...tables].flatMap(([, rows = ""]) =>
    rows
      .trim()
      .split("\n")
      .flatMap((row) => [...row.split("|")[1]!.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code!)),
  );
}

/** Where the code names a code as text: warnings of node types, of runs, of commands; of the store. */
const spoken = [
  /\bwarn\(\s*"([a-z-]+)"/g,
  /\bcode: "([a-z-]+)"/g,
  /\bStoreError\(\s*"([a-z-]+)"/g,
  /(?:warning|error)\[([a-z-]+)\]/g,
];

function codesInSource(): Set<string> {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" });
  const texts = files.filter((f) => f.endsWith(".ts")).map((f) => readFileSync(`src/${f}`, "utf8"));
  const found = texts.flatMap((text) => spoken.flatMap((form) => [...text.matchAll(form)]));
  // In a comment that shows the form of a message.
  return new Set(found.map(([, code]) => code!).filter((code) => code !== "code"));
}

test("the page lists each code once, and no code that does not exist", () => {
  const { text } = readPage("docs/troubleshooting.md");
  const listed = codesOf(text);
  const all = new Set<string>([...documentCodes, ...laterCodes, emptyCode, ...codesInSource()]);
  // Named in a sentence, beside the commands that print them.
  for (const code of ["several-files", "license"]) {
    expect(text).toContain(`\`${code}\``);
    all.delete(code);
  }
  expect(listed.sort()).toEqual([...all].sort());
});

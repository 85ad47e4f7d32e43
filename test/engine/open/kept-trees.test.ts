/** What is kept of a file must never be taken for another text's, or for what it is not. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseYaml } from "../../../src/engine/language/parse.ts";
import { plain } from "../../../src/engine/language/tree.ts";
import { keptYaml } from "../../../src/engine/open/kept-trees.ts";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

/** The folder of a store that something was run in. */
function cache(): string {
  const folder = mkdtempSync(join(tmpdir(), "blockspin-trees-"));
  made.push(folder);
  mkdirSync(join(folder, "v1", "tmp"), { recursive: true });
  return folder;
}

const filler = `# ${"x".repeat(4096)}\n`;
const sourceOf = (text: string) => ({ path: "p.yaml", file: "/p.yaml", text: filler + text });
const shelf = (folder: string) => join(folder, "v1", "trees");

/** The one file that is kept. */
function fileIn(folder: string): string {
  const [name, ...others] = readdirSync(shelf(folder));
  expect(others).toEqual([]);
  return join(shelf(folder), name!);
}

test("a file is read from what is kept, as YAML would be read", () => {
  const folder = cache();
  const source = sourceOf("a: { b: [1.0, x] }");
  const first = keptYaml(folder)(source);
  const text = readFileSync(fileIn(folder), "utf8");
  expect(keptYaml(folder)(source)).toEqual(first);
  expect(keptYaml(folder)(source)).toEqual(parseYaml(source));
  expect(readFileSync(fileIn(folder), "utf8")).toBe(text);
});

test("another text in the same file is read anew, and kept instead", () => {
  const folder = cache();
  keptYaml(folder)(sourceOf("a: 1"));
  expect(plain(keptYaml(folder)(sourceOf("a: 2")).value!)).toEqual({ a: 2 });
  fileIn(folder);
  expect(plain(keptYaml(folder)(sourceOf("a: 1")).value!)).toEqual({ a: 1 });
});

test("changed bytes and torn ends are misses", () => {
  const folder = cache();
  const source = sourceOf("a: { b: [1, x] }");
  const right = keptYaml(folder)(source);
  const file = fileIn(folder);
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at += 5) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1;
    writeFileSync(file, flipped);
    expect(keptYaml(folder)(source)).toEqual(right);
    expect(readFileSync(file)).toEqual(bytes);
    writeFileSync(file, bytes.subarray(0, at));
    expect(keptYaml(folder)(source)).toEqual(right);
  }
});

test("what has errors or warnings is not kept; a short text and a missing store keep nothing", () => {
  const folder = cache();
  for (const text of ["a: 1\na: 2", "a: yes", "a: [1"]) {
    const { diagnostics } = keptYaml(folder)(sourceOf(text));
    expect(diagnostics).not.toEqual([]);
    expect(keptYaml(folder)(sourceOf(text)).diagnostics).toEqual(diagnostics);
  }
  keptYaml(folder)({ path: "q.yaml", text: "a: 1" });
  expect(() => readdirSync(shelf(folder))).toThrow();
  const none = join(folder, "none");
  expect(plain(keptYaml(none)(sourceOf("a: 1")).value!)).toEqual({ a: 1 });
  expect(() => readdirSync(none)).toThrow();
});

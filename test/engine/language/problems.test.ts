import { expect, test } from "vitest";
import { renderDiagnostic } from "../../../src/engine/language/diagnostic.ts";
import { clip } from "../../../src/text/clip.ts";
import { plural } from "../../../src/text/plural.ts";
import { quote } from "../../../src/text/quote.ts";
import { loadPipeline } from "../../harness/load-pipeline.ts";

function said(text: string): string {
  const { diagnostics } = loadPipeline("p.yaml", { readFile: () => text });
  return diagnostics.map(renderDiagnostic).join("\n");
}

test("long values do not make long messages", () => {
  const long = "x".repeat(1e5);
  const stages = "stages: { a: { node: sampler } }";
  for (const text of [
    `blockspin: ${long}\n${stages}`,
    `blockspin: 1\nparams: ${long}\n${stages}`,
    `blockspin: 1\nbackend: ${long}\n${stages}`,
    `blockspin: 1\nparams: { a: "\${${long}}" }\n${stages}`,
    `blockspin: 1\nparams: { a: ${"9".repeat(1e5)} }\n${stages}`,
    `blockspin: 1\nstages: { a: { node: sampler, for: { q: ${long} } } }`,
    `blockspin: 1\n${long}: 2\n${stages}`,
    long,
  ]) {
    const lines = said(text).split("\n");
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line.length).toBeLessThan(500);
  }
});

test("clip() and quote() keep both ends, and characters whole", () => {
  expect(quote("short")).toBe('"short"');
  expect(quote(`a${"b".repeat(1000)}c`)).toMatch(/^"ab+…b+c"$/);
  for (let i = 0; i < 4; i++) {
    expect(clip("x".repeat(i) + "😀".repeat(200))).not.toMatch(/\p{Surrogate}/u);
    expect(clip("x".repeat(i) + "\\u0001".repeat(200)).split("…")[0]).toMatch(/\\u0001$/);
  }
});

test("a file in UTF-16 is told of as what it is", () => {
  const text = new TextDecoder().decode(Buffer.from("\ufeffblockspin: 1\n", "utf16le"));
  expect(said(text)).toContain("error[yaml-syntax]: expected text, got bytes");
  expect(said(text)).toContain("= save the file as UTF-8");
});

test("a byte order mark takes no column", () => {
  expect(said("\ufeffblockspin: x\nstages: {}\n")).toMatch(/^p\.yaml:1:12: .*\n1 \| blockspin/);
});

test("one is not plural", () => {
  expect(plural(1, "element")).toBe("1 element");
  expect(plural(0, "element")).toBe("0 elements");
});

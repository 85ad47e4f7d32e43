import fc from "fast-check";
import { expect, test } from "vitest";
import { parseYaml } from "../../../src/engine/language/parse.ts";
import { plain } from "../../../src/engine/language/tree.ts";

function parse(text: string) {
  return parseYaml({ path: "p.yaml", text });
}

function read(text: string): unknown {
  const { value, diagnostics } = parse(text);
  if (!value) throw new Error(diagnostics.map(({ message }) => message).join("; "));
  return plain(value);
}

test("parseYaml() reads YAML 1.2: no and 1_000 are text", () => {
  expect(read("a: no\nb: 1_000\nc: 0x10\nd: ~\ne: 1e-3")).toEqual({
    a: "no",
    b: "1_000",
    c: 16,
    d: null,
    e: 0.001,
  });
});

test("parseYaml() makes -0 the same as 0", () => {
  expect(Object.is((read("[-0, -0.0]") as number[])[1], 0)).toBe(true);
});

test("parseYaml() follows aliases and merge keys, own keys first", () => {
  const text = "base: &base { a: 1, b: 2 }\nmine: { <<: *base, b: 3 }\nlist: [*base, 4]";
  expect(read(text)).toEqual({
    base: { a: 1, b: 2 },
    mine: { a: 1, b: 3 },
    list: [{ a: 1, b: 2 }, 4],
  });
});

test("parseYaml() merges a list of mappings, the first one first; a quoted << is a name", () => {
  const text = "a: &a { x: 1 }\nb: &b { x: 2, y: 2 }\nc: { <<: [*a, *b] }\nd: { '<<': *a }";
  expect(read(text)).toMatchObject({ c: { x: 1, y: 2 }, d: { "<<": { x: 1 } } });
});

test.each([
  ["%YAML 1.1\n---\na: 1", "yaml-syntax"],
  ["a: 1\n---\n%YAML 1.1\n---\na: 1", "yaml-syntax"],
  ["m: { <<: { a: 1 }, <<: { a: 2 } }", "duplicate-key"],
  ["1: a\n1.0: b", "duplicate-key"],
  ["'1': a\n1: b", "duplicate-key"],
  ["\u212b: 1\n\u00c5: 2", "duplicate-key"],
  ["a: 010", "ambiguous-value"],
  ["010: a", "ambiguous-value"],
  ["a: 1e-400", "inexact-number"],
  ["a: 9007199254740993.0", "inexact-number"],
  ["a: !!omap [b: 1]", "invalid-value"],
  ["? !!set { a }\n: 1", "invalid-value"],
  ['a: "\\udc00"', "invalid-value"],
])("parseYaml() refuses %j", (text, code) => {
  const { value, diagnostics } = parse(text);
  expect(value).toBeUndefined();
  expect(diagnostics.map((d) => d.code)).toContain(code);
});

test("parseYaml() warns of plain text that another reader takes for a number or a boolean", () => {
  const odd = [
    "yes",
    "Off",
    "NO",
    "1:30",
    "-12:30:45.5",
    "1_000",
    "0_1",
    "1,5",
    "1 000",
    "1'000.5",
  ];
  odd.push("1d3", "1.5D-3", ".5q2", "0b11", "0X1F", "NaN", "-Infinity", "−1", "１２", "1\u00a0");
  for (const text of odd) {
    const { value, diagnostics } = parse(`a: ${text}`);
    expect([text, plain(value!)]).toEqual([text, { a: text }]);
    expect([text, diagnostics.map((d) => d.code)]).toEqual([text, ["ambiguous-value"]]);
    expect(parse(`a: "${text}"`).diagnostics).toEqual([]);
    expect(parse(`a: !!str ${text}`).diagnostics).toEqual([]);
  }
  const fair = [
    "y",
    "n",
    "2d",
    "1e",
    "2026-01-02",
    "1.2.3",
    "1/3",
    "50%",
    "0o17",
    "1e3",
    "+1",
    "true",
  ];
  for (const text of [...fair, "one 1", "x1", "a:b", "1, 2"]) {
    expect([text, parse(`a: ${text}`).diagnostics]).toEqual([text, []]);
  }
  expect(parse("yes: 1\non: 2").diagnostics).toEqual([]);
});

test("parseYaml() reads large numbers that a file can write exactly", () => {
  expect(
    read("[1e23, 6.02214076e23, 9007199254740992.0, 3.141592653589793238, 0e999, 0.0]"),
  ).toEqual([1e23, 6.02214076e23, 2 ** 53, Math.PI, 0, 0]);
});

test("parseYaml() keeps keys such as __proto__ as data", () => {
  const value = read("__proto__: { polluted: true }") as object;
  expect(Object.keys(value)).toEqual(["__proto__"]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("parseYaml() gives every value the place where it was written", () => {
  const text = 'a: [10, "two"]\nb:\n  c: true\n';
  const { value } = parse(text);
  const found: string[] = [];
  const walk = (tree: NonNullable<typeof value>) => {
    if (tree.kind === "scalar") found.push(text.slice(tree.span.start, tree.span.end));
    else if (tree.kind === "list") tree.items.forEach(walk);
    else for (const { value: inner } of tree.entries.values()) walk(inner);
  };
  walk(value!);
  expect(found).toEqual(["10", '"two"', "true"]);
});

const alphabet = [..."[]{}:,-&*!?|>'\"#\n\n \t%@$ab1.<", "  ", "\n- ", ": ", "&a ", "*a", "<<: "];

test("parseYaml() never throws, whatever the text, and gives a value or an error", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom(...alphabet), { maxLength: 60 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (yaml) => {
      const { value, diagnostics } = parse(yaml);
      const failed = diagnostics.some(({ severity }) => severity === "error");
      expect(value === undefined).toBe(failed);
    }),
    { numRuns: 3000 },
  );
});

test("parseYaml() survives nesting that would exhaust the stack", () => {
  for (const text of [
    "[".repeat(1e5),
    "- ".repeat(1e5),
    `${"{a: ".repeat(2e4)}1`,
    "? ".repeat(1e4),
  ]) {
    expect(parse(text).diagnostics[0]!.code).toBe("yaml-syntax");
  }
});

test("parseYaml() refuses chains of aliases that are deep without being large", () => {
  const lines = ["a0: &a0 [1]"];
  for (let i = 1; i < 2000; i++) lines.push(`a${i}: &a${i} [*a${i - 1}]`);
  expect(parse(lines.join("\n")).diagnostics.map(({ code }) => code)).toContain("alias-bomb");
});

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
      expect(value === undefined).toBe(diagnostics.length > 0);
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

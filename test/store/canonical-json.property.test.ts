import rfc8785 from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../src/store/canonical-json.ts";

const reference = rfc8785 as unknown as (value: unknown) => string;

test("canonicalJson() writes what the package canonicalize writes", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string(),
    fc.constantFrom("__proto__", "\u2028", "\ud800"),
  );
  const leaf = fc.oneof(
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.constantFrom(null, -0, 1e21, 5e-324, new Date(0)),
      fc.array(fc.oneof(tie("value"), fc.constantFrom(undefined, Symbol.iterator)), {
        maxLength: 5,
      }),
      fc.dictionary(text, fc.oneof(tie("value"), fc.constant(undefined)), { maxKeys: 6 }),
    ),
  }));
  fc.assert(
    fc.property(value, (value) => {
      expect(canonicalJson(value)).toBe(reference(value));
    }),
    { numRuns: 1000 },
  );
});

test("canonicalJson() refuses what JSON lacks", () => {
  expect(() => canonicalJson({ x: [Number.NaN] })).toThrow("NaN is not allowed");
  expect(() => canonicalJson(Number.NEGATIVE_INFINITY)).toThrow("Infinity is not allowed");
  for (const value of [undefined, () => 1, 1n, Symbol.iterator]) {
    expect(() => canonicalJson(value)).toThrow("not a JSON value");
  }
  expect(() => canonicalJson({ f: () => 1 })).toThrow("not a JSON value");
});

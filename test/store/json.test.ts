import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "../../src/store/json.ts";

const limits = { bytes: 1000, depth: 5, values: 20 };
const parse = (text: string) => parseJson(new TextEncoder().encode(text), limits);

test("parseJson() says which limit a text passes, and parses what passes none", () => {
  expect(parse('{"a":[1,{"b":[[2]]}]}')).toMatchObject({ value: { a: [1, { b: [[2]] }] } });
  expect(parse("[[[[[[1]]]]]]")).toEqual({ damage: "it is nested more than 5 deep" });
  expect(parse(`[${"1,".repeat(30)}1]`)).toEqual({ damage: "it has more than 20 values" });
  expect(parse(`[${"[],".repeat(30)}1]`)).toEqual({ damage: "it has more than 20 values" });
  expect(parse(`"${"x".repeat(1000)}"`)).toEqual({ damage: "it has more than 1000 bytes" });
  // What stands in a text counts for nothing.
  const text = JSON.stringify(["[[[[[[[[[[", ",".repeat(50), '\\"[[[[[[[[', "\\"]);
  expect(parse(text)).toMatchObject({ value: JSON.parse(text) });
  for (const other of ["", "[", '"', '"\\', "]]]]", "\ufeff1"]) {
    expect(parse(other)).toEqual({ damage: "it is truncated or not JSON" });
  }
  const latin = parseJson(Uint8Array.of(0x22, 0xe9, 0x22), limits);
  expect(latin).toEqual({ damage: "it is truncated or not JSON" });
});

test("parseJson() parses all JSON within its limits", () => {
  const wide = { bytes: 1e6, depth: 100, values: 1e6 };
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      expect(parseJson(new TextEncoder().encode(text), wide)).toEqual({
        value: JSON.parse(text),
        text,
      });
    }),
  );
});

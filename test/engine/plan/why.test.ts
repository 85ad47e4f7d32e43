import { expect, test } from "vitest";
import type { Preimage } from "../../../src/engine/plan/preimage.ts";
import { diffPreimages, show } from "../../../src/engine/plan/why.ts";
import { named } from "../../../src/store/digest.ts";

const before: Preimage = {
  v: 1,
  node: "decimator",
  version: 1,
  params: { factor: 2, rule: "majority", offset: [0, 0] },
  inputs: { configurations: named("a".repeat(64)) },
  numerics: null,
};

test("diffPreimages() names every leaf that differs, old and new", () => {
  const after = { ...before, version: 2, params: { ...before.params, factor: 4 }, salt: "x" };
  expect(diffPreimages(before, after)).toEqual([
    { field: "params.factor", before: 2, after: 4 },
    { field: "salt", before: undefined, after: "x" },
    { field: "version", before: 1, after: 2 },
  ]);
});

test("diffPreimages() finds nothing in equal preimages, whatever the order of their fields", () => {
  const { params, ...rest } = before;
  const reordered = { params: { rule: "majority", offset: [0, 0], factor: 2 }, ...rest };
  expect(params).toEqual(reordered.params);
  expect(diffPreimages(before, reordered as Preimage)).toEqual([]);
});

test("show() cuts digests short and quotes texts", () => {
  expect(show(`sha256:${"a".repeat(64)}`)).toBe("sha256:aaaaaaaaaaaa");
  expect(show("majority")).toBe('"majority"');
  expect(show(undefined)).toBe("(absent)");
});

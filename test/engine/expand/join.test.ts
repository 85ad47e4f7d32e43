import fc from "fast-check";
import { expect, test } from "vitest";
import { agree, type Joined, join } from "../../../src/engine/expand/join.ts";
import type { Coordinate } from "../../../src/engine/graph.ts";
import type { Scalar } from "../../../src/engine/language/tree.ts";

/** A few coordinates over a few axes, ragged or not, each once. */
const relation = fc
  .array(fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 2 })), {
    maxLength: 6,
  })
  .map((rows) => {
    const sorted = rows.map((row) =>
      Object.fromEntries(Object.entries(row).sort(([x], [y]) => (x < y ? -1 : 1))),
    );
    return [...new Map(sorted.map((row) => [JSON.stringify(row), row])).values()];
  });

/** The definition: every choice of one row of each relation in which all pairs agree. */
function bruteForce(relations: readonly (readonly Coordinate[])[]): Joined[] {
  let choices: number[][] = [[]];
  for (const rows of relations) {
    choices = choices.flatMap((choice) => rows.map((_, i) => [...choice, i]));
  }
  return choices.flatMap((rows) => {
    const picked = rows.map((row, i) => relations[i]![row]!);
    if (!picked.every((a) => picked.every((b) => agree(a, b)))) return [];
    return [{ coordinate: Object.assign({}, ...picked) as Record<string, Scalar>, rows }];
  });
}

/** As a set, with axes in order. */
function canonical(joined: readonly Joined[]): string[] {
  return joined
    .map(({ coordinate, rows }) => JSON.stringify([Object.entries(coordinate).sort(), rows]))
    .sort();
}

test("join() is every combination in which all pairs agree", () => {
  fc.assert(
    fc.property(fc.array(relation, { maxLength: 4 }), (relations) => {
      expect(canonical(join(relations)!)).toEqual(canonical(bruteForce(relations)));
    }),
    { numRuns: 1000 },
  );
});

test("join() does not depend on the order of its relations", () => {
  const shuffled = fc
    .array(relation, { minLength: 2, maxLength: 4 })
    .chain((relations) =>
      fc.tuple(
        fc.constant(relations),
        fc.shuffledSubarray([...relations.keys()], { minLength: relations.length }),
      ),
    );
  fc.assert(
    fc.property(shuffled, ([relations, order]) => {
      const moved = join(order.map((i) => relations[i]!))!.map(({ coordinate, rows }) => ({
        coordinate,
        rows: relations.map((_, i) => rows[order.indexOf(i)]!),
      }));
      expect(canonical(moved)).toEqual(canonical(join(relations)!));
    }),
    { numRuns: 1000 },
  );
});

test("join() sorts by coordinate, axes by name and numbers by size", () => {
  const rows = [{ size: 16 }, { size: 4 }, { size: 8 }];
  const parts = [{ part: "train" }, { part: "test" }];
  expect(join([rows, parts])!.map(({ coordinate }) => coordinate)).toEqual([
    { part: "test", size: 4 },
    { part: "test", size: 8 },
    { part: "test", size: 16 },
    { part: "train", size: 4 },
    { part: "train", size: 8 },
    { part: "train", size: 16 },
  ]);
});

test("join() meets what filters a product before it makes the product", () => {
  const n = 2000;
  const one = Array.from({ length: n }, (_, i) => ({ a: i }));
  const two = Array.from({ length: n }, (_, i) => ({ b: i }));
  const both = Array.from({ length: n }, (_, i) => ({ a: i, b: i }));
  // The product alone would be 4 million rows, which is more than join() agrees to make.
  expect(join([one, two, both])).toHaveLength(n);
  expect(join([one, two])).toBeUndefined();
});

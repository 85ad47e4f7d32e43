import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseYaml } from "../../../src/engine/language/parse.ts";
import { get, scalar } from "../../../src/engine/language/tree.ts";
import { treeOfText, treeText } from "../../../src/engine/language/tree-text.ts";

function parse(text: string) {
  const source = { path: "p.yaml", text };
  return { source, tree: parseYaml(source).value! };
}

const folder = new URL("../../../pipelines/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

test.each(files)("treeOfText() gives back the tree of %s, place by place", (name) => {
  const { source, tree } = parse(readFileSync(new URL(name, folder), "utf8"));
  expect(treeOfText(treeText(tree, source)!, source)).toEqual(tree);
});

test("treeText() keeps spellings, nulls, odd keys, aliases, merges and what is empty", () => {
  const text =
    "a: &a { x: 1.0, 2.50: ~, __proto__: { y: [] } }\nb: *a\nc: { <<: *a, x: 2 }\n" +
    'd: &d [1e3, "", {}, &e yes, *e]\ne: [*d, *d]\nf:\n';
  const { source, tree } = parse(text);
  expect(treeOfText(treeText(tree, source)!, source)).toEqual(tree);
});

test("treeText() writes what aliases share once", () => {
  const many = Array.from({ length: 12 }, (_, i) => `k${i + 1}: &k${i + 1} [*k${i}, *k${i}]`);
  const { source, tree } = parse(`k0: &k0 [0]\n${many.join("\n")}\n`);
  const written = treeText(tree, source)!;
  expect(written.length).toBeLessThan(5000);
  const again = treeOfText(written, source);
  const [first, second] = [0, 1].map((i) => {
    const of = get(again, "k12");
    return of?.kind === "list" ? of.items[i] : undefined;
  });
  expect(first?.kind === "list" && second?.kind === "list" && first.items === second.items).toBe(
    true,
  );
});

test("treeText() refuses what has places in another source", () => {
  const { source, tree } = parse("a: 1");
  expect(treeText(scalar(1, { source: { ...source }, start: 0, end: 1 }), source)).toBeUndefined();
  expect(treeText(tree, { ...source })).toBeUndefined();
});

/** What enters a key, and what does not. */
import { expect, test } from "vitest";
import type { Graph, Instance } from "../../../src/engine/graph.ts";
import { keyed, keyOf, lineageOf } from "../../../src/engine/plan/key.ts";
import { actionKey, sha256 } from "../../../src/store/digest.ts";
import { facts, graphOf } from "../run/workbench.ts";

const stages = `stages:
  a: { node: sum, for: { x: [1, 2, 3] }, with: { a: "\${x}" }, resources: { threads: 2 } }
  b: { node: sum, inputs: { in: { from: a, collect: all } }, salt: new }
`;

const digestOf = (instance: number, port: string) => sha256(`${instance}${port}`);

function keysOf({ instances }: Graph) {
  return instances.map((instance, i) => keyOf(instance, i, digestOf, facts));
}

test("a key is the digest of the preimage beside it", () => {
  const keys = keysOf(graphOf(stages));
  for (const { key, preimage } of keys) expect(key).toBe(actionKey(preimage));
  expect(keys[0]!.preimage).toEqual({
    ...{ v: 1, node: "sum", version: 1, params: { a: 1, coarse: false } },
    ...{ inputs: {}, numerics: null },
  });
  expect(keys[3]!.preimage).toMatchObject({ salt: "new" });
  expect(keyed(keys[0]!.preimage)).toEqual(keys[0]);
});

test("the order of what is collected does not matter; which coordinate has which digest does", () => {
  const graph = graphOf(stages);
  const last = graph.instances[3]!;
  const edge = last.inputs["in"]!;
  if (edge.kind !== "collect") throw new Error("not collected");
  const reversed: Instance = {
    ...last,
    inputs: { in: { ...edge, members: [...edge.members].reverse() } },
  };
  const key = keyOf(last, 3, digestOf, facts).key;
  expect(keyOf(reversed, 3, digestOf, facts).key).toBe(key);
  const swapped = (i: number, port: string) => digestOf(2 - i, port);
  expect(keyOf(last, 3, swapped, facts).key).not.toBe(key);
});

test("code and what a node type found out enter; a backend enters where it can show", () => {
  const [instance] = graphOf(stages).instances;
  const { key } = keyOf(instance!, 0, digestOf, facts);
  const coded = { ...instance!, node: { ...instance!.node, code: "sha256:1" } };
  expect(keyOf(coded, 0, digestOf, facts).preimage.code).toBe("sha256:1");
  const identified = { ...facts, identities: new Map([[0, "Python 3.11"]]) };
  expect(keyOf(instance!, 0, digestOf, identified).preimage.identity).toBe("Python 3.11");
  const tensorflow = { ...facts, backend: "tensorflow" as const };
  expect(keyOf(instance!, 0, digestOf, tensorflow).key).toBe(key);
  const type = { ...instance!.node.type, backend: true };
  const numeric = { ...instance!, node: { ...instance!.node, type } };
  expect(keyOf(numeric, 0, digestOf, tensorflow).preimage.numerics).toEqual({
    backend: "tensorflow",
  });
});

test("a longer and a shorter run have one lineage", () => {
  const [short, long, other] = [3, 5, 5].map((to, i) => {
    const params = { to, ...(i === 2 ? { of: 1 } : {}) };
    return keyOf({ ...graphOf(stages).instances[0]!, params }, 0, digestOf, facts).preimage;
  });
  expect(lineageOf(short!, "to")).toBe(lineageOf(long!, "to"));
  expect(lineageOf(other!, "to")).not.toBe(lineageOf(long!, "to"));
});

/** Derived params, as a stage that uses them has them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { expand, find, tryExpand } from "../expand/expand.ts";

const betasOf = (params: string, derived: string) => {
  const stage = `stages:\n  s: { node: sampler, with: { size: 4, betas: "\${betas}" } }`;
  const graph = expand(`params: ${params}\nderived: ${derived}\n${stage}`);
  return find(graph, "s").params["betas"];
};

test("a list is computed element by element, a number goes with each", () => {
  expect(betasOf("{ t: [1.0, 2, 2.5] }", "{ betas: { divide: [1, t] } }")).toEqual([1, 0.5, 0.4]);
  expect(betasOf("{ t: [1, 2], j: 3 }", "{ betas: { divide: [t, j] } }")).toEqual([1 / 3, 2 / 3]);
  expect(betasOf("{ a: [1, 2], b: [3, 4] }", "{ betas: { multiply: [a, b, 0.1] } }")).toEqual([
    0.3, 0.8,
  ]);
});

test("lists may be ranges, hold ranges, and be derived themselves", () => {
  expect(
    betasOf(
      "{ t: { from: 1, to: 2, step: 0.5 } }",
      "{ half: { multiply: [t, 0.5] }, betas: { divide: [1, half] } }",
    ),
  ).toEqual([2, 4 / 3, 1]);
  expect(betasOf("{ t: [{ range: [1, 2] }, 4] }", "{ betas: { divide: [1, t] } }")).toEqual([
    1, 0.5, 0.25,
  ]);
});

test("a quotient is the number nearest to the quotient of the decimals as written", () => {
  const decimal = fc.tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(fc.array(decimal, { minLength: 1, maxLength: 5 }), (numbers) => {
      const t = numbers.map(([digits, places]) => `${digits}e-${places}`);
      const betas = betasOf(`{ t: [${t}] }`, "{ betas: { divide: [1, t] } }");
      // 10^places / digits: two integers that are exact, so the division rounds once.
      expect(betas).toEqual(numbers.map(([digits, places]) => 10 ** places / digits));
    }),
  );
});

test("the parameters are those of the list written out", () => {
  const stage = (betas: string) =>
    `stages: { s: { node: sampler, with: { size: 4, betas: ${betas} } } }`;
  const written = expand(stage("[1, 0.5, 0.4]"));
  const derived = expand(
    `params: { t: [1.0, 2.0, 2.50] }\nderived: { b: { divide: [1, t] } }\n${stage(`"\${b}"`)}`,
  );
  const ranged = expand(stage("[1.0, { from: 0.50, to: 0.4, step: -0.1 }]"));
  for (const graph of [derived, ranged]) {
    expect(find(graph, "s").params).toEqual(find(written, "s").params);
  }
});

test("--set replaces what a list is derived from", () => {
  const text = `params: { t: [1, 2] }
derived: { b: { divide: [1, t] } }
stages: { s: { node: sampler, with: { size: 4, betas: "\${b}" } } }`;
  expect(find(expand(text, { set: ["t=[4, 5]"] }), "s").params["betas"]).toEqual([0.25, 0.2]);
  expect(tryExpand(text, { set: ["t=[4, 0]"] }).text).toContain("cannot divide by 0");
});

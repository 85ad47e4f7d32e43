/** What is expected of an action, by those that were measured. */
import { expect, test } from "vitest";
import { type Described, Rates } from "../../../src/engine/estimate/rates.ts";
import { defineNode, f64, Seed, Type, table } from "../../../src/engine/node-type.ts";

const sampler = defineNode({
  type: "sampler",
  version: 1,
  summary: "Samples.",
  params: Type.Object({
    betas: Type.Array(Type.Number()),
    samples: Type.Integer(),
    size: Type.Integer(),
    rule: Type.String(),
    seed: Seed(),
  }),
  inputs: {},
  outputs: { x: table({ x: f64 }) },
  splits: "betas",
  grows: { by: "samples", extends: ["x"] },
  run: () => ({ x: { x: [] } }),
});

const base = { betas: [0.1, 0.2], samples: 100, size: 16, rule: "a", seed: 1 };
const action = (params: object = {}, place = {}): Described => ({
  ...{ type: sampler, numerics: null, place: { stage: "s", ...place } },
  params: { ...base, ...params },
});

test("nothing is expected of what was never measured", () => {
  expect(new Rates().of(action())).toBeUndefined();
  const rates = new Rates();
  rates.add({ ...action(), numerics: { backend: "tensorflow" } }, 3);
  expect(rates.of(action())).toBeUndefined();
});

test("seconds are in proportion to what grows and to the length of what is split", () => {
  const rates = new Rates();
  rates.add(action(), 2);
  expect(rates.of(action({ samples: 300 }))).toEqual({ seconds: 6, atLeast: false });
  expect(rates.of(action({ betas: [1, 2, 3, 4] }))).toEqual({ seconds: 4, atLeast: false });
});

test("seeds do not matter, and neither does what a file holds", () => {
  const rates = new Rates();
  rates.add(action({ seed: 1 }), 2);
  rates.add(action({ seed: [2, "x"] }), 4);
  expect(rates.of(action({ seed: 9 }))).toEqual({ seconds: 3, atLeast: false });
  const file = (digest: string) => ({ rule: { file: `sha256:${digest}`, name: "a.py" } });
  rates.add(action(file("1")), 8);
  expect(rates.of(action(file("2")))).toEqual({ seconds: 8, atLeast: false });
});

test("those that differ least decide; more than was measured is at least that", () => {
  const rates = new Rates();
  rates.add(action({ size: 8 }), 1);
  rates.add(action({ size: 16, rule: "b" }), 5);
  expect(rates.of(action({ size: 16, rule: "b" }))).toEqual({ seconds: 5, atLeast: false });
  expect(rates.of(action({ size: 32, rule: "b" }))).toEqual({ seconds: 5, atLeast: true });
  expect(rates.of(action({ size: 4, rule: "b" }))).toEqual({ seconds: 5, atLeast: false });
  expect(rates.of(action({}, { stage: "s" }))!.atLeast).toBe(false);
});

test("an instance's own past counts among those", () => {
  const rates = new Rates();
  rates.add(action({}, { axis: 1 }), 1);
  const own = { ...action({}, { axis: 2 }), seconds: 8 };
  expect(rates.of(action({}, { axis: 2 }), own)).toEqual({ seconds: 8, atLeast: false });
});

test("thousands of measured actions are looked up in no time", () => {
  const rates = new Rates();
  for (let i = 0; i < 10_000; i++) rates.add(action({ size: i }), i);
  const began = performance.now();
  for (let i = 0; i < 10_000; i++) rates.of(action({ size: i }));
  // About 0.1 s; comparing all with all would take minutes.
  expect(performance.now() - began).toBeLessThan(5000);
});

test("in a sweep of many, those that differ in nothing decide", () => {
  const rates = new Rates();
  for (let seed = 1; seed <= 3; seed++) {
    for (let size = 1; size <= 40; size++) rates.add(action({ size, seed }), size);
  }
  for (let size = 1; size <= 40; size++) {
    const { seconds, atLeast } = rates.of(action({ size, seed: 9 }))!;
    expect(seconds).toBeCloseTo(size, 9);
    expect(atLeast).toBe(false);
  }
});

/** Numbers as people read them, and as everything else does. */
import { expect, test } from "vitest";
import { matchPattern } from "../../../src/engine/plan/pattern.ts";
import { ablate, expand, tryExpand } from "./expand.ts";

const sampler = (rest: string) => `{ node: sampler, ${rest} }`;
const labels = (text: string) => expand(text).instances.map(({ label }) => label);
const idsOf = (text: string) => expand(text).instances.map(({ id }) => id);
const beta = `with: { size: 4, betas: ["\${beta}"] }`;

test("a label has numbers as the file writes them, an id as JavaScript prints them", () => {
  const text = `stages: { s: ${sampler(`for: { beta: [1.0, 0.10, 2, 1e-3, .5] }, ${beta}`)} }`;
  expect(labels(text)).toEqual(["1e-3", "0.10", ".5", "1.0", "2"].map((b) => `s[beta=${b}]`));
  expect(idsOf(text)).toEqual(["0.001", "0.1", "0.5", "1", "2"].map((b) => `s[beta=${b}]`));
});

test("a range has the places of its bounds, a param those of its text", () => {
  const range = "{ from: 1.0, to: 2, step: 0.50 }";
  for (const [params, values] of [
    ["", range],
    [`params: { b: [${range}] }\n`, `"\${b}"`],
  ]) {
    const text = `${params}stages: { s: ${sampler(`for: { beta: ${values} }, ${beta}`)} }`;
    expect(labels(text)).toEqual(["s[beta=1.00]", "s[beta=1.50]", "s[beta=2.00]"]);
  }
  const whole = `stages: { s: ${sampler(`for: { beta: { range: [1, 2] } }, ${beta}`)} }`;
  expect(labels(whole)).toEqual(["s[beta=1]", "s[beta=2]"]);
});

test("the first way in which a file writes a value holds for every stage", () => {
  const text = `stages:
  a: ${sampler(`for: { beta: [1, 2.0] }, ${beta}`)}
  b: ${sampler(`for: { beta: [1.0, 2] }, ${beta}`)}
  c: ${sampler(`for: { part: { 3.0: { size: 4 }, 4: { size: 6 } } }, with: { size: "\${part.size}" }`)}
  d: { node: decimator, inputs: { configurations: { axis: k, of: { 5.0: a, 6: b } } }, with: { factor: 2 } }
  e: ${sampler(`for: { m: [7.0], n: [1] }, include: [{ m: 8.0, n: 2 }], with: { size: 4, seed: ["\${m}", "\${n}"] }`)}`;
  expect(labels(text)).toEqual([
    ...["a[beta=1]", "a[beta=2.0]", "b[beta=1]", "b[beta=2.0]", "c[part=3.0]", "c[part=4]"],
    ...["d[beta=1,k=5.0]", "d[beta=1,k=6]", "d[beta=2.0,k=5.0]", "d[beta=2.0,k=6]"],
    ...["e[m=7.0,n=1]", "e[m=8.0,n=2]"],
  ]);
});

test("parameters, text and coordinates do not know how a number is written", () => {
  const text = (one: string) =>
    `stages: { s: ${sampler(`for: { beta: [${one}] }, with: { size: 4, betas: ["\${beta}"], seed: "b\${beta}" }`)} }`;
  const [a, b] = ["1", "1.0"].map((one) => expand(text(one)).instances[0]!);
  const { label: _, shown: __, span: ___, ...plain } = a!;
  expect(b).toMatchObject(plain);
  expect(b!.label).toBe("s[beta=1.0]");
});

test("errors name an instance by its label", () => {
  const text = `stages: { s: ${sampler(`for: { size: [1.0, 4] }, with: { size: "\${size}" }`)} }`;
  expect(tryExpand(text).text).toContain("in s[size=1.0]");
});

const ablated = `
params: { b: [1.0, 2] }
stages: { s: ${sampler(`for: { beta: "\${b}" }, ${beta}`)} }
ablations:
  other: { b: [1.0, 3.0] }
  more: { grid: { stages.s.with.samples: [10.0, 1.0e+2] } }
  both: { combine: ["more[stages.s.with.samples=1e2]"] }
`;

test("an ablation's instances have labels, and the baseline's stay what they are", async () => {
  const { instances } = await ablate(ablated, ["other"]);
  expect(instances.map(({ id, label }) => [id, label])).toEqual([
    ["s[beta=1]", "s[beta=1.0]"],
    ["s[ablation=other,beta=3]", "s[ablation=other,beta=3.0]"],
  ]);
});

test("patterns and names of ablations compare numbers as numbers", async () => {
  const graph = await ablate(ablated, ["more[stages.s.with.samples=100.0]", "both"]);
  const family = "more[stages.s.with.samples=100]";
  expect(graph.variants.map(({ ablation }) => ablation)).toEqual([
    family,
    family.replace("more", "both"),
  ]);
  for (const written of ["1", "1.0", "1e0", "0.1e+1", "0x1"]) {
    expect(matchPattern(graph, `s[beta=${written},ablation=both]`).indices.length).toBe(1);
  }
  const named = "s[ablation=more[stages.s.with.samples=1e2]]";
  expect(matchPattern(graph, named).indices.length).toBe(2);
});

test("patterns find a text in either of Unicode's forms", () => {
  const graph = expand(
    `stages: { s: ${sampler(`for: { lab: ["caf\u00e9", "o\u0308"] }, with: { size: 4, seed: "\${lab}" }`)} }`,
  );
  for (const written of ["caf\u00e9", "cafe\u0301", "\u00f6", "o\u0308"]) {
    expect(matchPattern(graph, `s[lab=${written}]`).indices.length).toBe(1);
  }
  expect(graph.instances.map(({ coordinate }) => coordinate["lab"])).toEqual([
    "caf\u00e9",
    "o\u0308",
  ]);
});

test("a value in another form is an error that says which one there is", () => {
  const text = `stages:
  s: ${sampler(`for: { lab: ["\u00e9"] }, with: { size: 4, seed: "\${lab}" }`)}
  d: { node: decimator, inputs: { configurations: { from: s, at: { lab: "e\u0301" } } }, with: { factor: 2 } }`;
  expect(tryExpand(text).text).toContain('it has "\\u{e9}", which looks like "e\\u{301}"');
});

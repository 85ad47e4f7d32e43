/** Conclusions of a node type of the user's own, several stages of them, and numbers that are odd. */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { accessibilityProblems, noBrowser, openPage } from "../../harness/browser.ts";
import { Space } from "../../harness/space.ts";
import { htmlOf } from "./pages.ts";

const node = `import { defineNode, f64, nullable, Type, table, utf8 } from "blockspin/node";
const texts = ["name", "text", "group", "at", "verdict", "expected", "side", "scale", "bearing", "role"];
const numbers = ["estimate", "low", "high", "margin"];
const columns = Object.fromEntries([...texts, ...numbers].map((name) => [name, name]));
export const opine = defineNode({
  type: "opine", version: 1, summary: "Opines.",
  params: Type.Object({ rows: Type.Array(Type.Any()) }),
  inputs: {},
  outputs: { answers: table({
    ...Object.fromEntries(texts.map((name) => [name, utf8])),
    ...Object.fromEntries(numbers.map((name) => [name, nullable(f64)])),
  }) },
  concludes: { port: "answers", columns, verdicts: { YES: "it is so" } },
  run: ({ params: { rows } }) => ({ answers: {
    ...Object.fromEntries(texts.map((name) => [name, rows.map((row) => row[name] ?? "")])),
    ...Object.fromEntries(numbers.map((name) => [name, rows.map((row) => row[name] === undefined ? null : Number(row[name]))])),
  } }),
});
`;
const long = "l".repeat(500);
const usual = { verdict: "YES", group: "g", estimate: 1, low: 0.5, high: 1.5, margin: 0.25 };
const rows = [
  { ...usual, name: "same", at: "p=1", text: "it is larger" },
  { ...usual, name: "same", at: "p=2", text: "it is larger", margin: 0.5 },
  { ...usual, name: "same", at: "p=3", text: "a theorem", bearing: "theorem" },
  { ...usual, name: "same", at: "p=4", text: "a theorem", bearing: "theorem" },
  { ...usual, name: "ratio", scale: "log", margin: 0.5 },
  { ...usual, name: "no ratio", scale: "log", margin: 0, estimate: -1, low: -2, high: 0 },
  { ...usual, name: "negative", margin: -1 },
  { ...usual, name: "endless", low: "-Infinity", high: "Infinity", estimate: "Infinity" },
  { verdict: "YES", name: "", group: "g" },
  { ...usual, name: "alike", side: "equal", estimate: 0.01, low: -0.1, high: 0.12 },
  { ...usual, name: "not alike", side: "equal" },
  { ...usual, name: "control", role: "control", expected: "NO" },
  { ...usual, ...{ name: long, text: long, group: long, at: long, verdict: long, bearing: long } },
];
const pipeline = JSON.stringify({
  blockspin: 1,
  use: ["./opine.js"],
  stages: {
    one: { node: "opine", with: { rows } },
    two: { node: "opine", with: { rows: rows.slice(0, 1) } },
  },
  results: ["one", "two"],
});

function make() {
  const space = new Space();
  space.write("opine.js", node);
  space.write("p.yaml", pipeline);
  return space;
}

test("a claim's rows share an axis if they have one margin; stages and controls are told apart", async () => {
  using space = make();
  const run = await space.cli(["run", "p.yaml"]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stdout).toMatch(/^ {2}g, controls +1: 1 not as expected$/m);
  for (const line of run.stdout.split("\n")) {
    if (line.includes("strongest")) expect(line.indexOf("strongest")).toBeLessThan(100);
  }
  const html = await htmlOf(space);
  expect(html.match(/<h4>same /g)).toHaveLength(4);
  expect(html).toContain("<h3>one: g</h3>");
  expect(html).toContain("<h3>two: g</h3>");
  expect(html).toContain("<h3>one: g<small> controls</small></h3>");
  expect(html).not.toMatch(/(?:width|x|x1|cx)="(?:-[\d.]+%"|NaN|-?Infinity)/);
  // Of equality the interval within the margin is for the claim, and one beyond it against.
  const markOf = (name: string) =>
    new RegExp(`<h4>${name} </h4>.*?aria-hidden="true">(.)</span> YES`, "s").exec(html)?.[1];
  expect([markOf("alike"), markOf("not alike")]).toEqual(["▲", "▽"]);
  // Nobody knows on which side it lies.
  expect(html).toMatch(/•<\/span> YES/);
});

test.skipIf(noBrowser)("none of it is too wide, unnamed, or an error", async () => {
  using space = make();
  await space.cli(["run", "p.yaml"]);
  writeFileSync(space.path("page.html"), await htmlOf(space));
  for (const width of [360, 1200]) {
    const url = pathToFileURL(space.path("page.html")).href;
    await using opened = await openPage(url, { viewport: { width, height: 800 } });
    const { page, problems } = opened;
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(problems).toEqual([]);
  }
});

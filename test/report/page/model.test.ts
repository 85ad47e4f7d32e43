/** What the page says of a pipeline, whatever state it is in. */
import { chmodSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Space } from "../../harness/space.ts";
import { full, htmlOf, pageOf, pipeline } from "./pages.ts";

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile());

test("a pipeline that was run is complete, with results, conclusions, figures and sources", async () => {
  using space = new Space();
  space.write("p.yaml", full);
  expect((await space.cli(["run", "p.yaml"])).code).toBe(0);
  const page = await pageOf(space);
  expect(page.state.instances).toMatchObject({ cached: 5, run: 0, failed: 0 });
  expect(page.state.missingResults).toEqual([]);
  const [conclusions] = page.conclusions;
  expect(conclusions!.groups.map(({ name }) => name)).toEqual(["claim 1", "claim 2"]);
  expect(conclusions!.notAsExpected.map(({ name }) => name)).toEqual(["third"]);
  const [verdict, more] = page.results;
  expect(verdict!.name).toBe("verdict.table");
  expect(verdict!.rows[0]!.slice(0, 6)).toEqual([
    ...["first", "the first is larger", "claim 1", "rule=a", "HOLDS", 0.75],
  ]);
  expect(verdict!.estimate).toEqual({ estimate: 5, low: 6, high: 7 });
  // The first rows, how many there are, and how to see all.
  expect([more!.rows.length, more!.total]).toEqual([300, 400]);
  expect(more!.command).toBe("blockspin show p.yaml more.series --csv");
  const [figure] = page.figures;
  expect(figure).toMatchObject({ title: "The values", text: "Of every seed.", stages: ["work"] });
  expect(figure!.drawn).toHaveProperty("svg");
  // The metric's instances and the results; each with its key and who computed it.
  expect(page.sources.map(({ stage }) => stage)).toEqual([
    "work",
    "work",
    "work",
    "more",
    "verdict",
  ]);
  for (const source of page.sources) {
    expect(source.key).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(source.outputs[0]!.value).toMatch(/^sha256:[0-9a-f]{64}, \d+ rows$/);
    expect(source.by).not.toBe("");
  }
  for (const id of verdict!.sources) expect(page.sources.map((source) => source.id)).toContain(id);
  expect(page.again.commands).toContain("blockspin run p.yaml");
  expect(page.time.stages.reduce((sum, { computed }) => sum + computed, 0)).toBeGreaterThan(0);
});

test("a page computes nothing: of a pipeline that never ran, it says what would", async () => {
  using space = new Space();
  space.write("p.yaml", full);
  const page = await pageOf(space);
  expect(page.state.instances).toMatchObject({ cached: 0, run: 3, unknown: 2 });
  expect(page.state.missingResults).toEqual(["verdict.table", "more.series"]);
  expect(page.results.map(({ missing }) => missing!.command)).toEqual([
    ...["blockspin run p.yaml --only verdict", "blockspin run p.yaml --only more"],
  ]);
  expect(page.figures[0]!.drawn).toHaveProperty("missing");
  expect(page.sources).toEqual([]);
  expect((await pageOf(space)).state.instances).toMatchObject({ cached: 0 });
});

test("after an edit it is partly stale, and shows what is still good", async () => {
  using space = new Space();
  space.write("p.yaml", full);
  await space.cli(["run", "p.yaml"]);
  const page = await pageOf(space, "p.yaml", { set: ["steps=5"] });
  expect(page.state.instances.cached).toBeLessThan(5);
  expect(page.state.missingResults.length).toBeGreaterThan(0);
  expect(page.again.commands).toContain("blockspin run p.yaml --set steps=5");
});

test("an ablation that was run is compared with the baseline; one that was not says how to run it", async () => {
  using space = new Space();
  space.write("p.yaml", full);
  await space.cli(["run", "p.yaml"]);
  const before = (await pageOf(space)).ablations!;
  expect(before.variants[0]).toMatchObject({
    name: "long",
    changes: [{ name: "steps", value: "4" }],
    command: "blockspin run p.yaml --ablation long",
  });
  expect(before.metrics[0]!.rows).toEqual([]);
  await space.cli(["run", "p.yaml", "--ablation", "long"]);
  const { variants, metrics } = (await pageOf(space)).ablations!;
  expect(variants[0]!.cached).toBe(variants[0]!.instances);
  // Its numbers are those of the baseline, byte for byte.
  expect(metrics[0]!.notes).toEqual(["3 comparisons are of equal bytes"]);
});

test("a failure is shown with its message and its log", async () => {
  using space = new Space();
  const stages =
    "stages:\n  a: { node: steps, with: { fail: true, print: something, ms: 50 } }\n  b: { node: steps, inputs: { a: a } }\n";
  space.write("p.yaml", pipeline(stages));
  expect((await space.cli(["run", "p.yaml"])).code).toBe(1);
  const { state, stages: lines } = await pageOf(space);
  expect(state.instances).toMatchObject({ failed: 1, unknown: 1 });
  const [failure] = state.failures;
  expect(failure!.label).toBe("a");
  expect(failure!.error).toContain("asked to fail something");
  expect(failure!.log.join("\n")).toContain("step 1: something");
  expect(failure!.command).toBe("blockspin log p.yaml a");
  expect(lines[0]!.members[0]!.progress).toBe("failed");
  // The same of that run, after the pipeline was mended.
  space.write("p.yaml", pipeline(stages.replace("true", "false")));
  await space.run("p.yaml");
  const then = await pageOf(space, "p.yaml", { run: "latest~1" });
  expect(then.state.failures[0]).toMatchObject({ label: "a", error: failure!.error });
  expect(then.state.failures[0]!.log).toEqual(failure!.log);
});

test("a pipeline without results, figures, ablations or conclusions has none of these", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("stages:\n  a: { node: steps, with: { print: careful } }\n"));
  await space.cli(["run", "p.yaml"]);
  const page = await pageOf(space);
  expect([page.results, page.figures, page.conclusions]).toEqual([[], [], []]);
  expect(page.ablations).toBeUndefined();
  expect(page.state.warnings).toEqual([
    { code: "printed", message: "careful", stages: ["a"], count: 1 },
  ]);
  expect(page.stages[0]).toMatchObject({ name: "a", type: "steps", reads: [] });
});

test("an earlier run is shown as it was", async () => {
  using space = new Space();
  space.write("p.yaml", full);
  await space.cli(["run", "p.yaml", "--name", "first", "--note", "as it was"]);
  await space.cli(["run", "p.yaml", "--set", "steps=4"]);
  const then = await pageOf(space, "p.yaml", { run: "first" });
  expect(then.state.instances.cached).toBe(5);
  expect(then.about.run).toMatchObject({ name: "first", note: "as it was" });
  expect(then.about.params).toContainEqual({ name: "steps", value: "3" });
  expect(then.again.commands).toContain("blockspin report p.yaml --run first");
  const params = then.sources[0]!.params.find(({ name }) => name === "steps");
  expect(params!.value).toBe("3");
  await expect(pageOf(space, "p.yaml", { run: "never" })).rejects.toThrow(
    /there is no run "never"/,
  );
});

test("rows of different columns are several tables, and long lists are cut and said to be", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("stages:\n  a: { node: steps }\nresults: [a.series, a.lists]\n"));
  await space.cli(["run", "p.yaml"]);
  const [series, lists] = (await pageOf(space)).results;
  expect([series!.cut, lists!.cut]).toEqual([false, true]);
  expect(lists!.rows[0]![0]).toMatch(/^\[0,1,2.*… \(\d+ more characters\)$/);
});

test("results whose bytes are gone are said to be missing", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("stages:\n  a: { node: steps }\nresults: [a]\n"));
  await space.cli(["run", "p.yaml"]);
  space.remove("cache/v1/objects");
  const page = await pageOf(space);
  expect(page.results[0]).toMatchObject({ rows: [], missing: { labels: ["a"], count: 1 } });
});

test("results whose bytes are damaged make the page incomplete, although all have a record", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("stages:\n  a: { node: steps }\nresults: [a]\n"));
  await space.run("p.yaml");
  for (const file of filesBelow(space.path("cache/v1/objects"))) {
    chmodSync(file, 0o644);
    writeFileSync(file, "damaged");
  }
  const html = await htmlOf(space);
  expect(html).toContain("○ incomplete");
  expect(html).toContain("bytes of a.series are damaged or gone");
});

test("no line of the graph is drawn that others imply", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    pipeline(`stages:
  a: { node: steps }
  b: { node: steps, inputs: { a: a } }
  c: { node: steps, inputs: { a: a, b: b } }
`),
  );
  const { layout, stages } = await pageOf(space);
  expect(layout!.edges.map(({ from, to }) => `${from} ${to}`)).toEqual(["a b", "b c"]);
  expect(stages[2]!.reads).toEqual(["a", "b"]);
});

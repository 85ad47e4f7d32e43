/** What is offered at the cursor, as the scripts ask for it. */
import { expect, test } from "vitest";
import { splitLine } from "../../../src/cli/completion/line.ts";
import { completePattern } from "../../../src/cli/completion/patterns.ts";
import { Space } from "../../harness/space.ts";

const yaml = `blockspin: 1
name: test
params: { size: 4, seeds: [1, 2] }
stages:
  lattices:
    node: ising-sampler
    for: { seed: "\${seeds}", part: { train: {}, test: {} } }
    with: { size: "\${size}", betas: [0.4], samples: 2, seed: ["\${seed}", "\${part}"] }
  coarse:
    node: decimator
    for: { scale: [1.0, 2.50] } # read as written, and not expanded
    inputs: { configurations: { from: lattices, at: { part: test } } }
    with: { factor: "\${scale}" }
  both:
    node: entropy
    inputs: { configurations: { axis: ensemble, of: { fine: lattices, coarse: coarse } } }
  table: { node: verdict, inputs: { metrics: { from: both, collect: all } } }
ablations: { small: { size: 2 }, lr: { grid: { size: [6, 8] } } }
metrics: { energy: { from: coarse, column: energy } }
figures: { walls: { data: lattices, mark: line } }
`;

async function offered(line: string, prepare: (space: Space) => unknown = () => {}) {
  using space = new Space();
  space.write("p.yaml", yaml);
  await prepare(space);
  const { stdout, stderr, code } = await space.cli(["__complete", "line", `blockspin ${line}`]);
  expect([stderr, code]).toEqual(["", 0]);
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((one) => one.split("\t")[0]);
}

test.each([
  ["gr", ["graph"]],
  ["cache pu", ["push", "pull"]],
  ["run ", [":yaml"]],
  ["run p.yaml --ab", ["--ablation"]],
  ["run --ablation small", []],
  ["run p.yaml --ablation ", ["all", "baseline", "small", "lr[size=6]", "lr[size=8]"]],
  ["compare p.yaml --metric ", ["energy"]],
  ["show p.yaml --figure ", ["walls"]],
  ["run p.yaml --set s", ["size=", "seeds="]],
  ["run p.yaml --backend w", ["wasm"]],
  ["graph p.yaml --format=d", ["dot"]],
  ["run p.yaml --cache ", [":folders"]],
  ["nodes ising-s", ["ising-sampler"]],
  ["show p.yaml t", ["table"]],
  ["show p.yaml coarse", ["coarse", "coarse["]],
  ["show p.yaml coarse[", ["coarse[seed=", "coarse[scale="]],
  ["why p.yaml 'coarse[scale=2", ["coarse[scale=2.50]", "coarse[scale=2.50,"]],
  ["show p.yaml 'coarse[scale=1.0,", ["coarse[scale=1.0,seed="]],
  [
    "show p.yaml 'both[ensemble=",
    ["fine]", "fine,", "coarse]", "coarse,"].map((end) => `both[ensemble=${end}`),
  ],
  ["run p.yaml --only lattices coarse[se", ["coarse[seed="]],
  ["compare p.yaml --with ", ["latest", "latest~1"]],
  ["completion z", ["zsh"]],
  ["init ", [":folders"]],
  ["nonsense ", []],
  ["show missing.yaml ", []],
])("blockspin %s", async (line, expected) => {
  const found = await offered(line);
  if (line.startsWith("nonsense")) expect(found).toContain("run");
  else expect(found).toEqual(expected);
});

test("a broken file, a folder and a binary file offer nothing, and are no error", async () => {
  expect(await offered("show p.yaml ", (space) => space.write("p.yaml", "a: [1\nb: {"))).toEqual(
    [],
  );
  expect(
    await offered("show p.yaml ", (space) => space.write("p.yaml", new Uint8Array([0, 255]))),
  ).toEqual([]);
  expect(await offered("show . ")).toEqual([]);
});

test("names of runs are offered, newest first", async () => {
  const cheap = yaml
    .replace(/ {2}coarse:[\s\S]*/, "")
    .replaceAll(/^(ablations|metrics|figures).*$/gm, "");
  const found = await offered("compare p.yaml --with 2", async (space) => {
    space.write("p.yaml", cheap);
    expect((await space.cli(["run", "p.yaml"])).code).toBe(0);
  });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^\d{8}T\d+Z-[0-9a-f]+$/);
});

test("completing runs no code of the user's", async () => {
  const found = await offered("show p.yaml l", (space) => {
    space.write("mine.js", 'import { writeFileSync } from "node:fs"; writeFileSync("ran", "");');
    space.write("p.yaml", `${yaml}use: [./mine.js]\n`);
  });
  expect(found).toEqual(["lattices", "lattices["]);
});

test("lines are split as shells do", () => {
  const words = (line: string) => splitLine(line).words;
  expect(words("a 'b c' \"d\"e f\\ g ")).toEqual(["a", "b c", "de", "f g", ""]);
  expect(words("a 'b c")).toEqual(["a", "b c"]);
  expect(splitLine("a 'b").quoted).toBe(true);
  expect(splitLine("'a' b").quoted).toBe(false);
});

test("a pattern of a stage that there is not, or without axes, goes no further", () => {
  const stages = new Map([["a", new Map([["x", ["1"]]])]]);
  expect(completePattern("b[", stages)).toEqual([]);
  expect(completePattern("a[x=1]", stages)).toEqual(["a[x=1]"]);
  expect(completePattern("a[x=1,", stages)).toEqual([]);
});

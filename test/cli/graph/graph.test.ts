/** `blockspin graph`. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { diagrams } from "../../../src/cli/graph/as-diagram.ts";
import { asText } from "../../../src/cli/graph/as-text.ts";
import type { StageNode } from "../../../src/cli/graph/stages.ts";
import { Space } from "../../harness/space.ts";

const flagship = fileURLToPath(
  new URL("../../../pipelines/rg-vs-autoencoder.yaml", import.meta.url),
);

const yaml = `blockspin: 1
name: test
stages:
  lattices:
    node: ising-sampler
    for: { seed: [1, 2, 3] }
    with: { size: 8, betas: [0.4], samples: 2, seed: "\${seed}" }
  coarse:
    node: decimator
    for: { rule: [decimation, majority] }
    inputs: { configurations: lattices }
    with: { factor: 2, rule: "\${rule}" }
  entropy:
    node: entropy
    inputs: { configurations: { from: coarse, collect: [seed] } }
results: [entropy]
`;

test("as text: stages in order, with axes, counts and what they read", async () => {
  using space = new Space();
  space.write("p.yaml", yaml);
  const { stdout } = await space.cli(["graph", "p.yaml"]);
  expect(stdout).toBe(`lattices  ising-sampler  x 3  (seed 3)
coarse    decimator  x 6  (rule 2, seed 3)
          ← lattices
entropy   x 2  (rule 2)  → result
          ← coarse (collected)
`);
  await space.cli(["run", "p.yaml", "--only", "lattices[seed=1]"]);
  const states = await space.cli(["graph", "p.yaml", "--state"]);
  expect(states.stdout).toContain("lattices  ising-sampler  x 3  (seed 3)  1 cached, 2 run\n");
  const json = JSON.parse((await space.cli(["graph", "p.yaml", "--json"])).stdout);
  expect(json[1]).toMatchObject({ name: "coarse", instances: 6, axes: { rule: 2, seed: 3 } });
});

test("the flagship fits 80 columns", async () => {
  using space = new Space();
  const { stdout } = await space.cli([
    "graph",
    flagship,
    "--state",
    "--cache",
    space.path("cache"),
  ]);
  expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(stdout).toContain("← lattices, encoder\n");
});

test("as Mermaid and as DOT", async () => {
  using space = new Space();
  space.write("p.yaml", yaml);
  const mermaid = await space.cli(["graph", "p.yaml", "--format", "mermaid"]);
  expect(mermaid.stdout).toBe(`flowchart TD
  s0["lattices x 3<br/>ising-sampler<br/>seed 3"]
  s1["coarse x 6<br/>decimator<br/>rule 2, seed 3"]
  s2(["entropy x 2<br/>rule 2"])
  s0 -->|"configurations"| s1
  s1 -->|"configurations"| s2
`);
  const dot = await space.cli(["graph", "p.yaml", "--format", "dot"]);
  expect(dot.stdout).toContain('  s0 -> s1 [label="configurations"];\n');
  const drawn = spawnSync("dot", ["-Tplain"], { input: dot.stdout, encoding: "utf8" });
  if (!drawn.error) expect(drawn.stdout).toContain("edge s0 s1");
});

test("names are data", () => {
  const hostile: StageNode = {
    ...{ name: 'a"]; end\\', node: "<b>|#x", instances: 1, axes: {}, result: false },
    inputs: [{ port: '"|', stage: 'a"]; end\\', output: "o", collected: false }],
    states: undefined,
  };
  const [, box, arrow] = diagrams.mermaid([hostile]);
  expect(box).toBe('  s0["a#34;#93;#59; end#92;<br/>#60;b#62;#124;#35;x"]');
  expect(arrow).toBe('  s0 -->|"#34;#124;"| s0');
  const dot = diagrams.dot([hostile], 'my "graph"\n');
  expect(dot[0]).toBe('digraph "my \\"graph\\" " {');
  expect(dot[2]).toBe('  s0 [label="a\\"]; end\\\\\\n<b>|#x"];');
  expect(asText([hostile], 80)[0]).toContain('a"]; end\\');
});

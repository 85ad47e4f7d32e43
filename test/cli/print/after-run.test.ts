/** What a run says at its end about what failed and what was made. */
import { expect, test } from "vitest";
import { Space } from "../../harness/space.ts";

const sampler = "node: ising-sampler, with: { size: 4, betas: [0.3], samples: 2";
const fine = `blockspin: 1
stages:
  lattices: { ${sampler}, seed: "\${seed}" }, for: { seed: [1, 2] } }
  coarse: { node: decimator, inputs: { configurations: lattices }, with: { factor: 2, rule: majority } }
  more: { ${sampler}, seed: 7 } }
`;
const side =
  "  side: { node: command, with: { argv: [sh, -c, exit 3], outputs: { o: { x: float64 } } } }\n";

test("a side stage that fails offers --keep-going, where that would help", async () => {
  using space = new Space();
  space.write("p.yaml", `${fine.replace("stages:\n", `stages:\n${side}`)}results: [coarse]\n`);
  const hint =
    /= [1-9]\d* skipped instances do not depend on what failed: with --keep-going, such work goes on/;
  expect((await space.cli(["run", "p.yaml", "--jobs", "1"])).stderr).toMatch(hint);
  const { code, stderr } = await space.cli(["run", "p.yaml", "--keep-going"]);
  expect(code).toBe(1);
  expect(stderr).not.toContain("--keep-going");
  // Nothing is left that does not depend on it.
  expect((await space.cli(["run", "p.yaml"])).stderr).not.toContain("--keep-going");
});

test("a file without results says how to look at what was made, and no other does", async () => {
  using space = new Space();
  space.write("p.yaml", fine);
  const { stdout, stderr } = await space.cli(["run", "p.yaml"]);
  expect(stdout).toBe("");
  expect(stderr).toContain(
    [
      "the file names no results:, which a run prints; look at what was made with",
      "  blockspin show p.yaml coarse  (2 instances)",
      "  blockspin show p.yaml more  (1 instance; also more.diagnostics)\n",
    ].join("\n"),
  );
  expect((await space.cli(["show", "p.yaml", "coarse"])).code).toBe(0);
  const one = await space.cli(["run", "p.yaml", "--only", "more"]);
  expect(one.stderr).not.toContain("show p.yaml coarse");
  space.write("p.yaml", `${fine}results: [coarse]\n`);
  expect((await space.cli(["run", "p.yaml"])).stderr).not.toContain("blockspin show");
});

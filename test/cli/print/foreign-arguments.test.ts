/** Arguments that other tools take are answered with ours. */
import { expect, test } from "vitest";
import { Space } from "../../harness/space.ts";

const pipeline = `blockspin: 1
params: { size: 4 }
stages:
  lattices: { node: ising-sampler, with: { size: "\${size}", betas: [0.3], samples: 2, seed: 1 } }
`;

test.each([
  ["run p.yaml size=8", "write --set size=8"],
  ["run p.yaml +size=8", "write --set size=8"],
  ["run p.yaml ++stages.lattices.with.size=8,16", "write --set 'stages.lattices.with.size=8,16'"],
  ["run p.yaml --size 8", "a param is set with --set size=8"],
  ["run p.yaml --set size 8", "write --set size=8"],
  ["run p.yaml -n", "write --dry-run, or blockspin plan <pipeline>"],
  ["run p.yaml --cores 4", "write --jobs 4"],
  ["run p.yaml -j4", "write --jobs 4"],
  ["run p.yaml -m", "values to run over are an axis in the file (for:), or ablations: and"],
  ["run p.yaml -k", "write --keep-going"],
  ["run p.yaml --force", "to compute a stage again on purpose, write another salt: on it"],
  ["run p.yaml lattices", "to run a stage alone, write --only lattices"],
  ["show lattices", "write the pipeline first: blockspin show <pipeline> lattices"],
  ["repro p.yaml", "write blockspin run <pipeline>"],
  ["status p.yaml", "write blockspin plan <pipeline>"],
  ["p.yaml", "write blockspin run p.yaml"],
])("blockspin %s: %s", async (line, hint) => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  const { code, stdout, stderr } = await space.cli(line.split(" "));
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(`\n  = ${hint}`);
});

test("what is not known gets no hint", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  for (const line of ["run p.yaml --froze", "run p.yaml --what", "run", "rum p.yaml"]) {
    expect((await space.cli(line.split(" "))).stderr).not.toContain("  = ");
  }
});

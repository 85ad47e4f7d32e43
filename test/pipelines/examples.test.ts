/** The example pipelines run as they are written. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const example = (name: string) =>
  fileURLToPath(new URL(`../../pipelines/examples/${name}`, import.meta.url));

test("own-nodes.yaml runs a user's node type, and its code is part of the key", async () => {
  using space = new Space();
  const first = await space.run(example("own-nodes.yaml"), ["--cache", space.path("cache")]);
  expect(first.code, first.stderr).toBe(0);
  expect(first.finished).toMatchObject({ ran: 4, failed: 0 });
  const shown = await space.cli([
    ...["show", example("own-nodes.yaml"), "cumulants[size=8]", "--json"],
    ...["--cache", space.path("cache")],
  ]);
  // 2/3 deep in the ordered phase, 0 in the disordered: at beta 0.48 and 0.40 in between, rising.
  const rows = JSON.parse(shown.stdout) as { beta: number; u4: number }[];
  expect(rows.map(({ beta }) => beta)).toEqual([0.4, 0.42, 0.44, 0.46, 0.48]);
  for (const { u4 } of rows) expect(u4).toBeLessThan(2 / 3);
  expect(rows.at(-1)!.u4).toBeGreaterThan(rows[0]!.u4);
});

const pyarrow = spawnSync("python3", ["-c", "import pyarrow"]).status === 0;

test("command.yaml runs a Python program, or says that pyarrow is missing", async () => {
  using space = new Space();
  const run = await space.run(example("command.yaml"), ["--cache", space.path("cache")]);
  const failure = run.events.find((event) => event["state"] === "failed")?.["error"];
  if (pyarrow) {
    expect(run.code, run.stderr).toBe(0);
    expect(run.finished).toMatchObject({ ran: 2, failed: 0 });
  } else {
    console.warn("pyarrow is not installed: only the message about that was tested");
    expect(run.code).toBe(1);
    expect(failure).toMatch(/exit code 1: this example needs pyarrow: pip install pyarrow/);
  }
});

test("ablations.yaml runs the changed cones alone, and compares them seed by seed", async () => {
  using space = new Space();
  const file = example("ablations.yaml");
  const cache = ["--cache", space.path("cache")];
  const baseline = await space.run(file, cache);
  expect(baseline.finished, baseline.stderr).toMatchObject({ ran: 25, failed: 0 });
  // Six ablations leave the 10 ensembles alone and have 15 instances of their own.
  const all = await space.run(file, ["--ablation", "all", ...cache]);
  expect(all.finished).toMatchObject({ ran: 6 * 15, cached: 25, failed: 0 });
  const compared = await space.cli(["compare", file, "--json", "--metric", "mse", ...cache]);
  const [{ comparisons, unpaired, not_computed }] = JSON.parse(compared.stdout);
  expect([unpaired, not_computed]).toEqual([[], []]);
  const outcomes = comparisons.map((one: { ablation: string; n: number; outcome: string }) => [
    ...[one.ablation, one.n, one.outcome],
  ]);
  // Half the code loses information, whatever the seed; so do fewer steps of the same training.
  expect(outcomes).toContainEqual(["narrow", 5, "worse"]);
  expect(outcomes).toContainEqual(["short-training", 5, "worse"]);
  expect(outcomes).toContainEqual(["rate[learning_rate=0.003]", 5, "better"]);
  expect(outcomes).toHaveLength(6);
});

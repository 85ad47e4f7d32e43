/** Learning curves, at a reduced size. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const file = fileURLToPath(new URL("../../pipelines/learning-curves.yaml", import.meta.url));
const reduced = [
  ...["size=4", "seeds=[1, 2, 3, 4]", "betas=[0.2, 0.4]", "batch=20", "learning_rate=1.0e-2"],
  ...["sample_counts=[20, 80]", "most_samples=80", "test_samples=120"],
  ...["epoch_counts=[2, 8]", "some_epochs=8", "most_epochs=8"],
  ...["lattices_window=[20, 80]", "epochs_window=[2, 8]"],
];

test("learning-curves.yaml judges along lattices and epochs, and draws it", async () => {
  using space = new Space();
  const options = [...reduced.flatMap((set) => ["--set", set]), "--cache", space.path("cache")];
  const run = await space.run(file, options);
  expect(run.code, run.stderr).toBe(0);
  const show = async (port: string) => {
    const shown = await space.cli(["show", file, `verdict.${port}`, "--json", ...options]);
    return JSON.parse(shown.stdout);
  };
  type Row = Record<"claim" | "each" | "axis" | "verdict", string> & Record<string, number>;
  const along: Row[] = await show("along");
  const values = (axis: string) =>
    new Set(along.filter((row) => row.axis === axis).map(({ value }) => value));
  expect(values("samples")).toEqual(new Set([20, 80]));
  expect(values("training_epochs")).toEqual(new Set([2, 8]));
  expect(new Set(along.map(({ n }) => n))).toEqual(new Set([4]));
  // An autoencoder that saw 20 lattices a beta has a larger error than one that saw 80.
  const own = along.filter(({ claim }) => claim.startsWith("autoencoder - learned from lattices"));
  expect(own.map(({ value }) => value)).toEqual([20, 80]);
  expect(own[0]!.estimate).toBeGreaterThan(1);
  expect(own[1]!.estimate).toBe(1);
  for (const figure of ["curves", "by-epochs"]) {
    const drawn = await space.cli(["show", file, "--figure", figure, ...options]);
    expect(drawn.code, drawn.stderr).toBe(0);
    expect(drawn.stderr).not.toContain("warning");
    expect(drawn.stdout).toContain("<svg");
  }
}, 240_000);

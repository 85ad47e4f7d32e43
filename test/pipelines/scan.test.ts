/** The scan over code width and lattice size, at a reduced size. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openPipeline } from "../../dist/index.js";
import { Space } from "../harness/space.ts";

const path = (name: string) =>
  fileURLToPath(new URL(`../../pipelines/${name}.yaml`, import.meta.url));
const reduced = [
  ...["sizes=[4, 8]", "factors=[2, 4]", "seeds=[1, 2, 3, 4]", "betas=[0.2, 0.3, 0.45, 0.6]"],
  ...["train_samples=100", "test_samples=120", "epochs=20", "batch=20", "learning_rate=1.0e-2"],
];

type Row = Record<"claim" | "each" | "verdict", string> & Record<"estimate" | "lo" | "n", number>;

test("scan.yaml judges each claim at each width and size, and draws it", async () => {
  using space = new Space();
  const options = [...reduced.flatMap((set) => ["--set", set]), "--cache", space.path("cache")];
  const file = path("scan");
  const run = await space.run(file, options);
  expect(run.code, run.stderr).toBe(0);
  // Of 4 x 4 sites in blocks of 4 x 4, one spin remains.
  const shown = await space.cli(["show", file, "verdict.table", "--json", ...options]);
  const rows = JSON.parse(shown.stdout) as Row[];
  const cells = ["factor=2,size=4", "factor=2,size=8", "factor=4,size=4", "factor=4,size=8"];
  const claims = [...new Set(rows.map(({ claim }) => claim))];
  expect(claims).toHaveLength(5);
  for (const name of claims) {
    const own = rows.filter(({ claim }) => claim === name);
    expect(own.map(({ each }) => each).sort()).toEqual(cells);
    expect(new Set(own.map(({ n }) => n))).toEqual(new Set([4]));
  }
  // By construction, and far from the margin of 0.05 wherever the encoder has learned anything.
  for (const row of rows.filter(({ claim }) => claim === "sparser weights"))
    expect(row.estimate, row.each).toBeGreaterThan(0.2);

  for (const figure of ["against-width", "against-size", "sparsity"]) {
    const drawn = await space.cli(["show", file, "--figure", figure, ...options]);
    expect(drawn.code, drawn.stderr).toBe(0);
    expect(drawn.stdout).toContain("<svg");
    expect(drawn.stderr).not.toContain("warning");
  }
  expect((await space.run(file, options)).finished).toMatchObject({ ran: 0, failed: 0 });

  // What a new seed takes is told apart by size, although each size is some seed's number.
  const more = await space.cli(["plan", file, "--json", ...options, "--set", "seeds=[4, 8]"]);
  const plan = JSON.parse(more.stdout) as { id: string; expectedSeconds?: number }[];
  const expected = (size: number) =>
    plan.find(({ id }) => id === `lattices[part=test,seed=8,size=${size}]`)!.expectedSeconds;
  expect(expected(4)).toBeGreaterThan(0);
  expect(expected(8)).not.toBe(expected(4));
}, 240_000);

test("an autoencoder on top of an untrained code is one that was trained from nothing", async () => {
  using space = new Space();
  const options = ["--cache", space.path("cache"), "--only", "autoencoder"];
  const sets = [...reduced, "sizes=[4]", "factors=[2]", "seeds=[1]", "epochs=2"];
  const weights = async (...more: string[]) => {
    const set = [...sets, ...more].flatMap((one) => ["--set", one]);
    const run = await space.run(path("scan"), [...set, ...options]);
    expect(run.code, run.stderr).toBe(0);
    const shown = await space.cli([
      ...["show", path("scan"), "autoencoder.model", "--json", ...set],
      ...["--cache", space.path("cache")],
    ]);
    const { kernel_1_code, kernel_2_image } = JSON.parse(shown.stdout)[0];
    return { kernel_1_code, kernel_2_image };
  };
  const scratch = "stages.autoencoder.with.layers.0={dense: 4, activation: tanh, name: code}";
  const plain = await weights(scratch, "stages.autoencoder.inputs.encoder=null");
  expect(plain.kernel_1_code).toBeDefined();
  expect(plain).toEqual(await weights());
});

test("scan-full.yaml is the same graph on larger lattices", async () => {
  const stages = async (name: string) => {
    const { graph } = await openPipeline(path(name), { set: ["seeds=[1]"] });
    return new Set(graph.instances.map(({ stage }) => stage));
  };
  expect(await stages("scan-full")).toEqual(await stages("scan"));
});

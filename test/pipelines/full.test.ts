/** What the experiment at full size adds to the quick one, at a reduced size. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openPipeline } from "../../dist/index.js";
import { Space } from "../harness/space.ts";

const path = (name: string) =>
  fileURLToPath(new URL(`../../pipelines/${name}.yaml`, import.meta.url));
const full = path("rg-vs-autoencoder-full");
const reduced = [
  ...["size=16", "betas=[0.3, 0.44, 0.6]", "seeds=[1]", "batch=20", "channels=2", "patience=1"],
  ...["train_samples=100", "validation_samples=20", "test_samples=200", "epochs=8"],
];

type Row = Record<"claim" | "verdict", string> & Record<"estimate" | "left" | "right", number>;

test("rg-vs-autoencoder-full.yaml: two steps and convolutions", async () => {
  using space = new Space();
  const options = [...reduced.flatMap((set) => ["--set", set]), "--cache", space.path("cache")];
  const run = await space.run(full, [...options, "--only", "verdict-more"]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.events.filter(({ event }) => event === "warning")).toEqual([]);
  const shown = await space.cli(["show", full, "verdict-more.table", "--json", ...options]);
  const rows = JSON.parse(shown.stdout) as Row[];
  expect(rows.map(({ claim }) => claim.replace(/.*- /, ""))).toEqual([
    ...["sparser weights", "sparser weights", "lower loss", "lower loss"],
    ...["better decoding", "better decoding", "decimation adds entropy"],
    ...["lower loss", "lower loss", "better decoding", "better decoding"],
  ]);
  expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(["REPORT-ONLY"]));
  // An untrained network gives spins back by chance: accuracy .5. All four have learned.
  for (const { left, right } of rows.filter(({ claim }) => claim.endsWith("better decoding"))) {
    expect(Math.min(left, right)).toBeGreaterThan(0.6);
  }
  // Exactly, by sub-additivity; 200 lattices of 4 x 4 sites leave an error of a few hundredths.
  const entropy = rows.find(({ claim }) => claim.endsWith("adds entropy"))!;
  expect(entropy.estimate).toBeGreaterThan(-0.1);

  // Whoever stops early was stopped on lattices of their own, and says so.
  const model = await space.cli(["show", full, "autoencoder-2.model", "--json", ...options]);
  const [{ chains }] = JSON.parse(model.stdout) as [{ chains: string[] }];
  const parts = new Set(chains.map((id) => /"(\w+)"\]/.exec(id)?.[1]));
  expect(parts).toEqual(new Set(["train", "validation"]));
  const again = await space.run(full, [...options, "--only", "verdict-more"]);
  expect(again.finished).toMatchObject({ ran: 0, failed: 0 });
}, 240_000);

test("the experiment at full size is the quick one and more, and stops every network early", async () => {
  const instances = async (file: string) =>
    (await openPipeline(file, { set: ["seeds=[1]"] })).graph.instances;
  const large = await instances(full);
  const types = new Map(large.map(({ stage, node }) => [stage, node.type.type]));
  for (const { stage, node } of await instances(path("rg-vs-autoencoder"))) {
    expect(types.get(stage), stage).toBe(node.type.type);
  }
  // Thermometers and what is not trained have no need to stop, reading B cannot, and longer trainings ask
  // what stopping hides.
  const others = /^(critic|critic-encoder|fine-critic|untrained|longer-.*)$/;
  for (const { stage, params } of large) {
    if (types.get(stage) !== "model-trainer" || others.test(stage)) continue;
    expect(params["early_stopping"], stage).toMatchObject({ patience: 5 });
  }
});

test("critic-settings.yaml compares readings over penalties, rates and epochs, at a reduced size", async () => {
  using space = new Space();
  const settings = path("critic-settings");
  const small = [...reduced.map((set) => set.replace("epochs=8", "epochs=2")), "critic_batch=20"];
  const options = [...small.flatMap((set) => ["--set", set]), "--cache", space.path("cache")];
  const only = ["--only", "readings", "critic-weights", "--ablation", "all"];
  const run = await space.run(settings, [...options, ...only]);
  expect(run.code, run.stderr).toBe(0);
  const compared = await space.cli(["compare", settings, "--json", ...options]);
  expect(compared.code, compared.stderr).toBe(0);
  type Metric = { metric: string; comparisons: { ablation: string; outcome: string }[] };
  const metrics = JSON.parse(compared.stdout) as Metric[];
  expect(metrics.map(({ metric }) => metric)).toEqual(["hoyer", "reading_error"]);
  for (const { comparisons } of metrics) {
    // Twelve settings for each of two rules; one of them is what the pipeline at full size has.
    expect(comparisons).toHaveLength(24);
    expect(comparisons.filter(({ outcome }) => outcome === "same")).toHaveLength(2);
  }
}, 240_000);

/** Benchmarks import single files of the build, and fill stores, as nothing else does. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openPipeline, planPipeline } from "../dist/index.js";
import { checkout, probe } from "./harness/checkout.ts";

const load = (name: string) => import(new URL(`../bench/${name}.mjs`, import.meta.url).href);

test.each(["engine", "sampler", "store", "training"])("the benchmark %s loads", async (name) => {
  expect((await load(name)).measure).toBeTypeOf("function");
});

test("fillStore() leaves what a plan finds after a run", async () => {
  // Without results, whose bytes a plan would look for.
  const stages = ["a: { node: probe }", "b: { node: probe, inputs: { x: a } }"];
  using space = checkout(probe(stages.map((stage) => `  ${stage}\n`).join("")), "");
  const { fillStore } = await load("fill-store");
  const file = space.path("p.yaml");
  await fillStore(file, space.path("cache"));
  const { plan } = await planPipeline(await openPipeline(file, { cache: space.path("cache") }));
  expect(plan.map((planned) => planned?.state)).toEqual(["cached", "cached"]);
});

test("scale.mjs measures every step, in the memory, the store and the remote", () => {
  const script = fileURLToPath(new URL("../bench/scale.mjs", import.meta.url));
  const table = execFileSync(process.execPath, [script, "500"], { encoding: "utf8" });
  for (const note of ["501 instances", "501 files", "journal of", " 100 requests", " 501 requests"])
    expect(table).toContain(note);
}, 120_000);

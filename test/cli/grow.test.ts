/** More samples, more betas, more epochs: a run costs the difference, and gives the same bytes. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openPipeline, planPipeline } from "../../dist/index.js";
import { Space } from "../harness/space.ts";

const experiment = `blockspin: 1
name: growing
params: { betas: [0.3, 0.4, 0.5], samples: 20, epochs: 3 }
stages:
  lattices:
    node: ising-sampler
    for: { part: [train, test] }
    with: { size: 4, betas: "\${betas}", samples: "\${samples}", burn_in: 5, seed: ["\${part}"] }
  coarse: { node: decimator, inputs: { configurations: lattices }, with: { rule: majority } }
  encoder:
    node: model-trainer
    inputs: { x: { from: lattices, at: { part: train } }, y: { from: coarse, at: { part: train } } }
    with: { layers: [{ dense: y, activation: tanh }], epochs: "\${epochs}", batch: 10 }
  codes: { node: model-apply, inputs: { configurations: { from: lattices, at: { part: test } }, model: encoder.model } }
`;

async function outputsOf(space: Space, cache: string, set: readonly string[]) {
  const opened = await openPipeline(space.path("p.yaml"), { cache: space.path(cache), set });
  const { plan } = await planPipeline(opened);
  return plan.map((planned) => planned!.record!.outputs);
}

test("a run after a change computes the difference, by parts, and gives the bytes of a fresh one", async () => {
  using space = new Space();
  space.write("p.yaml", experiment);
  const steps: { set: string[]; parts: Record<string, object | undefined> }[] = [
    {
      set: ["samples=20"],
      parts: {
        "lattices[part=train]": { ran: 3, cached: 0, continued: 0 },
        "coarse[part=test]": { ran: 3, cached: 0, continued: 0 },
        encoder: undefined,
        codes: { ran: 3, cached: 0, continued: 0 },
      },
    },
    {
      set: ["samples=29"],
      parts: {
        "lattices[part=train]": { ran: 3, cached: 0, continued: 3 },
        "coarse[part=test]": { ran: 3, cached: 0, continued: 3 },
        encoder: undefined,
        // Of another model.
        codes: { ran: 3, cached: 0, continued: 0 },
      },
    },
    {
      set: ["samples=29", "betas=[0.3, 0.4, 0.45, 0.5]"],
      parts: {
        "lattices[part=train]": { ran: 1, cached: 3, continued: 0 },
        "coarse[part=test]": { ran: 1, cached: 3, continued: 0 },
        encoder: undefined,
        codes: { ran: 4, cached: 0, continued: 0 },
      },
    },
    {
      set: ["samples=29", "betas=[0.3, 0.4, 0.45, 0.5]", "epochs=4"],
      parts: {
        encoder: { ran: 1, cached: 0, continued: 1 },
        codes: { ran: 4, cached: 0, continued: 0 },
      },
    },
    {
      // Nothing is computed, only put together; what is learned from it is new.
      set: ["samples=29", "betas=[0.5, 0.3]", "epochs=4"],
      parts: {
        "lattices[part=train]": { ran: 0, cached: 2, continued: 0 },
        "coarse[part=test]": { ran: 0, cached: 2, continued: 0 },
        encoder: undefined,
        codes: { ran: 2, cached: 0, continued: 0 },
      },
    },
  ];
  for (const { set, parts } of steps) {
    const flags = set.flatMap((one) => ["--set", one]);
    const run = await space.run("p.yaml", ["--cache", "cache", ...flags]);
    expect(run.code, run.stderr).toBe(0);
    const ran = new Map(
      run.events.filter((e) => e["state"] === "ran").map((e) => [String(e["id"]), e["parts"]]),
    );
    expect([...ran.keys()].sort()).toEqual(expect.arrayContaining(Object.keys(parts).sort()));
    for (const [id, expected] of Object.entries(parts)) {
      expect(ran.get(id), `${id} with ${set.join(", ")}`).toEqual(expected);
    }
    await space.run("p.yaml", ["--cache", "fresh", ...flags]);
    expect(await outputsOf(space, "cache", set)).toEqual(await outputsOf(space, "fresh", set));
    space.remove("fresh");
  }
}, 240_000);

const nodes = fileURLToPath(new URL("../fixtures/trait-nodes.js", import.meta.url));
const walks = (params: string) => `blockspin: 1
name: walking
use: [${JSON.stringify(nodes)}]
stages:
  walks: { node: walks, with: { ${params} } }
`;
const linesIn = (file: string) => readFileSync(file, "utf8").split("\n").length - 1;

test("a part that fails is named; its siblings are kept", async () => {
  using space = new Space();
  space.write("p.yaml", walks("names: [a, bad, c], steps: 5, fail_at: 3"));
  const run = await space.run("p.yaml", ["--keep-going"]);
  expect(run.finished).toMatchObject({ ran: 0, failed: 1 });
  const failed = run.events.find((event) => event["state"] === "failed")!;
  expect(failed["error"]).toMatch(
    /^names = "bad": asked to fail\n {2}with \{"names":\["a","bad","c"\]/,
  );
  space.write("p.yaml", walks("names: [a, c], steps: 5, fail_at: 3"));
  const [ran] = (await space.run("p.yaml")).events.filter((event) => event["state"] === "ran");
  expect(ran!["parts"]).toEqual({ ran: 0, cached: 2, continued: 0 });
  space.write("p.yaml", walks("names: [a, b, c], steps: 5, fail_at: 3"));
  const { stderr } = await space.cli(["run", "p.yaml"]);
  expect(stderr).toMatch(/^ran +\d+\.\d s {2}walks {2}\(1 of 3 parts\)$/m);
});

test("two processes share the parts of one instance, and each is computed once", async () => {
  using space = new Space();
  space.write("p.yaml", walks("names: [a, b, c, d, e, f], steps: 10, wait_ms: 20"));
  const env = { TRAIT_WORK: space.write("work.txt", "") };
  const options = { env, process: true };
  const runs = await Promise.all([0, 1].map(() => space.run("p.yaml", ["--jobs", "2"], options)));
  for (const run of runs) expect(run.code, run.stderr).toBe(0);
  expect(linesIn(env.TRAIT_WORK)).toBe(60);
});

test("a killed run continues from what it published", async () => {
  using space = new Space();
  const file = space.write("p.yaml", walks("names: [a], steps: 60, wait_ms: 30"));
  const work = space.write("work.txt", "");
  const script = fileURLToPath(new URL("../fixtures/run-publishing.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, file, space.path("cache")], {
    env: { ...process.env, TRAIT_WORK: work },
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  while (linesIn(work) < 20) await sleep(10);
  child.kill("SIGKILL");
  await ended;
  const done = linesIn(work);
  const run = await space.run("p.yaml", ["--cache", "cache"], { env: { TRAIT_WORK: work } });
  expect(run.finished).toMatchObject({ ran: 1, failed: 0 });
  const [ran] = run.events.filter((event) => event["state"] === "ran");
  expect(ran!["parts"]).toEqual({ ran: 1, cached: 0, continued: 1 });
  // The step that was under way, and perhaps one that was done and not yet kept.
  expect(done).toBeLessThan(60);
  expect(linesIn(work)).toBeGreaterThanOrEqual(60);
  expect(linesIn(work)).toBeLessThanOrEqual(62);
  await space.run("p.yaml", ["--cache", "fresh"]);
  expect(await outputsOf(space, "cache", [])).toEqual(await outputsOf(space, "fresh", []));
});

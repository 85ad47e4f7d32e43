/** Benchmarks import single files of the build, and fill stores, as nothing else does. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openPipeline, planPipeline } from "../dist/index.js";
import { checkout, probe } from "./harness/checkout.ts";

const bench = (name: string) => fileURLToPath(new URL(`../bench/${name}`, import.meta.url));
const load = (name: string) => import(new URL(`../bench/${name}.mjs`, import.meta.url).href);

const jobs = readdirSync(bench("jobs")).map((file) => file.replace(".mjs", ""));

test.each(jobs)("the job %s loads", async (name) => {
  const { job } = await load(`jobs/${name}`);
  expect(job.title).toBeTypeOf("string");
  expect(job.cases).toBeTypeOf("function");
});

test("npm run bench measures a job, names missing peers, and keeps what it found", () => {
  const out = mkdtempSync(join(tmpdir(), "blockspin-bench-test-"));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const env = { ...process.env, BLOCKSPIN_BENCH_PYTHON: "no-such-python" };
  const options = [bench("index.mjs"), "coarse-graining", "--quick", "--out", out];
  const printed = execFileSync(process.execPath, options, { encoding: "utf8", env });
  expect(readFileSync(join(out, "results.md"), "utf8")).toBe(printed);
  expect(printed).toContain("missing: no-such-python is not on the PATH");
  const { jobs } = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
  for (const { name, sides, limit } of jobs[0].rows) {
    expect(["decimation", "majority"]).toContain(name);
    expect(sides.ours.cpu.median).toBeGreaterThan(0);
    expect(limit.value).toBeGreaterThan(0);
  }
});

test("a job that fails is a row, and the others go on", async () => {
  const { perform } = await load("harness/job");
  const { inProcess } = await load("harness/sides");
  const show = { of: "cpu", unit: "s", scale: 1 };
  const limit = { text: "none" };
  const broken = () => {
    throw new Error("no such kernel");
  };
  const other = { version: "", once: async () => ({ cpu: 1, wall: 2, units: 4, check: 3 }) };
  const cases = () => [
    { name: "broken", show, limit, ours: broken },
    { name: "wrong", show, limit, agree: 0.1, ours: () => ours(2), peers: { other: () => other } },
    { name: "right", show, limit, agree: 0.1, ours: () => ours(3), peers: { other: () => other } },
  ];
  const ours = (check: number) => inProcess(2, () => ({ check }));
  const kept: unknown[] = [];
  const job = { title: "a job", method: "", cases };
  const { rows } = await perform(job, { quick: true }, () => kept.push(1));
  expect(rows[0].failed).toBe("no such kernel");
  expect(rows[1].failed).toBe("Blockspin finds 2 and other 3");
  expect(rows[2].sides.other.wall.median).toBe(0.5);
  expect(kept).toHaveLength(3);
});

test("goals are met or missed by a factor", async () => {
  const { markdown } = await load("harness/report");
  const side = (cpu: number, more = {}) => {
    const times = { cpu: spread(cpu), wall: spread(2 * cpu) };
    return { version: "", repetitions: 1, ...times, ...more };
  };
  const spread = (median: number) => ({ median, low: median, high: median });
  const rate = { of: "cpu", unit: "flips/ns", rate: 1e-9 };
  const goals = [{ atLeast: 4 }, { atLeast: 16 }, { peak: 100 }];
  const over = [
    { peer: "NumPy", of: "cpu", atMost: 0.5 },
    { peer: "Numba", of: "cpu", atMost: 1 },
  ];
  const sides = {
    ours: side(1.25e-10, { peak: 200 }),
    NumPy: side(5e-10, { cpuRatio: spread(0.25), wallRatio: spread(0.25) }),
  };
  const row = { name: "a case", show: rate, limit: { value: 16, text: "the machine" } };
  const jobs = [
    {
      ...{ job: "a", title: "A job", method: "As it is.", seconds: 1 },
      rows: [
        { ...row, goals: [...goals, ...over], sides, missing: { Numba: "not there" } },
        { name: "another", goals: [], failed: "it broke" },
      ],
    },
  ];
  const machine = { cpu: "a cpu", cores: 2, memory: 8, node: "v20.0.0" };
  const text = markdown({ date: "2026-01-01T00:00:00Z", machine, load: [1, 2], minutes: 1, jobs });
  for (const cells of [
    "8.00 flips/ns | ≥ 4 flips/ns | met | 50.0 %",
    "8.00 flips/ns | ≥ 16 flips/ns | **missed**, by 2.00x | 50.0 %",
    "200 MiB | ≤ 100 MiB | **missed**, by 2.00x | 50.0 %",
    "0.25x | ≤ 0.50 of NumPy (cpu) | met | 50.0 %",
    "≤ 1.00 of Numba (cpu) | peer missing |",
    "| A job | another |  |  | **failed** |  |",
    "| Numba | missing: not there |",
    "Failed: another: it broke",
    "Limit: 16.0 flips/ns: the machine.",
  ]) {
    expect(text).toContain(cells);
  }
});

test("fillStore() leaves what a plan finds after a run", async () => {
  // Without results, whose bytes a plan would look for.
  const stages = ["a: { node: probe }", "b: { node: probe, inputs: { x: a } }"];
  using space = checkout(probe(stages.map((stage) => `  ${stage}\n`).join("")), "");
  const { fillStore } = await load("harness/fill-store");
  const file = space.path("p.yaml");
  await fillStore(file, space.path("cache"));
  const { plan } = await planPipeline(await openPipeline(file, { cache: space.path("cache") }));
  expect(plan.map((planned) => planned?.state)).toEqual(["cached", "cached"]);
});

test("scale.mjs measures every step, in the memory, the store and the remote", () => {
  const options = [bench("scale.mjs"), "500"];
  const table = execFileSync(process.execPath, options, { encoding: "utf8" });
  for (const note of ["501 instances", "501 files", "journal of", " 100 requests", " 501 requests"])
    expect(table).toContain(note);
});

/**
 * A run that is killed leaves nothing to clean by hand. `npm test` takes a sample of the points at
 * which to kill; `npm run test:crash` takes every file operation of a smoke run, and 50 moments.
 */
import { expect, test } from "vitest";
import { LocalExecutor } from "../../dist/engine/run/local-executor.js";
import {
  afterCrash,
  afterCrashHere,
  outputsIn,
  resultsOf,
  runCounted,
  runUntil,
  type Smoke,
} from "../harness/crash.ts";
import { Space } from "../harness/space.ts";

const all = process.env["BLOCKSPIN_CRASH"] === "all";
const hours = 3_600_000;

const whole: Smoke = { set: [], jobs: 2 };

/** Every stage, rule and model of the smoke graph, for one seed: 61 instances. */
const oneSeed: Smoke = {
  set: ["seeds=[1]", "train_samples=50", "test_samples=50", "epochs=3", "critic_batch=40"],
  jobs: 1,
};

/** 1 … n, each once, in an order that covers the range evenly from the start. */
function scattered(n: number): number[] {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let stride = Math.floor(n * 0.618);
  while (divisor(stride, n) !== 1) stride++;
  return Array.from({ length: n }, (_, i) => 1 + ((i * stride) % n));
}

test(
  "a run killed after its k-th file operation is followed by a clean, correct run",
  async () => {
    using space = new Space();
    const first = await runCounted(space, whole, "whole");
    expect(first.code, first.stderr).toBe(0);
    const expected = await resultsOf(space, whole, space.path("whole"));
    const points = [0.02, 0.3, 0.6, 0.95].map((f) => Math.ceil(f * first.operations));
    for (const k of points) {
      const name = `killed-${k}`;
      const killed = await runCounted(space, whole, name, k);
      expect(killed.signal, `k = ${k} of ${first.operations}`).toBe("SIGKILL");
      expect(await afterCrash(space, whole, name, expected), `after k = ${k}`).toEqual([]);
      space.remove(name);
    }
  },
  4 * hours,
);

test.runIf(all)(
  "the same for every k, with one seed",
  async () => {
    using space = new Space();
    const first = await runCounted(space, oneSeed, "whole");
    expect(first.code, first.stderr).toBe(0);
    const expected = await outputsIn(oneSeed, space.path("whole"));
    const executor = new LocalExecutor(oneSeed.jobs);
    let early = 0;
    for (const [i, k] of scattered(first.operations - 1).entries()) {
      const name = `killed-${k}`;
      const killed = await runCounted(space, oneSeed, name, k);
      // The number of operations varies a little with timing: a run may end before its k-th.
      if (killed.signal !== "SIGKILL") early++;
      const problems = await afterCrashHere(oneSeed, space.path(name), executor, expected);
      expect(problems, `after k = ${k}`).toEqual([]);
      space.remove(name);
      if (i % 50 === 49) console.log(`${i + 1} of ${first.operations - 1} points`);
    }
    await executor.close();
    console.log(`${early} runs ended before their k-th operation`);
    expect(early).toBeLessThan(0.02 * first.operations);
  },
  8 * hours,
);

test(
  "a run killed at any moment is followed by a clean, correct run",
  async () => {
    using space = new Space();
    const started = performance.now();
    expect((await runUntil(space, whole, "whole")).code).toBe(0);
    const wholeMs = performance.now() - started;
    const expected = await resultsOf(space, whole, space.path("whole"));
    const moments = all ? Array.from({ length: 50 }, () => Math.random()) : [0.15, 0.55];
    for (const [i, fraction] of moments.entries()) {
      const name = `moment-${i}`;
      await runUntil(space, whole, name, fraction * wholeMs);
      const problems = await afterCrash(space, whole, name, expected);
      expect(problems, `after ${fraction} of the run`).toEqual([]);
      space.remove(name);
    }
  },
  4 * hours,
);

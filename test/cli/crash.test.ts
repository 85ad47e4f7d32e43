/**
 * A run that is killed leaves nothing to clean by hand. `npm test` takes a sample of the points at
 * which to kill; `npm run test:crash` takes every file operation of the smoke run, and 50 moments.
 */
import { expect, test } from "vitest";
import { afterCrash, resultsOf, runCounted, runUntil } from "../harness/crash.ts";
import { Space } from "../harness/space.ts";

const all = process.env["BLOCKSPIN_CRASH"] === "all";
const hours = 3_600_000;

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
    const whole = await runCounted(space, "whole");
    expect(whole.code, whole.stderr).toBe(0);
    const expected = await resultsOf(space, space.path("whole"));
    const points = all
      ? scattered(whole.operations - 1)
      : [0.02, 0.3, 0.6, 0.95].map((f) => Math.max(1, Math.floor(f * whole.operations)));
    for (const k of points) {
      const name = `killed-${k}`;
      const killed = await runCounted(space, name, k);
      // The number of operations varies a little with timing: a run may end before its k-th.
      if (!all) expect(killed.signal, `k = ${k} of ${whole.operations}`).toBe("SIGKILL");
      expect(await afterCrash(space, name, expected), `after k = ${k}`).toEqual([]);
      space.remove(name);
    }
  },
  8 * hours,
);

test(
  "a run killed at any moment is followed by a clean, correct run",
  async () => {
    using space = new Space();
    const started = performance.now();
    expect((await runUntil(space, "whole")).code).toBe(0);
    const wholeMs = performance.now() - started;
    const expected = await resultsOf(space, space.path("whole"));
    const moments = all ? Array.from({ length: 50 }, () => Math.random()) : [0.15, 0.55];
    for (const [i, fraction] of moments.entries()) {
      const name = `moment-${i}`;
      await runUntil(space, name, fraction * wholeMs);
      expect(await afterCrash(space, name, expected), `after ${fraction} of the run`).toEqual([]);
      space.remove(name);
    }
  },
  8 * hours,
);

/**
 * A run that is killed leaves nothing to clean by hand. `npm test` kills at a few file operations and
 * moments; `npm run test:crash` at 100 and 50, and goes on from what every single operation leaves.
 */
import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { LocalExecutor } from "../../dist/engine/run/executors/local.js";
import { oneSeed as set } from "../harness/checkout.ts";
import {
  afterCrash,
  afterCrashHere,
  outputsIn,
  runCounted,
  runUntil,
  type Small,
} from "../harness/crash.ts";
import { Replay } from "../harness/replay.ts";
import { Space } from "../harness/space.ts";

const all = process.env["BLOCKSPIN_CRASH"] === "all";
const hours = 3_600_000;

const whole: Small = { set: [], only: [], jobs: 2 };

/** Every stage, rule and model of the small graph, for one seed: 110 instances. */
const oneSeed: Small = { only: [], set, jobs: 1 };

/** What is killed, by the command line; in `npm test` only models and two measures of them. */
const killed: Small = all ? whole : { ...oneSeed, only: ["weights", "reconstruction"] };

test(
  "a run killed after its k-th file operation is followed by a clean, correct run",
  async () => {
    using space = new Space();
    const first = await runCounted(space, killed, "whole");
    expect(first.code, first.stderr).toBe(0);
    const expected = await outputsIn(killed, space.path("whole"));
    const shares = all ? Array.from({ length: 100 }, Math.random) : [0.05, 0.5, 0.95];
    const points = shares.map((share) => Math.ceil(share * 0.99 * first.operations));
    for (const k of points) {
      const name = `killed-${k}`;
      // Actions that take long are claimed, on a busy machine more of them: a run may end before k.
      for (let at = k; ; at = Math.floor(0.9 * at)) {
        const ended = await runCounted(space, killed, name, at);
        if (ended.signal === "SIGKILL") break;
        expect(at, `${k} of ${first.operations} operations`).toBeGreaterThan(k / 2);
        space.remove(name);
      }
      expect(await afterCrash(space, killed, name, expected), `after k = ${k}`).toEqual([]);
      space.remove(name);
    }
  },
  4 * hours,
);

test.runIf(all)(
  "the same from what each k leaves, one after the other",
  async () => {
    using space = new Space();
    const first = await runCounted(space, oneSeed, "whole");
    expect(first.code, first.stderr).toBe(0);
    const expected = await outputsIn(oneSeed, space.path("whole"));
    const replay = new Replay(space.path("whole.log"), space.path("whole"), space.path("state"));
    expect(replay.operations).toBe(first.operations);
    const lanes = availableParallelism();
    const executor = new LocalExecutor(lanes);
    let done = 0;
    const lane = async () => {
      while (done < replay.operations) {
        const k = ++done;
        const left = `left-by-${k}`;
        replay.next(space.path(left));
        const problems = await afterCrashHere(oneSeed, space.path(left), executor, expected);
        expect(problems, `after k = ${k} of ${replay.operations}`).toEqual([]);
        space.remove(left);
        if (k % 100 === 0) console.log(`${k} of ${replay.operations} points`);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    await executor.close();
  },
  8 * hours,
);

test(
  "a run killed at any moment is followed by a clean, correct run",
  async () => {
    using space = new Space();
    const started = performance.now();
    expect((await runUntil(space, killed, "whole")).code).toBe(0);
    const wholeMs = performance.now() - started;
    const expected = await outputsIn(killed, space.path("whole"));
    const moments = all ? Array.from({ length: 50 }, () => Math.random()) : [0.15, 0.55];
    for (const [i, fraction] of moments.entries()) {
      const name = `moment-${i}`;
      await runUntil(space, killed, name, fraction * wholeMs);
      const problems = await afterCrash(space, killed, name, expected);
      expect(problems, `after ${fraction} of the run`).toEqual([]);
      space.remove(name);
    }
  },
  4 * hours,
);

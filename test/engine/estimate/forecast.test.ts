/** What a run still takes, as it goes on. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectSeconds, type History } from "../../../src/engine/estimate/expect.ts";
import { Forecast } from "../../../src/engine/estimate/forecast.ts";
import type { Event } from "../../../src/engine/events.ts";
import { facts, graphOf, Workbench } from "../run/workbench.ts";

const noPast: History = {
  history: new Map(),
  seconds: new Map(),
  known: () => [],
};

const three = `stages:
  a: { node: sum, for: { i: [1, 2, 3] }, with: { a: "\${i}" } }
  b: { node: sum, inputs: { in: { from: a, collect: all } } }
`;

const event = (id: string, state: "started" | "ran" | "cached", more = {}): Event => ({
  ...{ event: "instance", id, state },
  ...more,
});

/** A forecast of `three`, of which a takes 4 s each, and b 2 s. */
function forecast(jobs: number, expected = [4, 4, 4, 2], atLeast = false) {
  using bench = new Workbench();
  const graph = graphOf(three);
  const seconds = expected.map((s) => (s < 0 ? undefined : { seconds: s, atLeast }));
  return new Forecast(graph, bench.plan(graph), seconds, jobs);
}

test("the clock, what ends and the fraction of what runs all count", () => {
  const left = forecast(3);
  expect(left.left(0)).toEqual({ processor: 14, wall: 6, open: 4, unknown: 0, atLeast: false });
  left.on(event("a[i=1]", "started"), 0);
  expect(left.left(1000)).toMatchObject({ processor: 13, wall: 6 });
  left.on({ event: "progress", id: "a[i=1]", fraction: 0.5 }, 1000);
  // It was to take 2 s more; at its rate it takes 1 s.
  expect(left.left(1000).processor).toBeCloseTo(10 + 1.5);
  left.on(event("a[i=1]", "ran", { seconds: 2 }), 2000);
  left.on(event("a[i=2]", "cached"), 2000);
  // Those that wait take less than was expected of them.
  expect(left.left(2000).processor).toBeCloseTo(3 + 2);
  left.on(event("a[i=3]", "cached"), 2000);
  left.on(event("b", "ran", { seconds: 2 }), 2000);
  expect(left.left(2000)).toEqual({ processor: 0, wall: 0, open: 0, unknown: 0, atLeast: false });
});

test("what is not known is counted, until one of its stage has ended or says how far it is", () => {
  const left = forecast(1, [-1, -1, -1, -1]);
  expect(left.left(0)).toEqual({ processor: 0, wall: 0, open: 4, unknown: 4, atLeast: false });
  left.on(event("a[i=1]", "started"), 0);
  left.on({ event: "progress", id: "a[i=1]", fraction: 0.25 }, 1000);
  expect(left.left(1000)).toMatchObject({ processor: 3, unknown: 3 });
  left.on(event("a[i=1]", "ran", { seconds: 4 }), 4000);
  expect(left.left(4000)).toEqual({ processor: 8, wall: 8, open: 3, unknown: 1, atLeast: false });
});

test("of what is more than anything that was measured, its own pace counts alone", () => {
  const left = forecast(1, [4, -1, -1, -1], true);
  left.on(event("a[i=1]", "started"), 0);
  expect(left.left(1000)).toMatchObject({ processor: 3, atLeast: true });
  left.on({ event: "progress", id: "a[i=1]", fraction: 0.1 }, 10_000);
  left.on({ event: "progress", id: "a[i=1]", fraction: Number.NaN }, 10_000);
  expect(left.left(10_000).processor).toBeCloseTo(90);
});

test("it is never negative, whatever happens, and nothing is left when all has ended", () => {
  const ids = ["a[i=1]", "a[i=2]", "a[i=3]", "b", "unknown"];
  const events = fc.record({
    id: fc.constantFrom(...ids),
    kind: fc.constantFrom("started", "ran", "cached", "failed", "skipped", "progress"),
    fraction: fc.double({ min: -1, max: 2 }),
    seconds: fc.double({ min: 0, max: 100, noNaN: true }),
    after: fc.nat(10_000),
    parts: fc.boolean(),
  });
  const given = fc.array(fc.constantFrom(-1, 0, 0.5, 3, 60), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(events), given, fc.integer({ min: 1, max: 4 }), (all, expected, jobs) => {
      const left = forecast(jobs, expected);
      let now = 0;
      for (const { id, kind, fraction, seconds, after, parts } of all) {
        now += after;
        if (kind === "progress") left.on({ event: "progress", id, fraction }, now);
        else {
          const more = {
            seconds,
            ...(parts ? { parts: { ran: 1, cached: 1, continued: 0 } } : {}),
          };
          left.on({ event: "instance", id, state: kind as "ran", ...more }, now);
        }
        const { processor, wall, unknown } = left.left(now);
        for (const value of [processor, wall, unknown]) {
          expect(Number.isFinite(value) && value >= 0).toBe(true);
        }
      }
      for (const id of ids) left.on({ event: "instance", id, state: "ran", seconds: 1 }, now);
      expect(left.left(now)).toMatchObject({ processor: 0, wall: 0, unknown: 0 });
    }),
  );
});

test("of a plan, nothing is expected before anything ran, and nothing once all is cached", async () => {
  using bench = new Workbench();
  const graph = graphOf(three);
  const expected = () => expectSeconds(graph, bench.plan(graph), noPast, bench.store, facts);
  expect(expected()).toEqual([undefined, undefined, undefined, undefined]);
  await bench.run(graph);
  const none = { seconds: 0, atLeast: false };
  expect(expected()).toEqual([none, none, none, none]);
  // A past that is asked is an error: a plan of what is cached reads none.
  const past = new Proxy(noPast, {
    get: () => {
      throw new Error("read the past");
    },
  });
  expect(expectSeconds(graph, bench.plan(graph), past, bench.store, facts)).toHaveLength(4);
});

test("the records of the others say what a new instance takes, and parts that are there are spared", async () => {
  using bench = new Workbench();
  const stages = (of: string) => `stages:\n  s: { node: squares, with: { of: ${of} } }\n`;
  await bench.run(graphOf(stages("[1, 2]")));
  const more = graphOf(stages("[1, 2, 3, 4]"));
  const { key, preimage, seconds } = bench.recordOf(graphOf(stages("[1, 2]")), "s");
  const past: History = {
    ...noPast,
    history: new Map([["s", { key, preimage: preimage as never, seconds, ids: new Set() }]]),
  };
  const [expected] = expectSeconds(more, bench.plan(more), past, bench.store, facts);
  // Twice the list, half of which is there.
  expect(expected!.seconds).toBeCloseTo(seconds);
  const count = (to: number) => graphOf(`stages:\n  c: { node: count, with: { to: ${to} } }\n`);
  await bench.run(count(30));
  const before = bench.recordOf(count(30), "c");
  const grown: History = {
    ...noPast,
    history: new Map([["c", { ...before, preimage: before.preimage as never, ids: new Set() }]]),
  };
  const [longer] = expectSeconds(count(40), bench.plan(count(40)), grown, bench.store, facts);
  expect(longer!.seconds).toBeCloseTo(before.seconds / 3);
});

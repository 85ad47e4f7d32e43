/** Properties of the time that a set of actions takes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { takes, type Work } from "../../../src/engine/estimate/wall.ts";

const graphs = fc
  .array(
    fc.record({
      seconds: fc.double({ min: 0, max: 1e4, noNaN: true }),
      slots: fc.integer({ min: 1, max: 8 }),
      pieces: fc.integer({ min: 1, max: 20 }),
      back: fc.array(fc.nat(30), { maxLength: 3 }),
    }),
    { maxLength: 30 },
  )
  .map((items) =>
    items.map(({ back, ...work }, i): Work => {
      const after = back.map((step) => i - 1 - step).filter((before) => before >= 0);
      return { ...work, after };
    }),
  );
const jobs = fc.integer({ min: 1, max: 16 });

/** A sum in another order may differ in its last bits. */
const slack = (value: number) => value * (1 + 1e-9) + 1e-9;

test("no time is negative, and nothing takes no time", () => {
  fc.assert(
    fc.property(graphs, jobs, (all, n) => {
      const { processor, wall } = takes(all, n);
      expect(processor).toBeGreaterThanOrEqual(0);
      expect(wall).toBeGreaterThanOrEqual(0);
      expect(wall).toBeLessThanOrEqual(slack(processor));
      const idle = all.map((work) => ({ ...work, seconds: 0 }));
      expect(takes(idle, n)).toEqual({ processor: 0, wall: 0 });
    }),
  );
});

test("more work never takes less time", () => {
  fc.assert(
    fc.property(
      graphs,
      jobs,
      fc.nat(),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
      (all, n, at, more) => {
        const longer = all.map((work, i) =>
          i === at % all.length ? { ...work, seconds: work.seconds + more } : work,
        );
        expect(takes(all, n).wall).toBeLessThanOrEqual(slack(takes(longer, n).wall));
        expect(takes(all.slice(0, -1), n).wall).toBeLessThanOrEqual(slack(takes(all, n).wall));
      },
    ),
  );
});

test("more slots never take more time, where an action takes one", () => {
  fc.assert(
    fc.property(graphs, jobs, (all, n) => {
      const single = all.map((work) => ({ ...work, slots: 1 }));
      expect(takes(single, n + 1).wall).toBeLessThanOrEqual(slack(takes(single, n).wall));
    }),
  );
});

test("a chain takes the sum, what is wide is shared, and threads fill slots", () => {
  const one = { seconds: 6, slots: 1, pieces: 1, after: [] };
  expect(takes([one, { ...one, after: [0] }], 4)).toEqual({ processor: 12, wall: 12 });
  expect(takes([one, one, one, one], 2)).toEqual({ processor: 24, wall: 12 });
  expect(takes([{ ...one, pieces: 12 }], 3)).toEqual({ processor: 6, wall: 2 });
  expect(
    takes(
      [
        { ...one, slots: 4 },
        { ...one, slots: 4 },
      ],
      4,
    ),
  ).toEqual({ processor: 48, wall: 12 });
  expect(takes([{ ...one, slots: 99 }], 4)).toEqual({ processor: 24, wall: 6 });
});

import { expect, test } from "vitest";
import { type Claimed, Slots } from "../../../src/engine/run/slots.ts";

/** Names of what began, in order, with how many slots were taken then. */
async function orderOf(count: number, works: readonly (Claimed & { name: string })[]) {
  const slots = new Slots(count);
  const { signal } = new AbortController();
  const began: string[] = [];
  let taken = 0;
  let most = 0;
  await Promise.all(
    works.map((work) =>
      slots.hold(
        signal,
        async () => {
          began.push(work.name);
          const own = Math.min(count, work.slots?.() ?? 1);
          taken += own;
          most = Math.max(most, taken);
          await new Promise((resolve) => setTimeout(resolve, 5));
          taken -= own;
        },
        work,
      ),
    ),
  );
  return { began: began.join(" "), most };
}

test("Slots take the most urgent first, equal ones in order", async () => {
  const works = [1, 2, 5, 2, 9].map((priority, i) => ({
    name: `${priority}${"abcde"[i]}`,
    priority,
  }));
  expect(await orderOf(1, works)).toEqual({ began: "1a 9e 5c 2b 2d", most: 1 });
});

test("work that takes several slots waits for them, is not overtaken, and takes no more than there are", async () => {
  const works = [
    { name: "a" },
    { name: "two", slots: () => 2 },
    { name: "b" },
    { name: "many", slots: () => 99 },
    { name: "c" },
  ];
  expect(await orderOf(2, works)).toEqual({ began: "a two b many c", most: 2 });
});

test("what parts of a slot took comes back whole, so that a whole slot starts after them", async () => {
  const slots = new Slots(1);
  const { signal } = new AbortController();
  // All pairs of hundredths that fit: 1 - a - b + a + b is less than 1 for many in floating point.
  for (let i = 1; i < 50; i++) {
    for (let j = 1; j < 50; j++) {
      const two = [i / 100, j / 100].map((share) =>
        slots.hold(signal, async () => {}, { slots: () => share }),
      );
      await Promise.all(two);
    }
  }
  // Were a little missing, this would wait for ever.
  await expect(slots.hold(signal, async () => "done")).resolves.toBe("done");
}, 10_000);

/** How actions are divided among jobs, and what a job asks for. */
import { expect, test } from "vitest";
import { defaultCluster } from "../../../../src/engine/project/cluster-settings.ts";
import { pack } from "../../../../src/engine/run/cluster/pack.ts";
import { limitOf, secondsOf, wishOf } from "../../../../src/engine/run/cluster/request.ts";

const loads = (count: number, seconds: number, most = Number.POSITIVE_INFINITY) =>
  Array.from({ length: count }, () => ({ seconds, most }));
const site = { batch: 600, slots: 1, limit: undefined };
const sizes = (tasks: readonly (readonly unknown[])[]) => tasks.map(({ length }) => length);

test("a job gets the work of its length, and every action has a job", () => {
  expect(sizes(pack(loads(10_000, 1), site))).toEqual([...Array(16).fill(600), 400]);
  expect(sizes(pack(loads(50, 3600), site))).toEqual(Array(50).fill(1));
  expect(sizes(pack(loads(7, 100), { ...site, slots: 2 }))).toEqual([7]);
  expect(pack([], site)).toEqual([]);
});

test("a job gets less where its time is short, or where a job was lost", () => {
  expect(sizes(pack(loads(20, 10), { ...site, limit: 100 }))).toEqual([8, 8, 4]);
  expect(sizes(pack([...loads(4, 1, 2), ...loads(4, 1)], site))).toEqual([2, 2, 4]);
  expect(sizes(pack(loads(5000, 0), site))).toEqual([2000, 2000, 1000]);
});

test("resources and options become what a job asks for; a stage's options win", () => {
  const settings = {
    ...{ ...defaultCluster, slots: 2, options: { partition: "short", account: "x" } },
    ...{ types: { trainer: { partition: "long" } }, stages: { train: { partition: "gpu" } } },
  };
  const resources = { threads: 3, memory: 1000 };
  expect(wishOf({ stage: "train", type: "trainer", resources }, settings)).toEqual({
    ...{ cpus: 6, memory: 2512, options: { partition: "gpu", account: "x" } },
  });
  expect(wishOf({ stage: "other", type: "trainer", resources: {} }, settings)).toEqual({
    ...{ cpus: 2, memory: undefined, options: { partition: "long", account: "x" } },
  });
});

test("the time of a job is what the site writes, or follows from timeouts", () => {
  const wish = { cpus: 1, memory: undefined, options: {} };
  expect(limitOf(wish, [60, 100], 30)).toBe(100 + 60 + 120);
  expect(limitOf(wish, [60, undefined], 30)).toBe(undefined);
  expect(limitOf({ ...wish, options: { time: "4:00:00" } }, [60], 30)).toBe(14_400);
});

test.each([
  ["90", 5400],
  ["1:30", 90],
  ["4:00:00", 14_400],
  ["2-12", 216_000],
  ["2-12:30", 217_800],
  ["2-12:30:05", 217_805],
  ["UNLIMITED", undefined],
])("time %s is %s s", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

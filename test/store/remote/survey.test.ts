/** How many pages it takes to find out what is there; by properties, against a listing in memory. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../../src/store/digest.ts";
import { survey } from "../../../src/store/remote/survey.ts";
import type { Page } from "../../../src/store/remote/transport.ts";

const nameOf = (n: number) => sha256(String(n)).slice("sha256:".length);

/** Lists `there` in pages, and counts them. */
function listing(there: Iterable<string>, page = 1000) {
  const sorted = [...there].sort();
  const asked: string[] = [];
  const list = async (after: string): Promise<Page> => {
    asked.push(after);
    const names = sorted.filter((name) => name > after);
    const some = names.slice(0, page);
    return {
      files: new Map(some.map((name) => [name, { bytes: 1, md5: undefined }])),
      through: names.length > page ? some.at(-1) : undefined,
    };
  };
  return { asked, list };
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => nameOf(from + i));

test("what it says is so, whatever is there and whatever is asked", async () => {
  const some = fc.uniqueArray(fc.nat(400), { maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(some, some, fc.integer({ min: 1, max: 50 }), async (there, asked, page) => {
      const names = new Set(there.map(nameOf));
      const known = await survey(asked.map(nameOf), listing(names, page).list);
      for (const [name, listed] of known) expect(listed !== undefined).toBe(names.has(name));
    }),
    { numRuns: 200 },
  );
});

test.each([
  ["all of 10,000 that are there", range(0, 10_000), range(0, 10_000), 10],
  ["10,000 of which none is there", [], range(0, 10_000), 1],
  ["half of 10,000", range(0, 10_000), range(5000, 15_000), 16],
  ["10,000 among 20,000", range(0, 20_000), range(0, 10_000), 26],
])("%s take few pages", async (_, there, asked, most) => {
  const { asked: pages, list } = listing(there);
  const known = await survey(asked, list);
  expect(known.size).toBe(asked.length);
  expect(pages.length).toBeLessThanOrEqual(most);
});

test("where little is asked of much, one page shows that listing does not pay", async () => {
  const { asked: pages, list } = listing(range(0, 50_000));
  const known = await survey(range(0, 100), list);
  expect(pages.length).toBe(1);
  expect(known.size).toBeLessThan(12);
  const few = listing(range(0, 10));
  expect((await survey(range(0, 11), few.list)).size).toBe(0);
  expect(few.asked).toEqual([]);
});

test("a remote that cannot list says nothing", async () => {
  expect((await survey(range(0, 100), async () => undefined)).size).toBe(0);
});

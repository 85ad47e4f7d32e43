/** Looking after a store: making room, and computing a sample again. */
import { expect, test } from "vitest";
import { bytesIn, chain, checkout, fixture, probe } from "../harness/checkout.ts";
import type { Space } from "../harness/space.ts";

test("verify --rerun reports other bytes, how far they differ, and the first stage that has them", async () => {
  using space = checkout(
    `blockspin: 1
name: test
use: [${JSON.stringify(fixture("drifting-node.js"))}]
stages:
  a: { node: tolerant, with: { n: 1 } }
  b: { node: exact, inputs: { x: a }, with: { n: 2 } }
  c: { node: exact, inputs: { x: b }, with: { n: 4 } }
`,
    "",
  );
  await space.run("p.yaml");
  const verify = async (drift: string) => {
    const args = ["cache", "verify", "p.yaml", "--rerun", "100%"];
    return await space.cli(args, { env: { DRIFT: drift } });
  };
  const same = await verify("0");
  expect([same.code, same.stdout]).toEqual([
    0,
    "3 objects (1.41 KiB) and 3 records are whole, 0 damaged\ncomputed 3 of 3 recorded actions again: 3 with the same bytes\n",
  ]);
  const little = await verify("1e-6");
  expect(little.code).toBe(1);
  expect(little.stdout.split("\n").slice(1)).toEqual([
    "a.value: other bytes; column number differs by up to 1.0e-6, within its tolerance of 0.001",
    "b.value: other bytes; column number differs by up to 5.0e-7, more than its tolerance of 0",
    "c.value: other bytes; column number differs by up to 2.5e-7, more than its tolerance of 0",
    "computed 3 of 3 recorded actions again: 0 with the same bytes",
    "the first stage that differs is b",
    "",
  ]);
  expect((await verify("0.5")).stdout).toContain("the first stage that differs is a\n");
  // The records are as they were.
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 3 });
});

test("gc keeps what a kept pipeline and pins need; what it removed is computed again", async () => {
  using space = checkout(chain, "");
  await space.run("p.yaml");
  const all = ["cache", "gc", "--size", "0", "--keep-runs", "0", "--json"];
  const gc = async (more: readonly string[]) =>
    JSON.parse((await space.cli([...all, ...more])).stdout) as { records: { files: number } };
  expect((await gc(["--keep", "p.yaml"])).records.files).toBe(0);
  await space.cli(["cache", "pin", "p.yaml", "second"]);
  expect((await gc(["--dry-run"])).records.files).toBe(2);
  expect((await gc([])).records.files).toBe(2);
  const again = await space.run("p.yaml");
  expect(again.inState("ran")).toEqual(["first", "last"]);
});

test("bytes that gc removed come back where --only asks for them", async () => {
  using space = checkout(chain, "");
  await space.run("p.yaml");
  await space.cli(["cache", "pin", "p.yaml", "last"]);
  const kept = bytesIn(space.path("cache/v1/records"));
  // Room for one object and a half.
  const size = Math.round(kept + bytesIn(space.path("cache/v1/objects")) / 2);
  const gc = ["cache", "gc", "--keep-runs", "0", "--size", String(size)];
  expect((await space.cli(gc)).stdout).toMatch(/^removed 2 objects .*, 0 records/);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 3 });
  expect((await space.cli(["show", "p.yaml", "second"])).code).toBe(1);
  expect((await space.run("p.yaml", ["--only", "second"])).inState("ran")).toEqual([
    "first",
    "second",
  ]);
  expect((await space.cli(["show", "p.yaml", "second"])).code).toBe(0);
});

test("gc may remove all that it can while a run goes on: the run ends as it should", async () => {
  const stages = Array.from({ length: 8 }, (_, i) => {
    const input = i > 0 ? `, inputs: { x: s${i - 1} }` : "";
    return `  s${i}: { node: probe${input}, with: { a: ${i}, sleep_ms: 200 } }\n`;
  });
  const slow = probe(`${stages.join("")}results: [s7]\n`);
  using space = checkout(slow, "");
  using alone = checkout(slow, "");
  let done = false;
  const collect = async () => {
    let times = 0;
    for (; !done; times++) {
      const gc = await space.cli(
        ["cache", "gc", "--size", "0", "--age", "0h", "--keep-runs", "0"],
        { process: true },
      );
      expect(gc.code, gc.stderr).toBe(0);
    }
    return times;
  };
  const run = space.run("p.yaml", [], { process: true }).finally(() => {
    done = true;
  });
  const [ended, times] = await Promise.all([run, collect()]);
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.finished).toMatchObject({ ran: 8, failed: 0, skipped: 0 });
  expect(times).toBeGreaterThan(2);
  await alone.run("p.yaml");
  const result = (of: Space) => of.cli(["run", "p.yaml", "--set", "stages.s7.salt=x"]);
  expect((await result(space)).stdout).toBe((await result(alone)).stdout);
});

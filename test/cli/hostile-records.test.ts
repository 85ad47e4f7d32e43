/**
 * A signature says who made a record, not that it is one. Whatever a trusted colleague signed, a run
 * ends with the right results and one warning.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Artifact, Columns } from "../../src/table/schema.ts";
import { chain } from "../harness/checkout.ts";
import { artifact, HostileRemote, type Json, warningsIn } from "../harness/hostile.ts";

let honest: HostileRemote;
let results: string;

beforeAll(async () => {
  honest = await HostileRemote.filledBy(chain);
  using friend = honest.victim(chain);
  const run = await friend.cli(["run", "p.yaml"]);
  expect(run.stderr).toContain("0 ran, 3 cached");
  results = tableIn(run.stdout);
});
afterAll(() => honest[Symbol.dispose]());

/** The results that a run prints. */
const tableIn = (stdout: string) => stdout.slice(stdout.indexOf("\nlast.value"));

const deep = (levels: number) => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = { value };
  return value;
};
const digest = `sha256:${"5".repeat(64)}`;
const float64 = { type: "float64" } as const;

/** Changes what the record says of its output. */
const output = (change: (value: Artifact) => unknown) => (record: Json) => ({
  ...record,
  outputs: { value: change(record["outputs"].value) },
});
const schema = (columns: object) => output(({ chunks }) => artifact(columns as Columns, chunks));

const lies: [string, (record: Json, remote: HostileRemote) => Json][] = [
  ["no outputs", (r) => ({ ...r, outputs: {} })],
  ["another port", (r) => ({ ...r, outputs: { other: r["outputs"].value } })],
  ["a port more", (r) => ({ ...r, outputs: { ...r["outputs"], other: r["outputs"].value } })],
  [
    "__proto__ as a port",
    (r) => ({ ...r, outputs: JSON.parse(`{"__proto__":${JSON.stringify(r["outputs"].value)}}`) }),
  ],
  ["an output that is null", output(() => null)],
  ["toString as a type", schema({ digest: { type: "toString" }, number: float64 })],
  ["constructor as an item", schema({ digest: { type: "list", item: "constructor" } })],
  [
    "a shape of text",
    schema({ n: { type: "fixed_size_list", item: "bool", size: 4, shape: "4" } }),
  ],
  ["a column of null", output((a) => ({ ...a, schema: { digest: null } }))],
  ["other columns", schema({ digest: { type: "utf8" }, number: { type: "int32" } })],
  [
    "50,000 columns",
    schema(Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`c${i}`, float64]))),
  ],
  [
    "200,000 chunks",
    output(({ schema, chunks }) => artifact(schema, new Array(200_000).fill(chunks[0]))),
  ],
  [
    "1e9 rows in a tiny file",
    output(({ schema, chunks }) => artifact(schema, [{ ...chunks[0]!, rows: 1e9 }])),
  ],
  [
    "65,536 rows in a tiny file",
    output(({ schema, chunks }) => artifact(schema, [{ ...chunks[0]!, rows: 65_536 }])),
  ],
  [
    "rows that are not there",
    output(({ schema, chunks }) => artifact(schema, [{ ...chunks[0]!, rows: 3 }])),
  ],
  [
    "a size that no object has",
    output(({ schema, chunks }) => artifact(schema, [{ ...chunks[0]!, bytes: 2 ** 50 }])),
  ],
  [
    "an object that is not Arrow",
    (r, remote) =>
      output(({ schema }) => remote.artifact(Buffer.from("not Arrow".repeat(99)), schema, 1))(r),
  ],
  ["300,000 parts", (r) => ({ ...r, parts: new Array(300_000).fill(digest) })],
  ["parts that are not a list", (r) => ({ ...r, parts: { length: 1 } })],
  ["a checkpoint", (r) => ({ ...r, checkpoint: r["outputs"].value })],
  ["warnings that are null", (r) => ({ ...r, warnings: null })],
  ["a warning that is null", (r) => ({ ...r, warnings: [null] })],
  ["a log of numbers", (r) => ({ ...r, log: [1] })],
  ["a million lines", (r) => ({ ...r, log: new Array(1e6).fill("") })],
  ["nobody", (r) => ({ ...r, computedBy: null })],
  ["times that are numbers", (r) => ({ ...r, startedAt: 5, finishedAt: 5 })],
  ["time that went back", (r) => ({ ...r, seconds: -1 })],
  ["nested parameters", (r) => ({ ...r, preimage: { ...r["preimage"], params: deep(3000) } })],
  ["depth where nobody looks", (r) => ({ ...r, more: deep(3000) })],
  ["20 MB", (r) => ({ ...r, log: new Array(1000).fill("x".repeat(20_000)) })],
];

test.each(lies)("a signed record with %s is computed again", async (_, lie) => {
  using remote = honest.copy();
  const key = remote.keys.get("last")!;
  remote.lie(key, (record) => lie(record, remote));
  using victim = remote.victim(chain);
  const run = await victim.cli(["run", "p.yaml"]);
  expect(run.stderr).not.toContain("internal error");
  expect(run.code, run.stderr).toBe(0);
  expect(warningsIn(run.stderr)).toEqual([
    expect.stringMatching(/^warning\[remote\]: remote "lab" holds/),
  ]);
  expect(run.stderr).toContain("1 ran, 2 cached");
  expect(tableIn(run.stdout)).toBe(results);
});

test.each([
  [
    "an object that is not Arrow",
    (r: HostileRemote, a: Artifact) => r.artifact(Buffer.alloc(999), a.schema, 1),
  ],
  [
    "rows that are not there",
    (_: HostileRemote, a: Artifact) => artifact(a.schema, [{ ...a.chunks[0]!, rows: 2 }]),
  ],
])("an input with %s is computed again before it is read", async (_, lie) => {
  using remote = honest.copy();
  remote.lie(remote.keys.get("second")!, (r) => output((value) => lie(remote, value))(r));
  using victim = remote.victim(chain);
  // What has to be computed reads it.
  const run = await victim.run("p.yaml", ["--set", "stages.last.with.a=7"]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.inState("ran")).toEqual(["last", "second"]);
  const warnings = run.events.filter(({ event }) => event === "warning");
  expect(warnings.map(({ code }) => code)).toEqual(["remote"]);
  // It is not asked for again.
  const again = await victim.cli(["run", "p.yaml", "--set", "stages.last.with.a=7"]);
  expect(again.stderr).toContain("0 ran, 3 cached");
  expect(warningsIn(again.stderr)).toEqual([]);
  using friend = honest.victim(chain);
  await friend.cli(["run", "p.yaml", "--set", "stages.last.with.a=7"]);
  const show = ["show", "p.yaml", "last", "--csv", "--set", "stages.last.with.a=7"];
  expect((await victim.cli(show)).stdout).toBe((await friend.cli(show)).stdout);
});

test("a remote's list nested a million deep is neither a record nor hints", async () => {
  using remote = honest.copy();
  for (const key of remote.keys.values()) remote.put("ac", key, "[".repeat(1e6) + "]".repeat(1e6));
  using victim = remote.victim(chain);
  const run = await victim.cli(["run", "p.yaml"]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stderr).toContain("3 ran, 0 cached");
  expect(warningsIn(run.stderr).length).toBe(1);
});

test("no command ends in an internal error on what a liar shares", async () => {
  using remote = honest.copy();
  remote.lie(remote.keys.get("last")!, (r) =>
    output(({ schema }) => remote.artifact(Buffer.from("not Arrow".repeat(99)), schema, 1))(r),
  );
  using victim = remote.victim(chain);
  for (const args of [
    ["plan", "p.yaml"],
    ["show", "p.yaml", "last"],
    ["export", "p.yaml", "last", "--out", "out"],
    ["cache", "pull", "p.yaml"],
    ["log", "p.yaml", "last"],
    ["cache", "gc"],
    ["cache", "verify"],
  ]) {
    const ended = await victim.cli(args);
    expect(`${args}: ${ended.stderr}`).not.toContain("internal error");
  }
  const run = await victim.cli(["run", "p.yaml"]);
  expect(tableIn(run.stdout)).toBe(results);
});

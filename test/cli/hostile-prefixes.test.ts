/**
 * What a run continues or puts together comes from records too, and from hints, which nobody signs.
 * Lies there cost the work that they would have saved, and nothing else.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPipeline, planPipeline } from "../../dist/index.js";
import { sha256 } from "../../src/store/digest.ts";
import { bytesOf, encodeArtifact } from "../../src/table/arrow-writer.ts";
import type { Columns } from "../../src/table/schema.ts";
import { bytesIn } from "../harness/checkout.ts";
import { HostileRemote, type Json } from "../harness/hostile.ts";
import type { Space } from "../harness/space.ts";

const pipeline = `blockspin: 1
name: growing
params: { betas: [0.3, 0.4], samples: 8 }
stages:
  lattices:
    node: ising-sampler
    with: { size: 4, betas: "\${betas}", samples: "\${samples}", burn_in: 5 }
  coarse: { node: decimator, inputs: { configurations: lattices }, with: { rule: majority } }
results: [coarse]
`;
const longer = ["--set", "samples=12"];
const wider = ["--set", "betas=[0.3, 0.35, 0.4]"];

let honest: HostileRemote;
const right = new Map<string, unknown>();

beforeAll(async () => {
  honest = await HostileRemote.filledBy(pipeline);
  for (const set of [longer, wider]) {
    using friend = honest.victim(pipeline);
    expect((await friend.run("p.yaml", [...set, "--offline"])).code).toBe(0);
    right.set(set[1]!, await outputs(friend, set));
  }
});
afterAll(() => honest[Symbol.dispose]());

async function outputs(space: Space, [, set = ""]: readonly string[]) {
  const flags = { cache: space.path("cache"), set: [set], offline: true };
  const { plan } = await planPipeline(await openPipeline(space.path("p.yaml"), flags));
  return plan.map((planned) => planned?.record?.outputs);
}

async function runOn(remote: HostileRemote, set: readonly string[]) {
  using victim = remote.victim(pipeline);
  const run = await victim.run("p.yaml", set);
  expect(run.stderr).not.toContain("internal error");
  expect(run.code, run.stderr).toBe(0);
  expect(await outputs(victim, set)).toEqual(right.get(set[1]!));
  const warnings = run.events.filter(({ event }) => event === "warning");
  const hints = bytesIn(victim.path("cache/v1/lineages"));
  return { codes: warnings.map(({ code }) => code), hints, run };
}

const parts = (remote: HostileRemote, node: string) =>
  remote.records().filter(({ preimage, parts }) => preimage.node === node && !parts);

const continued = (run: { events: readonly Json[] }) =>
  run.events.find(({ id, state }) => id === "lattices" && state === "ran")!["parts"].continued;

test("without a lie, a longer run continues, and a wider one takes parts", async () => {
  const { codes, run } = await runOn(honest, longer);
  expect([codes, continued(run)]).toEqual([[], 2]);
  const wide = await runOn(honest, wider);
  expect(wide.codes).toEqual([]);
});

test("a checkpoint without a row, which its node type does not expect, is not continued", async () => {
  using remote = honest.copy();
  const empty = async (schema: Columns) => {
    for await (const chunk of encodeArtifact(schema, [])) return bytesOf(chunk);
    throw new Error("no chunk");
  };
  for (const { key, checkpoint } of parts(remote, "ising-sampler")) {
    const none = remote.artifact(await empty(checkpoint.schema), checkpoint.schema, 0);
    remote.lie(key, (r) => ({ ...r, checkpoint: none }));
  }
  const { run } = await runOn(remote, longer);
  expect(continued(run)).toBe(0);
});

const garbage = Buffer.from("not Arrow".repeat(999));

test.each<[string, (record: Json, remote: HostileRemote) => Json]>([
  [
    "a checkpoint that is not Arrow",
    (r, remote) => ({ ...r, checkpoint: remote.artifact(garbage, r["checkpoint"].schema, 1) }),
  ],
  ["a checkpoint of other columns", (r) => ({ ...r, checkpoint: r["outputs"].configurations })],
  ["a checkpoint that is null", (r) => ({ ...r, checkpoint: null })],
  [
    "rows that are not Arrow",
    (r, remote) => {
      const { configurations: value } = r["outputs"];
      const configurations = remote.artifact(garbage, value.schema, value.rows);
      return { ...r, outputs: { ...r["outputs"], configurations } };
    },
  ],
  ["no outputs", (r) => ({ ...r, outputs: {} })],
])("a prefix with %s is not continued", async (_, lie) => {
  using remote = honest.copy();
  for (const { key } of parts(remote, "ising-sampler")) remote.lie(key, (r) => lie(r, remote));
  const { codes, run } = await runOn(remote, longer);
  expect(codes).toEqual(["remote"]);
  expect(continued(run)).toBe(0);
});

test("a part of a mapping that is not Arrow is computed again", async () => {
  using remote = honest.copy();
  for (const { key } of parts(remote, "decimator")) {
    remote.lie(key, (r) => {
      const [[port, value]] = Object.entries<Json>(r["outputs"]) as [[string, Json]];
      const outputs = { [port]: remote.artifact(garbage, value["schema"], value["rows"]) };
      return { ...r, outputs };
    });
  }
  expect((await runOn(remote, wider)).codes).toEqual(["remote"]);
});

/** Hints have the names that are not those of records. */
function hintsOf(remote: HostileRemote): string[] {
  const names = [...remote.files("ac")].filter(
    (hex) => !remote.record(`sha256:${hex}`)["preimage"],
  );
  return names.map((hex) => `sha256:${hex}`);
}

const hints = (count: number) =>
  JSON.stringify({
    hints: Object.fromEntries(Array.from({ length: count }, (_, i) => [i / count, sha256(`${i}`)])),
  });

test.each([
  ["540,000 hints", hints(540_000)],
  ["5,000 hints", hints(5000)],
  ["hints nested a million deep", `{"hints":${"[".repeat(1e6)}`],
])("%s under a name are reported and not kept", async (_, text) => {
  using remote = honest.copy();
  const names = hintsOf(remote);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) remote.put("ac", name, text);
  const { codes, hints: bytes } = await runOn(remote, longer);
  expect(codes).toEqual(["remote"]);
  expect(bytes).toBeLessThan(2000);
});

test.each([
  ["hints that are null", '{"hints":null}'],
  ["hints that are a list", '{"hints":[1,2]}'],
  ["null", "null"],
  ["hints of nothing", hints(1000)],
])("%s under a name lead nowhere", async (_, text) => {
  using remote = honest.copy();
  for (const name of hintsOf(remote)) remote.put("ac", name, text);
  expect((await runOn(remote, longer)).codes).toEqual([]);
});

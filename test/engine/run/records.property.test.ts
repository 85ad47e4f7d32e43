/**
 * Whatever a record says that a trusted colleague signed, a run ends, and with the right outputs.
 * Without processes and threads, so that many lies are tried.
 */
import { rmSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadNode } from "../../../src/engine/modules/load-node.ts";
import type { Executor } from "../../../src/engine/run/executors/executor.ts";
import { performAction } from "../../../src/engine/run/perform.ts";
import { openPipeline, runPipeline } from "../../../src/index.ts";
import { artifactDigest } from "../../../src/store/digest.ts";
import { Store } from "../../../src/store/store.ts";
import { chain } from "../../harness/checkout.ts";
import { HostileRemote, type Json } from "../../harness/hostile.ts";

/** Actions run in this thread. */
const executor: Executor = {
  execute: async (action, _, hooks) =>
    await performAction(action, await loadNode(action), Store.open(action.store), hooks),
  close: async () => {},
};

let honest: HostileRemote;
beforeAll(async () => {
  honest = await HostileRemote.filledBy(chain);
});
afterAll(() => honest[Symbol.dispose]());

/** Values that a field may have instead, names and depths that trip readers among them. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, -1, 0.5, 2 ** 53, 1e300, "", "toString", [], {}, [null], [[]]),
  fc.constantFrom("__proto__", "constructor", "length", "then").map((name) => {
    return JSON.parse(`{${JSON.stringify(name)}:1}`) as unknown;
  }),
);

interface Lie {
  /** Which of all places in the record. */
  readonly at: number;
  readonly how: "replace" | "remove" | "repeat" | "rename" | "swap";
  readonly value: unknown;
  readonly name: string;
  readonly other: number;
}

const lies = fc.array(
  fc.record<Lie>({
    at: fc.nat(),
    how: fc.constantFrom("replace", "remove", "repeat", "rename", "swap"),
    value: odd,
    name: fc.oneof(fc.constantFrom("__proto__", "toString", "", "out"), fc.string()),
    other: fc.nat(),
  }),
  { minLength: 1, maxLength: 3 },
);

type Place = readonly [holder: Json, name: string];

function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((name) => [
    [value, name] as const,
    ...placesIn((value as Json)[name]),
  ]);
}

const define = (holder: Json, name: string, value: unknown) =>
  Object.defineProperty(holder, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });

function apply(record: Json, { at, how, value, name, other }: Lie): void {
  // What the key is made of, a remote cannot change: it would be under another key.
  const places = placesIn({ ...record, preimage: 0, key: 0, check: 0, signature: 0 });
  if (places.length === 0) return;
  const [holder, field] = places[at % places.length]!;
  const [from, there] = places[other % places.length]!;
  const target = holder["preimage"] === 0 ? record : holder;
  const copied = structuredClone(from[there]);
  if (how === "replace") define(target, field, value);
  else if (how === "swap") define(target, field, copied);
  else if (how === "remove") delete target[field];
  else if (how === "rename" && !Array.isArray(target)) {
    const { [field]: moved } = target;
    delete target[field];
    define(target, name, moved);
  } else if (Array.isArray(target)) target.push(structuredClone(target[Number(field)]));
}

/** Mends what a reader would notice first, so that lies reach those behind it. */
function mend(record: Json): void {
  for (const artifact of Object.values(Object(record["outputs"]) as Json)) {
    try {
      artifact.digest = artifactDigest(artifact.schema, artifact.chunks);
      artifact.rows = artifact.chunks.reduce((sum: number, c: Json) => sum + c["rows"], 0);
    } catch {
      // There is nothing to mend.
    }
  }
}

test("a run ends with the right outputs, whatever a signed record says", async () => {
  using victim = honest.victim(chain);
  const opened = await openPipeline(victim.path("p.yaml"), {});
  const key = honest.keys.get("last")!;
  const text = JSON.stringify(honest.record(key));
  const [{ digest, rows }] = honest.record(key)["outputs"].value.chunks;
  const objects = new Set([`${digest} ${rows}`]);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(lies, fc.boolean(), async (all, mended) => {
      const record = JSON.parse(text) as Json;
      for (const lie of all) apply(record, lie);
      if (mended) mend(record);
      honest.lie(key, () => record);
      const cache = victim.path(`cache-${n++}`);
      const problems: string[] = [];
      const { counts, results, store } = await runPipeline(
        { ...opened, settings: { ...opened.settings, cache } },
        {
          executors: { local: () => executor },
          onEvent: (event) => {
            if (event.event === "warning" && event.code === "remote") problems.push(event.message);
          },
        },
      );
      await store.close(0);
      rmSync(cache, { recursive: true });
      expect(counts).toMatchObject({ failed: 0, skipped: 0 });
      // How often the one object is repeated, only the value tells: there a signature is believed.
      const { chunks } = results[0]!.record.outputs["value"]!;
      expect(new Set(chunks.map(({ digest, rows }) => `${digest} ${rows}`))).toEqual(objects);
      expect(problems.length).toBe(counts.ran);
    }),
    { seed: 20261126, numRuns: Number(process.env["BLOCKSPIN_PROPERTY_RUNS"] ?? 150) },
  );
}, 240_000);

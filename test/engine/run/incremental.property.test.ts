/**
 * Over random graphs and random edits: what comes from the cache equals what a fresh store gives,
 * byte for byte, and nothing ran whose key was known.
 */
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { LocalExecutor } from "../../../dist/engine/run/executors/local.js";
import { openPipeline, planPipeline, runPipeline } from "../../../dist/index.js";
import { lend } from "../../harness/lend.ts";
import { probe, Space } from "../../harness/space.ts";

// Starting threads for every run would take most of the time.
const executor = new LocalExecutor(2);
afterAll(() => executor.close());

interface Stage {
  name: string;
  a: number;
  coarse: boolean;
  /** Which earlier stages it reads, as positions before it. */
  reads: number[];
  /** How it reads them. */
  collect: boolean;
  /** Its own axis, if any. */
  axis: number[] | undefined;
}

const stage = fc.record({
  a: fc.integer({ min: 0, max: 3 }),
  coarse: fc.boolean(),
  reads: fc.array(fc.nat(5), { maxLength: 2 }),
  collect: fc.boolean(),
  axis: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), {
    nil: undefined,
    freq: 2,
  }),
});

const edit = fc.oneof(
  fc.record({ kind: fc.constant("param" as const), at: fc.nat(5), a: fc.nat(3) }),
  fc.record({ kind: fc.constant("coarse" as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant("rename" as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant("reverse" as const) }),
  fc.record({
    kind: fc.constant("grow" as const),
    at: fc.nat(5),
    value: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ kind: fc.constant("remove" as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant("salt" as const), at: fc.nat(5) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

interface Document {
  stages: Stage[];
  reversed: boolean;
  salts: Map<string, string>;
}

function toYaml({ stages, reversed, salts }: Document): string {
  const axisName = (s: Stage) => `axis_${s.name.replace(/\D/g, "")}`;
  const entries = stages.map((s, i) => {
    const read = [
      ...new Set(s.reads.filter((back) => back < i).map((back) => stages[i - 1 - back]!)),
    ];
    const inputs = Object.fromEntries(
      read.map((other, k) => [
        `in_${k}`,
        s.collect ? { from: other.name, collect: "all" } : other.name,
      ]),
    );
    const body = {
      node: "probe",
      ...(s.axis ? { for: { [axisName(s)]: s.axis } } : {}),
      ...(read.length > 0 ? { inputs } : {}),
      with: { a: s.axis ? `\${${axisName(s)}}` : s.a, coarse: s.coarse, seed: i },
      ...(salts.has(s.name) ? { salt: salts.get(s.name) } : {}),
    };
    return [s.name, body] as const;
  });
  if (reversed) entries.reverse();
  return stringify({
    blockspin: 1,
    name: "random",
    use: [probe],
    stages: Object.fromEntries(entries),
  });
}

function apply(document: Document, change: Edit): void {
  const { stages } = document;
  const at = "at" in change ? stages[change.at % stages.length] : undefined;
  if (change.kind === "param") at!.a = change.a;
  else if (change.kind === "coarse") at!.coarse = !at!.coarse;
  else if (change.kind === "rename") at!.name = `${at!.name}-renamed`;
  else if (change.kind === "reverse") document.reversed = !document.reversed;
  else if (change.kind === "grow" && at!.axis && !at!.axis.includes(change.value))
    at!.axis.push(change.value);
  else if (change.kind === "remove" && stages.length > 1) stages.splice(stages.indexOf(at!), 1);
  else if (change.kind === "salt") document.salts.set(at!.name, "again");
}

async function outputsOf(space: Space, cache: string) {
  const opened = await openPipeline(space.path("p.yaml"), { cache });
  const before = await planPipeline(opened);
  const known = new Set(
    before.plan.flatMap((p, i) => (p?.state === "cached" ? [opened.graph.instances[i]!.id] : [])),
  );
  const ran: { id: string; key: string }[] = [];
  const summary = await runPipeline(opened, {
    executors: lend(executor),
    onEvent: (event) => {
      if (event.event === "instance" && event.state === "ran")
        ran.push({ id: event.id, key: event.key! });
    },
  });
  expect(summary.counts.failed + summary.counts.skipped).toBe(0);
  const after = await planPipeline(opened);
  const digests = Object.fromEntries(
    opened.graph.instances.map(({ id }, i) => [
      id,
      after.plan[i]!.record!.outputs["value"]!.digest,
    ]),
  );
  return { digests, ran, known, keys: new Set(after.plan.map((p) => p!.key)) };
}

test("a run from the cache equals a fresh one, and nothing runs whose key was known", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stage, { minLength: 1, maxLength: 5 }),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      async (shapes, edits) => {
        using space = new Space();
        const document: Document = {
          stages: shapes.map((shape, i) => ({
            ...shape,
            name: `stage-${i}`,
            axis: shape.axis?.slice(),
          })),
          reversed: false,
          salts: new Map(),
        };
        const everRan = new Set<string>();
        for (const [step, change] of [undefined, ...edits].entries()) {
          if (change) apply(document, change);
          space.write("p.yaml", toYaml(document));
          const cached = await outputsOf(space, space.path("cache"));
          const fresh = await outputsOf(space, space.path(`fresh-${step}`));
          expect(cached.digests).toEqual(fresh.digests);
          for (const { id, key } of cached.ran) {
            expect(cached.known.has(id)).toBe(false);
            expect(everRan.has(key)).toBe(false);
            everRan.add(key);
          }
        }
      },
    ),
    { seed: 20261123, numRuns: Number(process.env["BLOCKSPIN_PROPERTY_RUNS"] ?? 6) },
  );
}, 240_000);

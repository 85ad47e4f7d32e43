/**
 * Over random histories of a small pipeline whose node types split, grow and map: whatever was
 * computed before, a run gives the bytes that a fresh store gives, and computes only the difference.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LocalExecutor } from "../../../dist/engine/run/executors/local.js";
import { openPipeline, planPipeline, runPipeline } from "../../../dist/index.js";
import { lend } from "../../harness/lend.ts";
import { Space } from "../../harness/space.ts";

const nodes = fileURLToPath(new URL("../../fixtures/trait-nodes.js", import.meta.url));
const pipeline = `blockspin: 1
name: random
use: [${JSON.stringify(nodes)}]
params: { names: [a], steps: 3, wide: false }
stages:
  walks: { node: walks, with: { names: "\${names}", steps: "\${steps}", wide: "\${wide}" } }
  squares: { node: squares, inputs: { path: walks.path } }
  again: { node: squares, inputs: { path: squares }, with: { times: 3 } }
  ends: { node: squares, inputs: { path: walks.end } }
`;

// Starting threads for every run would take most of the time. They have the environment of their start.
let space: Space;
let work: string;
let executor: LocalExecutor;
beforeEach(() => {
  space = new Space();
  space.write("p.yaml", pipeline);
  work = space.write("work.txt", "");
  process.env["TRAIT_WORK"] = work;
  executor = new LocalExecutor(2);
});
afterEach(async () => {
  await executor.close();
  space[Symbol.dispose]();
});

interface State {
  readonly names: readonly string[];
  readonly steps: number;
  readonly wide: boolean;
  /** Keeps every result on the way. */
  readonly publish: boolean;
}

const state: fc.Arbitrary<State> = fc.record({
  names: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 4 }),
  // A chunk of the wide table has 8 rows.
  steps: fc.nat(18),
  wide: fc.boolean(),
  publish: fc.boolean(),
});

async function run(cache: string, { names, steps, wide, publish }: State) {
  const set = [`names=${JSON.stringify(names)}`, `steps=${steps}`, `wide=${wide}`];
  const opened = await openPipeline(space.path("p.yaml"), { cache: space.path(cache), set });
  space.write("work.txt", "");
  const { counts } = await runPipeline(opened, {
    executors: lend(executor),
    publishEvery: publish ? 0 : 60,
  });
  expect(counts).toMatchObject({ failed: 0, skipped: 0 });
  const { plan } = await planPipeline(opened);
  expect(plan.map((planned) => planned?.state)).toEqual(plan.map(() => "cached"));
  const outputs = opened.graph.instances.map(({ id }, i) => [id, plan[i]!.record!.outputs]);
  const done = readFileSync(work, "utf8").split("\n");
  const lines = (kind: string) => done.filter((line) => line.startsWith(kind)).length;
  return { outputs, steps: lines("walks"), squares: lines("squares") };
}

/** What is in the store: by name and width, the numbers of steps that there is a path of. */
class Known {
  readonly #values = new Map<string, Set<number>>();

  /** How many steps a run does, after which their results are known. */
  add({ names, steps, wide, publish }: State): number {
    let done = 0;
    for (const name of names) {
      const key = `${name} ${wide}`;
      const values = this.#values.get(key) ?? new Set([0]);
      this.#values.set(key, values);
      const from = Math.max(...[...values].filter((value) => value <= steps));
      done += steps - from;
      if (publish) for (let step = from + 1; step < steps; step++) values.add(step);
      values.add(steps);
    }
    return done;
  }
}

test("any history gives the bytes of a fresh store, and does only the work that was not done", async () => {
  let histories = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(state, { minLength: 2, maxLength: 4 }), async (states) => {
      const cache = `cache-${histories++}`;
      const known = new Known();
      for (const [i, now] of states.entries()) {
        const made = await run(cache, now);
        const fresh = await run(`${cache}-fresh-${i}`, now);
        expect(made.outputs).toEqual(fresh.outputs);
        expect(fresh.steps).toBe(now.steps * now.names.length);
        expect(made.steps).toBe(known.add(now));
        space.remove(`${cache}-fresh-${i}`);
      }
      space.remove(cache);
    }),
    { seed: 20261124, numRuns: Number(process.env["BLOCKSPIN_PROPERTY_RUNS"] ?? 3) },
  );
}, 240_000);

test("what maps grows by the rows that were added, through every stage", async () => {
  const names = ["a", "b", "c"];
  for (const wide of [false, true]) {
    const at = (steps: number, more: readonly string[] = names) =>
      run(`cache-${wide}`, { names: more, steps, wide, publish: false });
    // Two stages square every row of the paths, one the ends.
    expect(await at(5)).toMatchObject({ steps: 15, squares: 2 * 15 + 3 });
    expect(await at(19)).toMatchObject({ steps: 42, squares: 2 * 42 + 3 });
    expect(await at(19, ["d", ...names])).toMatchObject({ steps: 19, squares: 2 * 19 + 1 });
    expect(await at(19, ["c", "a"])).toMatchObject({ steps: 0, squares: 0 });
    expect(await at(20, ["c", "a"])).toMatchObject({ steps: 2, squares: 2 * 2 + 2 });
  }
}, 240_000);

/** Who performs an action puts its record into the store where it is asked to. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { f64, table } from "../../../../src/engine/node-type.ts";
import { keyed } from "../../../../src/engine/plan/key.ts";
import type { Action } from "../../../../src/engine/run/action.ts";
import { work } from "../../../../src/engine/run/executors/work.ts";
import { noteKept } from "../../../../src/engine/run/keep.ts";
import { Store } from "../../../../src/store/store.ts";
import { Folder } from "../../../store/folder.ts";

function actionIn(folder: Folder): Action {
  const module = join(folder.path, "one.mjs");
  writeFileSync(
    module,
    `export const one = {
      type: "one", version: 1, summary: "One.", params: {}, inputs: {}, outputs: {},
      async run({ warn }) { warn("odd", "it is"); return { out: { x: [1] } }; },
    };`,
  );
  const preimage = {
    v: 1,
    node: "one",
    version: 1,
    params: {},
    inputs: {},
    numerics: null,
  } as const;
  return {
    ...keyed(preimage),
    ...{ id: "one", module: pathToFileURL(module).href, files: {}, inputs: {} },
    outputs: { out: table({ x: f64 }) },
    ...{ backend: "wasm", store: join(folder.path, "cache"), prefixes: [], publishEvery: 60 },
  };
}

const performed = (action: Action) =>
  work(
    action,
    (folder) => Store.open(folder),
    () => {},
    new AbortController().signal,
  );

test("the record that comes back is the one in the store", async () => {
  using folder = new Folder();
  const action = actionIn(folder);
  const outcome = await performed({ ...action, recorded: true });
  if (outcome.kind !== "result") throw new Error(outcome.failure.message);
  const store = Store.open(action.store);
  const noted = noteKept(store, action, outcome.result, outcome.result.kept!);
  expect(store.getRecord(action.key)).toEqual(noted);
  expect(noted.warnings).toMatchObject([{ code: "odd" }]);
});

test("a record that another process has put here is left to the caller", async () => {
  using folder = new Folder();
  const action = actionIn(folder);
  await performed({ ...action, recorded: true });
  const outcome = await performed({ ...action, recorded: true });
  expect(outcome).toMatchObject({ kind: "result", result: { warnings: [{ code: "odd" }] } });
  expect(outcome).not.toHaveProperty("result.kept");
});

test("without being asked, it leaves the record to the caller", async () => {
  using folder = new Folder();
  const action = actionIn(folder);
  expect(await performed(action)).not.toHaveProperty("result.kept");
  expect(Store.open(action.store).getRecord(action.key)).toBeUndefined();
});

test("where the record cannot be put, the result comes back without it", async () => {
  using folder = new Folder();
  const action = actionIn(folder);
  // No record has a key that is not that of its preimage.
  const { key } = keyed({ ...action.preimage, version: 2 });
  const outcome = await performed({ ...action, key, recorded: true });
  expect(outcome).toMatchObject({ kind: "result", result: { warnings: [{ code: "odd" }] } });
  expect(outcome).not.toHaveProperty("result.kept");
});

/** What a node's `run` returns is an error where it is not what the ports say. */
import { expect, test } from "vitest";
import {
  type AnyNodeType,
  defineNode,
  f32,
  f64,
  i32,
  list,
  type Ports,
  Type,
  table,
  utf8,
  vector,
} from "../../../src/engine/node-type.ts";
import { toArrowFile } from "../../../src/store/tables.ts";
import { tableOf } from "../../harness/tables.ts";
import { Workshop } from "../../harness/workshop.ts";

const columns = { x: f64, n: i32 };
const good = { x: [1, 2], n: [1, 2] };

const nodeOf = (returned: unknown, outputs: Ports = { out: table(columns) }, more = {}) =>
  defineNode({
    ...{ type: "mine", version: 1, summary: "A test." },
    ...{ params: Type.Object({}), inputs: {}, outputs, run: () => returned as never },
    ...more,
  });

async function made(type: AnyNodeType, params = {}) {
  using workshop = new Workshop(type);
  const { record } = await workshop.make({ params });
  return record;
}

const late = Promise.resolve(good);
const at = 'output "out" of node type "mine": ';

test.each<[string, unknown, string]>([
  ["nothing", undefined, "returned no object with its outputs (out)"],
  ["an empty object", {}, 'returned no output "out"'],
  ["another port", { Out: good }, 'returned no output "out"; it returned "Out"'],
  ["a port too many", { out: good, more: good }, 'returned an output "more" that its node type'],
  ["null", { out: null }, 'returned no output "out"'],
  [
    "a promise",
    { out: late },
    `${at}expected columns by name, got a Promise: is an \`await\` miss`,
  ],
  ["a list of batches", { out: [good] }, `${at}expected columns by name, got an array`],
  ["a function", { out: () => good }, `${at}expected columns by name, got a function: is a call`],
  ["a number", { out: 5 }, `${at}expected columns by name, got 5`],
  ["a map", { out: new Map([["x", [1]]]) }, `${at}expected columns by name, got an object`],
  ["no column", { out: {} }, `${at}column "x": is missing`],
  ["a column too few", { out: { x: [1] } }, `${at}column "n": is missing`],
  ["a column too many", { out: { ...good, y: [1, 2] } }, `${at}column "y": is not in the schema`],
  ["unequal columns", { out: { ...good, n: [1] } }, `${at}column "n": has 1 rows, but column "x"`],
  ["another array", { out: { ...good, x: Float32Array.of(1, 2) } }, `${at}column "x": expected fl`],
  [
    "a count of NaN",
    { out: { ...good, n: [1, Number.NaN] } },
    `${at}column "n": row 1: expected an`,
  ],
  [
    "a promised column",
    { out: { ...good, x: late } },
    `${at}column "x": expected float64, got a Pr`,
  ],
  [
    "a promised value",
    { out: { ...good, x: [1, late] } },
    `${at}column "x": row 1: expected a numb`,
  ],
  [
    "a hole",
    { out: { ...good, x: new Array(2) } },
    `${at}column "x": row 0: expected a number, go`,
  ],
  ["a scalar", { out: { ...good, x: 1 } }, `${at}column "x": expected float64, got 1`],
  [
    "rows of NaN",
    { out: { rows: Number.NaN, columns: good } },
    `${at}expected a number of rows, g`,
  ],
  [
    "wrong rows",
    { out: { rows: 3, columns: good } },
    `${at}column "x": has 2 rows, but the table h`,
  ],
  ["rows without columns", { out: { rows: 3 } }, `${at}expected columns by name, got undefined`],
  [
    "a promised file",
    { out: { arrow: late } },
    `${at}expected the bytes of an Arrow file at "arrow"`,
  ],
  ["a file of nothing", { out: { arrow: new Uint8Array() } }, `${at}not a readable Arrow IPC file`],
  ["a promised batch", { out: yieldsPromises() }, `${at}expected columns by name, got a Promise`],
])("%s is an error that says where", async (_, returned, message) => {
  await expect(made(nodeOf(returned))).rejects.toThrow(message);
});

/** An async iterable whose values are promises: nothing awaits those. */
function yieldsPromises() {
  const next = async () => ({ done: false, value: late });
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

test("a checkpoint is held against its port as well", async () => {
  const grows = { grows: { by: "n", extends: [] }, checkpoint: table({ state: f64 }) };
  const params = Type.Object({ n: Type.Integer({ default: 1 }) });
  const of = (checkpoint: unknown) =>
    nodeOf({ out: good, checkpoint }, undefined, { params, ...grows });
  await expect(made(of(undefined))).rejects.toThrow('returned no checkpoint; it returned "out"');
  await expect(made(of({ state: late }))).rejects.toThrow(
    'checkpoint of node type "mine": column "state": expected float64, got a Promise',
  );
});

test("no rows are a warning, unless the port says that they may be meant", async () => {
  const none = { x: [], n: [] };
  const warnings = [{ code: "empty-output", message: 'output "out" has no rows' }];
  expect((await made(nodeOf({ out: none }))).warnings).toEqual(warnings);
  expect((await made(nodeOf({ out: (async function* () {})() }))).warnings).toEqual(warnings);
  const meant = { out: table(columns, { mayBeEmpty: true }) };
  expect((await made(nodeOf({ out: none }, meant))).warnings).toEqual([]);
  expect((await made(nodeOf({ out: good }))).warnings).toEqual([]);
});

test("of parts, one without rows is named, and none at all are one warning", async () => {
  const params = Type.Object({ of: Type.Array(Type.Integer()) });
  const run = ({ params: { of } }: { params: { of: number[] } }) => {
    const x = of.filter((value) => value > 0);
    return { out: { x, n: x } };
  };
  const type = nodeOf(undefined, undefined, { params, splits: "of", run });
  const whole = { code: "empty-output", message: 'output "out" has no rows' };
  expect((await made(type, { of: [1, 0] })).warnings).toEqual([
    { ...whole, message: 'of = 0: output "out" has no rows' },
  ]);
  expect((await made(type, { of: [0, -1] })).warnings).toEqual([whole]);
  expect((await made(type, { of: [] })).warnings).toEqual([whole]);
});

test("a column that is NaN in every row, as a missing await makes it, is a warning", async () => {
  const outputs = { out: table({ x: f64, v: vector("float32", 2), l: list("float64"), s: utf8 }) };
  const nan = Number.NaN;
  const rows = (x: unknown, v: unknown, l: unknown) => ({ out: { x, v, l, s: ["a", "NaN"] } });
  const codes = async (returned: unknown) =>
    (await made(nodeOf(returned, outputs))).warnings.map(
      ({ code, message }) => `${code} ${message}`,
    );
  const warning = (name: string) => `nan-output ${at}column "${name}" is NaN in every row`;
  expect(
    await codes(
      rows(
        [nan, nan],
        [
          [nan, nan],
          [nan, nan],
        ],
        [[nan], []],
      ),
    ),
  ).toEqual(["x", "v", "l"].map(warning));
  expect(await codes(rows(Float64Array.of(nan, nan), new Float32Array(4), [[1], [nan]]))).toEqual([
    warning("x"),
  ]);
  expect(
    await codes(
      rows(
        [nan, 1],
        [
          [nan, nan],
          [nan, 0],
        ],
        [[], []],
      ),
    ),
  ).toEqual([]);
});

test("a column of a file that is not declared is a warning, and is not kept", async () => {
  const given = tableOf({ x: f64, y: f32, z: f64 }, { x: [1], y: [2], z: [3] });
  const { warnings, outputs } = await made(
    nodeOf({ out: { arrow: await toArrowFile(given) } }, { out: table({ x: f64 }) }),
  );
  expect(warnings).toEqual([
    {
      code: "undeclared-column",
      message: `${at}the file has more columns than are declared: "y", "z"`,
    },
  ]);
  expect(Object.keys(outputs["out"]!.schema)).toEqual(["x"]);
});

test("a promise that fails while nothing awaits it fails the action", async () => {
  const type = nodeOf(undefined, undefined, {
    async run() {
      (async () => {
        throw new Error("no such sum");
      })();
      return { out: good };
    },
  });
  await expect(made(type)).rejects.toThrow("a promise failed: no such sum: is an `await` missing?");
});

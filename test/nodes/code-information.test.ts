import { expect, test } from "vitest";
import { bits, f64, utf8, vector } from "../../src/engine/node-type.ts";
import { blocksOf, patternAt } from "../../src/lattice/blocks.ts";
import { fitProbe } from "../../src/learn/linear-probe.ts";
import { floatRows } from "../../src/learn/rows.ts";
import { codeInformation } from "../../src/nodes/code-information/index.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { mutualInformation } from "../../src/statistics/mutual-information.ts";
import type { Table } from "../../src/table/schema.ts";
import { runNode } from "../harness/run-node.ts";
import { tableOf } from "../harness/tables.ts";
import { drawExactly, enumerate4 } from "../lattice/exact-ensembles.ts";
import { dense } from "../learn/networks.ts";
import { digestOf } from "./digest.ts";
import { tableOfModel } from "./models.ts";

const beta = 0.4;
const generator = (purpose: string) =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 9, parts: [] }));

/** Four units that depend on the spins without any symmetry. */
function encode(s: ArrayLike<number>): number[] {
  return [s[0]!, s[2]! + 0.5 * s[7]!, -(s[8]! + 0.3 * s[5]!), s[10]! + 0.4 * s[15]! + 0.7 * s[3]!];
}
const signsOf = (s: ArrayLike<number>) => encode(s).map((h) => (h >= 0 ? 1 : -1));

type Rows = readonly ArrayLike<number>[];
const spinsTable = (rows: Rows, part: string, betas = rows.map(() => beta)) =>
  tableOf(
    { spins: bits(rows[0]!.length), beta: f64, chain: utf8 },
    {
      spins: rows.map((s) => Array.from(s, (x) => (x > 0 ? 1 : 0))),
      beta: betas,
      chain: rows.map((_, i) => `${part}/${i % 2}`),
    },
  ) as Table;
const codesTable = (rows: Rows, code: (s: ArrayLike<number>) => number[]) =>
  tableOf(
    { values: vector("float32", 4), beta: f64 },
    {
      values: rows.map(code),
      beta: rows.map(() => beta),
    },
  ) as Table;

/** The map that the node fits, on all states; it has its own test. */
function fittedMap(code: (s: ArrayLike<number>) => number[]) {
  const rows = (values: readonly ArrayLike<number>[]) =>
    floatRows(
      values.flatMap((row) => [...Array.from(row)]),
      values[0]!.length,
    );
  const { kernel, bias } = fitProbe(rows(train.map(code)), rows(train), 1e-6);
  return (h: readonly number[]) =>
    Array.from(bias, (b, i) => h.reduce((sum, x, a) => sum + x * kernel[4 * i + a]!, b));
}

/** What the node estimates with its map, from all 65,536 states. */
function exactly(code: (s: ArrayLike<number>) => number[]) {
  const states = enumerate4(beta).map((state) => ({ ...state, code: code(state.spins) }));
  const map = fittedMap(code);
  const blocks = blocksOf(4);
  const table = (columns: number) => new Float64Array(16 * columns);
  const counts = { image: table(16), around: table(16), spins: table(16) };
  const own = blocks.map(() => ({ block: table(2), around: table(2) }));
  let [wrong, right] = [0, 0];
  for (const { code, spins, weight } of states) {
    const image = map(code);
    for (const [i, f] of image.entries()) {
      wrong += (weight * (f - spins[i]!) ** 2) / 16;
      right += f >= 0 === spins[i]! > 0 ? weight / 16 : 0;
    }
    for (const [b, { sites, around }] of blocks.entries()) {
      const [inside, outside] = [patternAt(spins, 0, sites), patternAt(spins, 0, around)];
      const shown = patternAt(image, 0, sites);
      const sign = code[b]! >= 0 ? 1 : 0;
      counts.image[16 * inside + shown]! += weight;
      counts.around[16 * outside + shown]! += weight;
      counts.spins[16 * inside + outside]! += weight;
      own[b]!.block[2 * inside + sign]! += weight;
      own[b]!.around[2 * outside + sign]! += weight;
    }
  }
  const mean = (key: "block" | "around") =>
    own.reduce((sum, tables) => sum + mutualInformation(tables[key], 2), 0) / own.length;
  return {
    r2: 1 - wrong,
    accuracy: right,
    block_information: mutualInformation(counts.image, 16),
    surroundings_information: mutualInformation(counts.around, 16),
    block_surroundings_information: mutualInformation(counts.spins, 16),
    own_block_information: mean("block"),
    own_surroundings_information: mean("around"),
  };
}

const test_ = drawExactly(4, beta, 8000, generator("test"));
const train = drawExactly(4, beta, 8000, generator("train"));
const measure = async (code: (s: ArrayLike<number>) => number[], params: object = {}) => {
  const inputs = {
    configurations: spinsTable(test_, "test"),
    train: spinsTable(train, "train"),
    codes: codesTable(test_, code),
    train_codes: codesTable(train, code),
  };
  return (await runNode(codeInformation, { inputs, params: { ...params } })).outputs;
};

test("real codes and their signs have the values of the enumerated ensemble", async () => {
  const { by_beta } = await measure(encode);
  const columns = by_beta.columns as unknown as Record<string, ArrayLike<number>>;
  expect(Array.from(columns["codes"]!)).toEqual(["real", "signs"]);
  for (const [row, exact] of [exactly(encode), exactly(signsOf)].entries()) {
    for (const [name, value] of Object.entries(exact)) {
      const [found, error] = [columns[name]![row]!, columns[`${name}_se`]![row]!];
      if (name.startsWith("own") && row === 0) {
        expect(found).toBeNull();
        continue;
      }
      // 12 comparisons at 5 jackknife errors, each known to 16 %, so of 3.4 or more: one in a hundred by
      // chance. What a bias of order 1/n^2 and means of the spins that are not 0 leave is below 3e-4.
      expect(Math.abs(found - value), `${name} ${row}`).toBeLessThan(5 * error + 3e-4);
      expect(error, `${name} ${row}`).toBeLessThan(0.02);
      expect(error, `${name} ${row}`).toBeGreaterThan(0);
    }
  }
});

test("a unit that is a spin of its block says ln 2 of it, whatever its sign", async () => {
  const spins = (s: ArrayLike<number>) => [s[0]!, -s[2]!, s[8]!, -s[10]!];
  const { summary } = await measure(spins);
  const { own_block_information, own_block_information_se, r2 } = summary.columns as unknown as {
    [name: string]: Float64Array;
  };
  // H of a fair coin from 8000 throws, four times: its estimate has a relative error below 1 / n.
  expect(own_block_information![1]).toBeCloseTo(Math.LN2, 3);
  expect(own_block_information_se![1]).toBeLessThan(1e-3);
  // Codes that are signs are one reading.
  expect(r2![0]).toBeCloseTo(r2![1]!, 10);
});

test("a model's code is read like its table, and bits are signs", async () => {
  const code = dense("code", 16, 4, "linear");
  code.bias.fill(0);
  for (let a = 0; a < 4; a++) {
    for (let i = 0; i < 16; i++) {
      const one = Array.from({ length: 16 }, (_, k) => Number(k === i));
      code.kernel[a * 16 + i] = encode(one)[a]!;
    }
  }
  const model = tableOfModel({
    layers: [code, dense("image", 4, 16)],
    ...{ loss: "mse", chains: ["train/0"] },
  });
  const configurations = spinsTable(test_, "test");
  const inputs = { configurations, train: spinsTable(train, "train"), model };
  const { outputs } = await runNode(codeInformation, { inputs });
  const tables = await measure(encode);
  const cells = ({ columns }: { columns: unknown }) => columns as Record<string, number[]>;
  for (const name of Object.keys(cells(tables.summary))) {
    if (name === "codes") continue;
    for (const row of [0, 1]) {
      const [mine, other] = [outputs, tables].map(({ summary }) => cells(summary)[name]![row]!);
      if (mine === null) expect(other).toBeNull();
      else expect(mine).toBeCloseTo(other!, 5);
    }
  }
  const packed = (rows: Rows) =>
    tableOf(
      { spins: bits(4) },
      {
        spins: rows.map((s) => signsOf(s).map((sign) => (sign > 0 ? 1 : 0))),
      },
    ) as Table;
  const { summary } = (
    await runNode(codeInformation, {
      inputs: {
        ...{ configurations, train: inputs.train },
        ...{ codes: packed(test_), train_codes: packed(train) },
      },
    })
  ).outputs;
  expect([...(summary.columns["codes"] as unknown as string[])]).toEqual(["signs"]);
  expect(cells(summary)["r2"]![0]).toBe(cells(tables.summary)["r2"]![1]);
});

test("a map for each beta knows that beta alone; the summary adds squares over betas", async () => {
  const flipped = (s: ArrayLike<number>) => encode(s).map((h) => -h);
  const half = (rows: Rows) => rows.slice(0, 4000);
  const both = (rows: Rows) => [...half(rows), ...half(rows)];
  const codes = (rows: Rows) =>
    tableOf(
      { values: vector("float32", 4) },
      {
        values: both(rows).map((s, i) => (i < 4000 ? encode(s) : flipped(s))),
      },
    ) as Table;
  const betas = both(test_).map((_, i) => (i < 4000 ? 0.4 : 0.5));
  const inputs = {
    configurations: spinsTable(both(test_), "test", betas),
    train: spinsTable(both(train), "train", betas),
    codes: codes(test_),
    train_codes: codes(train),
  };
  const r2 = async (fit: string) => {
    const { outputs } = await runNode(codeInformation, { inputs, params: { fit } });
    const { summary, by_beta } = outputs;
    return [summary, by_beta].map(
      ({ columns }) => (columns as unknown as Record<string, number[]>)["r2"]![0]!,
    );
  };
  const [apart, together] = [await r2("apart"), await r2("together")];
  expect(apart[0]).toBeCloseTo(apart[1]!, 12);
  expect(Math.abs(apart[0]! - exactly(encode).r2)).toBeLessThan(0.02);
  // Codes that change their sign between betas say nothing to one map.
  expect(Math.abs(together[0]!)).toBeLessThan(0.01);
});

test("what does not belong together is refused", async () => {
  const configurations = spinsTable(test_.slice(0, 40), "test");
  const same = { configurations, train: configurations };
  const codes = codesTable(test_.slice(0, 40), encode);
  const run = (inputs: Record<string, Table>) => runNode(codeInformation, { inputs });
  await expect(run(same)).rejects.toMatchObject({
    port: "codes",
    message: "expected a model, or else codes and train_codes",
  });
  await expect(run({ ...same, codes })).rejects.toMatchObject({ port: "train_codes" });
  await expect(run({ ...same, codes, train_codes: codes })).rejects.toMatchObject({
    port: "configurations",
    message: 'chain "test/0" is also one of train',
  });
  const other = spinsTable(train.slice(0, 40), "train", Array(40).fill(0.3));
  const bare = tableOf(
    { values: vector("float32", 4) },
    { values: train.slice(0, 40).map(encode) },
  );
  await expect(
    run({ configurations, train: other, codes, train_codes: bare as Table }),
  ).rejects.toMatchObject({ port: "train", message: "has no beta 0.4" });
  const five = tableOf(
    { values: vector("float32", 5) },
    {
      values: train.slice(0, 40).map((s) => [...encode(s), 0]),
    },
  ) as Table;
  await expect(run({ configurations, train: other, codes, train_codes: five })).rejects.toThrow(
    "has rows of 5 numbers, but codes of 4 numbers",
  );
  const odd = spinsTable([new Int8Array(9), new Int8Array(9)], "odd");
  await expect(run({ configurations: odd, train: odd, codes, train_codes: codes })).rejects.toThrow(
    "expected an even side of 4 or more for blocks with surroundings, got 3",
  );
});

test("lattices that never vary have no R² and no information; few have a warning", async () => {
  const up = Array.from({ length: 4 }, () => new Int8Array(16).fill(1));
  const run = async (tested: Rows) => {
    const inputs = {
      configurations: spinsTable(tested, "test"),
      train: spinsTable(up, "train"),
      codes: codesTable(tested, encode),
      train_codes: codesTable(up, encode),
    };
    const { outputs, warnings } = await runNode(codeInformation, { inputs });
    return { warnings, row: (name: string) => outputs.by_beta.columns[name as "codes"][0] };
  };
  const still = await run(up);
  expect(["r2", "r2_se"].map(still.row)).toEqual([null, null]);
  expect(still.row("accuracy")).toBe(1);
  expect(still.row("block_information")).toBeCloseTo(0, 12);
  expect(still.warnings.map(({ code }) => code)).toEqual(["few-configurations"]);
  // A map that was fitted to nothing but spins up does worse than no map where others vary.
  const other = await run([...up.slice(1), new Int8Array(16).fill(-1)]);
  expect(other.row("r2")).toBeCloseTo(0, 6);
  expect(other.row("accuracy")).toBe(0.75);
});

test("codeInformation() gives the same bits as ever for one input", async () => {
  // Output changed? Raise the node's version (now 1) and record the new digest.
  expect(digestOf(await measure(encode))).toBe("1c7bc7ebc502a942");
});

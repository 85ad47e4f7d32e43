import { expect, test } from "vitest";
import { bits, f64, i32, utf8 } from "../../../src/engine/node-type.ts";
import { packSpins } from "../../../src/lattice/spins.ts";
import { correlation } from "../../../src/nodes/correlation/index.ts";
import { createGenerator, streamSeed } from "../../../src/random/index.ts";
import { runNode } from "../../harness/run-node.ts";
import { concatenate, tableOf } from "../../harness/tables.ts";
import {
  betas,
  column,
  configurations,
  draws,
  lattices,
  n,
  originals,
} from "./correlation-data.ts";

test("rho_g is 1 for the original itself and near 0 for noise", async () => {
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "noise", seed: 1, parts: [] }),
  );
  const noise = lattices(draws.map((s) => s.map(() => 2 * random.below(2) - 1)));
  const rho = async (table: typeof noise) => {
    const inputs = { configurations: table, original: await originals(configurations) };
    const { outputs } = await runNode(correlation, { inputs });
    expect(column(outputs["retention"], "lags")).toEqual([3, 3]);
    return ["rho_g", "rho_g_se"].map((name) => column(outputs["summary"], name)[0]!);
  };
  expect(await rho(configurations)).toEqual([1, 0]);
  const [kept, error] = await rho(noise);
  // G of 1000 noise lattices is below .01 at every lag, of the original above .2.
  expect(Math.abs(kept!)).toBeLessThan(0.05);
  expect(error).toBeGreaterThan(0);
  expect(error).toBeLessThan(0.05);
});

test("g_ratio tells correlation that is added from correlation that is lost", async () => {
  // Blocks of 2 x 2 equal spins: as copies of decimated lattices, which correlate more.
  const copies = draws.map((s) => s.map((_, i) => s[i - (i % 2) - (Math.floor(i / 6) % 2) * 6]!));
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "loss", seed: 1, parts: [] }),
  );
  const noisy = draws.map((s) => s.map((x) => (random.below(10) ? x : -x)));
  const measure = async (rows: readonly Int8Array[]) => {
    const inputs = { configurations: lattices(rows), original: await originals(configurations) };
    const { outputs } = await runNode(correlation, { inputs });
    const original = column(
      (await runNode(correlation, { inputs: { configurations } })).outputs["two_point"],
      "g",
    );
    const g = column(outputs["two_point"], "g");
    const names = ["rho_g", "g_ratio", "g_ratio_se"];
    const [rho, ratio, error] = names.map((name) => column(outputs["retention"], name));
    const summary = column(outputs["summary"], "g_ratio")[0];
    return { rho: rho!, ratio: ratio!, error: error!, g, original, summary };
  };
  const [more, less] = [await measure(copies), await measure(noisy)];
  for (const b of [0, 1]) {
    // Both count as loss for rho_g.
    expect(more.rho[b]).toBeLessThan(1);
    expect(more.ratio[b]!).toBeGreaterThan(1);
    // Of copies at distance 1 half are of one block and half of two, whose spins are 2 apart; at 2 and 3
    // all have spins that are 2 or, the same on 6 sites, 4 apart. Four comparisons at 4.2, as above.
    const [, g1, g2, g3] = more.original.slice(4 * b);
    const copied = (0.5 + 2.5 * g2!) / (g1! + g2! + g3!);
    expect(Math.abs(more.ratio[b]! - copied)).toBeLessThan(4.2 * more.error[b]!);
    // A pair keeps its product with .9^2 + .1^2: G falls by .8^2.
    expect(Math.abs(less.ratio[b]! - 0.64)).toBeLessThan(4.2 * less.error[b]!);
    for (const { g, original, ratio } of [more, less]) {
      const sum = (of: number[]) => of[4 * b + 1]! + of[4 * b + 2]! + of[4 * b + 3]!;
      expect(ratio[b]).toBeCloseTo(sum(g) / sum(original), 12);
    }
  }
  expect(more.summary).toBeCloseTo((more.ratio[0]! + more.ratio[1]!) / 2, 12);
});

test("rho_g_se pairs each image with its original", async () => {
  // Images that flip one spin of each original at random lose the same share of G everywhere,
  // (1 - 2/36)^2: the errors of G are common to both and cancel, those of the flips are left.
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "flips", seed: 1, parts: [] }),
  );
  const flipped = draws.map((s) => s.with(random.below(36), 0).map((v, i) => v || -s[i]!));
  const inputs = { configurations: lattices(flipped), original: await originals(configurations) };
  const { outputs } = await runNode(correlation, { inputs });
  const exact = 1 - 4 / 36;
  const [rho, error] = [
    column(outputs["retention"], "rho_g"),
    column(outputs["retention"], "rho_g_se"),
  ];
  const g = column(outputs["jackknife"], "g");
  const se = column(outputs["jackknife"], "g_se");
  for (const b of [0, 1]) {
    // Of two sites of a pair at most one is the flipped one: a product changes sign with 2/36.
    // t with 19 degrees of freedom: 2 comparisons at 4.2, a false alarm in 1e-3 of seeds.
    expect(Math.abs(rho[b]! - exact)).toBeLessThan(4.2 * error[b]!);
    // Without pairing the error would be about sqrt 2 times that of G, relative to G.
    expect(error[b]!).toBeLessThan(0.4 * (se[4 * b + 1]! / g[4 * b + 1]!));
  }
});

/** The first 40 draws at each beta, times counting within two chains a beta. */
function fromSampler(seed: number, times = (i: number) => i >> 1) {
  const picked = betas.flatMap((value, b) =>
    Array.from({ length: 40 }, (_, i) => ({ value, i, spins: draws[b * n + i]! })),
  );
  return tableOf(
    { spins: bits(36), beta: f64, chain: utf8, time: i32 },
    {
      spins: packSpins(picked.flatMap(({ spins }) => [...spins])),
      beta: picked.map(({ value }) => value),
      chain: picked.map(({ value, i }) => `seed=${seed} beta=${value} chain=${i & 1}`),
      time: picked.map(({ i }) => times(i)),
    },
  );
}

test("codes and originals of other chains are refused, those without chains are not", async () => {
  const [mine, other] = [fromSampler(1), fromSampler(2)];
  const without = ({ schema, columns, rows }: typeof mine) => {
    const only = ({ spins, beta }: Record<"spins" | "beta", unknown>) => ({ spins, beta });
    return {
      rows,
      schema: only(schema as never),
      columns: only(columns),
    } as unknown as typeof mine;
  };
  const coded = (codes: typeof mine) =>
    runNode(correlation, { inputs: { configurations: mine, codes } });
  await expect(coded(other)).rejects.toMatchObject({
    port: "codes",
    message:
      'in row 0 the codes have chain "seed=2 beta=0.3 chain=0", ' +
      'but the configurations "seed=1 beta=0.3 chain=0"',
  });
  await expect(coded(fromSampler(1, (i) => (i >> 1) + 20))).rejects.toThrow(
    "in row 0 the codes have time 20, but the configurations 0",
  );
  await coded(mine);
  await coded(without(other));

  const kept = async (of: typeof mine, axes: readonly string[] = [], from = mine) => {
    const original = await originals(from);
    const inputs = { configurations: of, original };
    return runNode(correlation, { inputs, axes: { configurations: axes } });
  };
  const refusal = {
    port: "original",
    message:
      "at beta 0.3 is of other chains than the configurations, or of the same in another order",
  };
  await expect(kept(other)).rejects.toMatchObject(refusal);
  const turned = { ...mine.columns, chain: [...mine.columns.chain.slice(0, 40)].reverse() };
  turned.chain.push(...mine.columns.chain.slice(40));
  await expect(kept({ ...mine, columns: turned })).rejects.toMatchObject(refusal);
  expect(column((await kept(without(other))).outputs["summary"], "rho_g")).toEqual([1]);
  // Two images of each, collected: the same chains, at each of which two rows stay.
  const twice = concatenate({ offset: i32, ...mine.schema }, [
    { ...mine, columns: { offset: new Int32Array(80), ...mine.columns } as never },
    { ...mine, columns: { offset: new Int32Array(80).fill(1), ...mine.columns } as never },
  ]);
  const { outputs } = await kept(twice as never, ["offset"]);
  expect(column(outputs["summary"], "rho_g")).toEqual([1]);
});

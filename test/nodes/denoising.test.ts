import { expect, test } from "vitest";
import { bits, f64, i32, utf8 } from "../../src/engine/node-type.ts";
import { packSpins } from "../../src/lattice/spins.ts";
import { denoising } from "../../src/nodes/denoising/index.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { runNode } from "../harness/run-node.ts";
import { concatenate, tableOf } from "../harness/tables.ts";
import { decimate, drawExactly, exactValues } from "../lattice/exact-ensembles.ts";
import { digestOf } from "./digest.ts";

const generator = (purpose: string, ...parts: number[]) =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 3, parts }));
const betas = [0.3, 0.4406867935097715];
const n = 1000;
const draws = betas.flatMap((beta) => drawExactly(6, beta, n, generator("draws", beta)));
const beta = draws.map((_, i) => betas[Math.floor(i / n)]!);
const lattices = (rows: readonly Int8Array[], at: readonly number[] = beta) =>
  tableOf(
    { spins: bits(rows[0]!.length), beta: f64 },
    { spins: packSpins(rows.flatMap((spins) => [...spins])), beta: at },
  );
const original = lattices(draws);
const columnsOf = async (configurations: typeof original, params = {}, from = original) => {
  const run = await runNode(denoising, { inputs: { configurations, original: from }, params });
  return { ...run, columns: run.outputs.by_beta.columns };
};

test("denoising() of the originals themselves changes nothing, and is sure of it", async () => {
  const { columns, outputs } = await columnsOf(original);
  for (const name of [
    "entropy_change",
    "isolated_change",
    "walls_change",
    "energy_bias",
  ] as const) {
    expect([...columns[name]]).toEqual([0, 0]);
    expect([...columns[`${name}_se`]]).toEqual([0, 0]);
    expect([...outputs.summary.columns[name]]).toEqual([0]);
  }
  expect([...columns.xi_ratio]).toEqual([1, 1]);
  expect([...columns.xi_ratio_se]).toEqual([0, 0]);
});

test("walls, energy and entropy of the originals are the exact ones of the 6x6 torus", async () => {
  const random = generator("noise");
  const noise = lattices(draws.map((s) => s.map(() => 2 * random.below(2) - 1)));
  const { columns } = await columnsOf(noise);
  for (const [i, at] of betas.entries()) {
    const exact = exactValues[`L=6 beta=${at}`]!;
    const near = (value: number, want: number, error: number | null) =>
      // 6 comparisons at 4.2 (t, 19 degrees of freedom): a false alarm in 3e-3 of seeds.
      expect(Math.abs(value - want)).toBeLessThan(4.2 * error!);
    // Of noise, half the bonds are walls, the energy is 0 and the entropy ln 2; one spin in 16 is
    // alone against four neighbours.
    near(columns.walls_change[i]!, 0.5 - (1 - exact["G10"]!) / 2, columns.walls_change_se[i]!);
    near(columns.energy_bias[i]!, -exact["u"]!, columns.energy_bias_se[i]!);
    near(columns.entropy_change[i]!, Math.LN2 - exact["cond5"]!, columns.entropy_change_se[i]!);
    expect(columns.isolated[i]).toBeCloseTo(1 / 16, 2);
  }
});

test("removing every single spin lowers entropy, walls and isolated, and xi grows", async () => {
  const smooth = draws.map((spins) =>
    spins.map((s, i) => {
      const [y, x] = [Math.floor(i / 6), i % 6];
      const at = (dy: number, dx: number) => spins[((y + dy + 6) % 6) * 6 + ((x + dx + 6) % 6)]!;
      return [at(1, 0), at(-1, 0), at(0, 1), at(0, -1)].includes(s) ? s : -s;
    }),
  );
  const { columns } = await columnsOf(lattices(smooth));
  for (const i of [0, 1]) {
    expect(columns.isolated_original[i]).toBeGreaterThan(0.005);
    for (const name of ["entropy_change", "isolated_change", "walls_change"] as const) {
      expect(columns[name][i]!).toBeLessThan(-4.2 * columns[`${name}_se`][i]!);
    }
    expect(columns.xi_ratio[i]!).toBeGreaterThan(1 + 4.2 * columns.xi_ratio_se[i]!);
  }
});

test("errors pair images with originals: fewer than those of either side", async () => {
  // One random spin of each image is flipped.
  const random = generator("flips");
  const flipped = draws.map((s) => s.with(random.below(36), 0).map((v, i) => v || -s[i]!));
  const paired = (await columnsOf(lattices(flipped))).columns;
  // The same images against other originals of the same ensemble.
  const half = n / 2;
  const swapped = draws.map((_, i) => draws[n * Math.floor(i / n) + ((i + half) % n)]!);
  const unpaired = (await columnsOf(lattices(flipped), {}, lattices(swapped))).columns;
  for (const i of [0, 1]) {
    expect(paired.walls_change[i]).toBeCloseTo(unpaired.walls_change[i]!, 12);
    expect(paired.walls_change_se[i]!).toBeLessThan(0.5 * unpaired.walls_change_se[i]!);
  }
});

test("images may be of another size, several of each original, collected", async () => {
  const offsets = [0, 1, 6, 7];
  const shifted = (spins: Int8Array, by: number) =>
    Int8Array.from(spins, (_, i) => {
      const [dy, dx] = [Math.floor(by / 6), by % 6];
      return spins[((Math.floor(i / 6) + dy) % 6) * 6 + (((i % 6) + dx) % 6)]!;
    });
  const rows = offsets.flatMap((by) => draws.map((spins) => decimate(shifted(spins, by), 6)));
  const coarse = tableOf(
    { offset: f64, spins: bits(9), beta: f64 },
    {
      offset: rows.map((_, i) => Math.floor(i / (2 * n))),
      spins: packSpins(rows.flatMap((spins) => [...spins])),
      beta: rows.map((_, i) => beta[i % (2 * n)]!),
    },
  );
  const { outputs, warnings } = await runNode(denoising, {
    inputs: { configurations: coarse as typeof original, original },
    axes: { configurations: ["offset"] },
    params: { estimator: "pattern2x2" },
  });
  const { columns } = outputs.by_beta;
  expect(warnings).toEqual([]);
  expect([...columns.windows]).toEqual([...columns.windows_original]);
  for (const [i, at] of betas.entries()) {
    const exact = exactValues[`L=6 beta=${at}`]!;
    // A decimation's neighbours are two apart: walls go from (1 - G(1,0))/2 to (1 - G(2,0))/2.
    const want = (exact["G10"]! - exact["G20"]!) / 2;
    expect(Math.abs(columns.walls_change[i]! - want)).toBeLessThan(
      4.2 * columns.walls_change_se[i]!,
    );
    expect(columns.entropy_change[i]!).toBeGreaterThan(4.2 * columns.entropy_change_se[i]!);
  }
});

/** The first 40 draws of the hotter beta, as of a sampler with two chains and this seed. */
function fromSampler(seed: number) {
  const rows = draws.slice(40 * seed, 40 * seed + 40);
  return tableOf(
    { spins: bits(36), beta: f64, chain: utf8, time: i32 },
    {
      spins: packSpins(rows.flatMap((spins) => [...spins])),
      beta: rows.map(() => betas[0]!),
      chain: rows.map((_, i) => `seed=${seed} chain=${i & 1}`),
      time: rows.map((_, i) => i >> 1),
    },
  );
}

test("images of another sampler's lattices are refused, offsets collected over seeds are not", async () => {
  const [one, two] = [fromSampler(1), fromSampler(2)];
  const changes = async (images: typeof one, from: typeof one, axes = {}) => {
    const inputs = { configurations: images, original: from };
    return (await runNode(denoising, { inputs, axes, params: { estimator: "pattern2x2" } })).outputs
      .by_beta.columns;
  };
  await expect(changes(two, one)).rejects.toMatchObject({
    port: "original",
    message:
      'has chain "seed=1 chain=0" in row 0, whose image in row 0 of configurations has "seed=2 chain=0"',
  });
  const later = { ...one.columns, time: one.columns.time.map((time) => time + 1) };
  await expect(changes({ ...one, columns: later }, one)).rejects.toThrow(
    "has time 0 in row 0, whose image in row 0 of configurations has 1",
  );
  const foreign = { ...two, columns: { ...two.columns, chain: undefined } } as never;
  expect([...(await changes(foreign, one)).configurations]).toEqual([40]);

  // Members in the engine's order: axes by name, so offsets first.
  const collected = (tables: readonly (typeof one)[], axes: Record<string, number[]>) => {
    const schema = Object.fromEntries(Object.keys(axes).map((name) => [name, i32]));
    const parts = tables.map((part, k) => ({
      ...part,
      columns: {
        ...Object.fromEntries(
          Object.entries(axes).map(([name, values]) => [name, Array(40).fill(values[k])]),
        ),
        ...part.columns,
      } as never,
    }));
    return concatenate({ ...schema, ...one.schema }, parts) as unknown as typeof one;
  };
  const images = collected([one, two, one, two], { offset: [0, 0, 1, 1], seed: [1, 2, 1, 2] });
  const originals = collected([one, two], { seed: [1, 2] });
  const columns = await changes(images, originals, {
    configurations: ["offset", "seed"],
    original: ["seed"],
  });
  expect([...columns.walls_change, ...columns.walls_change_se]).toEqual([0, 0]);
  const swapped = collected([two, one], { seed: [1, 2] });
  const axes = { configurations: ["seed"], original: ["seed"] };
  await expect(changes(swapped, originals, axes)).rejects.toThrow("whose image in row 0");
});

test("ordered images have no correlation length, and little data warns", async () => {
  const up = lattices([new Int8Array(36).fill(1), new Int8Array(36).fill(-1)], [1, 1]);
  const { columns, warnings } = await columnsOf(up, {}, up);
  expect([...columns.xi]).toEqual([null]);
  expect([...columns.xi_ratio]).toEqual([null]);
  expect(warnings).toEqual([
    {
      code: "few-configurations",
      message:
        "2 configurations at beta 1: below 20, the blocks of the jackknife, errors are a guess",
    },
    {
      code: "few-windows",
      message:
        "cond5 at 1 beta: 72 windows for 64 patterns at worst; " +
        "below 50 a pattern the bias may exceed the error",
    },
  ]);
});

test("inputs that do not belong together are refused", async () => {
  const small = lattices([new Int8Array(4).fill(1)], [0.3]);
  await expect(columnsOf(small)).rejects.toMatchObject({
    path: "estimator",
    message: "is cond5, which looks at 4 sites in a row: the lattice has 2",
  });
  const other = lattices(draws.slice(0, 3), [1, 1, 1]);
  await expect(columnsOf(other)).rejects.toThrow("has no beta 1");
  const some = lattices(draws.slice(0, 1300), beta.slice(0, 1300));
  await expect(columnsOf(some)).rejects.toMatchObject({
    port: "original",
    message: `has 1000 rows at beta ${betas[1]} for 300 configurations`,
  });
});

test("denoising() gives the same bits as ever for one input", async () => {
  const shifted = lattices(draws.map((_, i) => draws[(i + 1) % draws.length]!));
  const { outputs } = await columnsOf(shifted);
  // Output changed? Raise the node's version (now 2) and record the new digest.
  expect(digestOf(outputs)).toBe("408c05271fba145b");
});

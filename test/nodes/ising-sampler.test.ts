import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { AnyNodeType } from "../../src/engine/node-type.ts";
import { measureSpins, unpackSpins } from "../../src/lattice/spins.ts";
import { runNode } from "../harness/run-node.ts";
import { concatenate, sliceRows } from "../harness/tables.ts";
import { Workshop } from "../harness/workshop.ts";
import { isingSampler } from "./ising-sampler.ts";

const algorithms = ["wolff", "swendsen-wang", "heat-bath", "metropolis"] as const;
const small = { size: 6, betas: [0.3, 0.5], samples: 11, chains: 3, burn_in: 10, thinning: 2 };

async function sample(params: Record<string, unknown>) {
  return (await runNode(isingSampler, { params: { ...small, ...params } })).outputs;
}

test("a list of betas gives the rows of its one-element lists, one behind the other", async () => {
  for (const algorithm of algorithms) {
    const all = await sample({ algorithm, betas: [0.5, 0, 0.3] });
    const parts = [];
    for (const beta of [0.5, 0, 0.3]) parts.push(await sample({ algorithm, betas: [beta] }));
    for (const port of ["configurations", "diagnostics"] as const) {
      const tables = parts.map((part) => part[port]);
      expect(all[port]).toEqual(concatenate(all[port].schema, tables));
    }
  }
});

test("more samples only add rows", async () => {
  for (const algorithm of algorithms) {
    for (const beta of [0, 0.4]) {
      const few = await sample({ algorithm, betas: [beta] });
      const many = await sample({ algorithm, betas: [beta], samples: 25 });
      expect(sliceRows(many.configurations, 0, 11)).toEqual(few.configurations);
    }
  }
});

test("rows are ordered by beta, then time, then chain, and measure themselves", async () => {
  const { configurations } = await sample({ size: 7, algorithm: "heat-bath" });
  const { spins, beta, chain, time, energy, magnetization } = configurations.columns;
  expect(configurations.rows).toBe(22);
  expect([...beta]).toEqual([...new Array(11).fill(0.3), ...new Array(11).fill(0.5)]);
  expect([...time.subarray(0, 11)]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3]);
  expect(chain.slice(9, 13)).toEqual([
    "seed=[1] beta=0.3 chain=0",
    "seed=[1] beta=0.3 chain=1",
    "seed=[1] beta=0.5 chain=0",
    "seed=[1] beta=0.5 chain=1",
  ]);
  const measured = measureSpins(spins, 7, 22);
  expect(energy).toEqual(measured.energy);
  expect(magnetization).toEqual(measured.magnetization);
});

test("the sign of symmetrize undoes itself and enters neither energies nor diagnostics", async () => {
  for (const algorithm of algorithms) {
    const plain = await sample({ algorithm, samples: 90, symmetrize: false });
    const signed = await sample({ algorithm, samples: 90 });
    const [a, b] = [plain.configurations.columns, signed.configurations.columns];
    expect(signed.diagnostics).toEqual(plain.diagnostics);
    expect(b.energy).toEqual(a.energy);
    expect(new Set(a.sign)).toEqual(new Set([1]));
    expect(new Set(b.sign)).toEqual(new Set([1, -1]));
    expect(b.magnetization).toEqual(a.magnetization.map((m, row) => m * b.sign[row]!));
    const before = unpackSpins(a.spins, 36, 0, 180);
    const after = unpackSpins(b.spins, 36, 0, 180);
    expect(after).toEqual(before.map((s, i) => s * b.sign[Math.floor(i / 36)]!));
  }
});

test("symmetrize restores the symmetry that an even number of Wolff flips freezes", async () => {
  // At beta 0.7 a cluster is nearly the whole lattice, and two flips bring the sign back.
  const params = { betas: [0.7], samples: 400, chains: 1, burn_in: 100, thinning: 1, size: 16 };
  const changes = async (symmetrize: boolean) => {
    const { configurations, diagnostics } = await sample({ ...params, symmetrize });
    expect(diagnostics.columns.flips_per_sample).toEqual([2]);
    const signs = Array.from(configurations.columns.magnetization, Math.sign);
    return signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
  };
  // A change needs one small cluster among two, at most 1 in 10.
  expect(await changes(false)).toBeLessThan(80);
  // 399 fair chances: 5 sigma.
  expect(Math.abs((await changes(true)) - 199.5)).toBeLessThan(50);
});

test("streams differ between seeds, chains and betas, and chain ids with them", async () => {
  const rows = new Set<string>();
  const ids = new Set<string>();
  const seeds = [1, "1", [1, "train"], [1, "test"], [2, "train"]];
  for (const seed of seeds) {
    const { configurations } = await sample({ size: 8, betas: [0.1, 0.2], samples: 12, seed });
    const { spins, chain } = configurations.columns;
    for (let row = 0; row < 24; row++) {
      rows.add(Buffer.from(spins.subarray(8 * row, 8 * row + 8)).toString("hex"));
      ids.add(chain[row]!);
    }
  }
  // 2^64 states at high temperature: no two equal by chance.
  expect(rows.size).toBe(24 * seeds.length);
  expect(ids.size).toBe(3 * 2 * seeds.length);
});

test("diagnostics hold each chain's means per site and how it moved", async () => {
  const params = { betas: [0, 0.44], samples: 30, symmetrize: false };
  for (const algorithm of algorithms) {
    const { configurations, diagnostics } = await sample({ ...params, algorithm });
    const d = diagnostics.columns;
    expect(diagnostics.rows).toBe(6);
    for (let i = 0; i < 6; i++) {
      const { energy, magnetization, chain } = configurations.columns;
      const rows = chain.flatMap((id, row) => (id === d.chain[i] ? [row] : []));
      const mean = (of: (row: number) => number) =>
        rows.reduce((sum, row) => sum + of(row), 0) / rows.length / 36;
      expect(d.samples[i]).toBe(rows.length);
      expect(d.energy[i]).toBeCloseTo(
        mean((row) => energy[row]!),
        12,
      );
      expect(d.magnetization[i]).toBeCloseTo(
        mean((row) => magnetization[row]!),
        12,
      );
      expect(d.abs_magnetization[i]).toBeCloseTo(
        mean((row) => Math.abs(magnetization[row]!)),
        12,
      );
    }
    // Drawn directly at beta 0.
    expect([d.acceptance[0], d.mean_cluster[0], d.flips_per_sample[0]]).toEqual([null, null, null]);
    const isLocal = algorithm === "heat-bath" || algorithm === "metropolis";
    expect(d.acceptance[5] === null).toBe(!isLocal);
    expect(d.mean_cluster[5] === null).toBe(isLocal);
    expect(d.flips_per_sample[5] === null).toBe(algorithm !== "wolff");
    if (isLocal) expect(d.acceptance[5]).toBeGreaterThan(0.05);
    else expect(d.mean_cluster[5]).toBeGreaterThan(1);
  }
});

test("fewer samples than chains leave the other chains out", async () => {
  const { configurations, diagnostics } = await sample({ algorithm: "heat-bath", chains: 128 });
  expect(configurations.rows).toBe(22);
  expect(diagnostics.rows).toBe(22);
});

test("parameters that make no sense are located errors", async () => {
  const refuse = (params: Record<string, unknown>) => expect(sample(params)).rejects;
  await refuse({ betas: [0.2, 0.3, 0.2] }).toMatchObject({
    path: "betas.2",
    message: "duplicate beta 0.2",
  });
  await refuse({ size: 7, algorithm: "metropolis" }).toMatchObject({
    path: "size",
    message:
      "metropolis needs an even size of at least 4, got 7; use heat-bath, wolff or swendsen-wang",
  });
  await refuse({ algorithm: "wolff", burn_in: 0 }).toMatchObject({
    path: "burn_in",
    message: "wolff measures its clusters during burn-in: expected at least 1 sweep, got 0",
  });
  await refuse({ betas: [-0.1] }).toThrow("must be >= 0");
  await refuse({ betas: [] }).toThrow("must NOT have fewer than 1 items");
  const outputs = isingSampler.outputs as (params: object) => unknown;
  for (const beta of [Number.NaN, -0.1, Number.POSITIVE_INFINITY]) {
    expect(() => outputs({ ...small, algorithm: "wolff", betas: [0.1, beta] })).toThrow(
      `expected a finite number >= 0, got ${beta}`,
    );
  }
});

test("metropolis warns where it hardly mixes", async () => {
  const params = { ...small, betas: [0, 0.05, 0.2], algorithm: "metropolis" };
  const { warnings } = await runNode(isingSampler, { params });
  expect(warnings).toEqual([
    {
      code: "metropolis-at-low-beta",
      message:
        "at beta 0.05: metropolis accepts nearly every flip there and hardly mixes; use heat-bath",
    },
  ]);
  const other = await runNode(isingSampler, { params: { ...params, algorithm: "heat-bath" } });
  expect(other.warnings).toEqual([]);
});

test("the same parameters give the same bits everywhere (pinned)", async () => {
  const digests: Record<string, string> = {};
  for (const algorithm of algorithms) {
    const { configurations } = await sample({ algorithm, betas: [0.05, 0.44], seed: [3, "pin"] });
    const { spins, energy } = configurations.columns;
    const hash = createHash("sha256").update(spins).update(energy);
    digests[algorithm] = hash.digest("hex").slice(0, 16);
  }
  expect(digests).toMatchInlineSnapshot(`
    {
      "heat-bath": "c354bfb5da0563ef",
      "metropolis": "084f94eb871e09fe",
      "swendsen-wang": "18fb3a1e33d224f1",
      "wolff": "5c9cdfe5d42a46cf",
    }
  `);
});

test("what is too much to hold is handed over in pieces, which changes no byte", async () => {
  const given = (samples: number) => ({
    params: { size: 1024, betas: [0], samples, algorithm: "heat-bath" },
  });
  using one = new Workshop(isingSampler as unknown as AnyNodeType);
  using two = new Workshop(isingSampler as unknown as AnyNodeType);
  const { record } = await one.make(given(300));
  // 256 lattices of 128 KiB are 32 MiB.
  expect((await one.find(given(256)))?.outputs["configurations"]?.rows).toBe(256);
  await two.make(given(100));
  const grown = await two.make(given(300));
  expect(await two.find(given(256))).toBe(undefined);
  expect(grown.record.outputs).toEqual(record.outputs);
  expect(grown.record.checkpoint).toEqual(record.checkpoint);
});

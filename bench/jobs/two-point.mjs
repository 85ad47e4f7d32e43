/** Correlations of spins with spins, along the axes and at every displacement. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurations, randomBytes, runType } from "../harness/node.mjs";
import { inProcess, script } from "../harness/sides.mjs";

export const job = {
  title: "Two-point functions",
  method:
    "The node type `correlation` in memory, jackknife errors included, which the peer does not give. " +
    "The unit is a pair of spins: sites times displacements times configurations. The axes have L " +
    "displacements, the plane half of L².",

  cases: (place) =>
    (place.quick ? [64] : [64, 128, 256]).flatMap((side) => [
      measured(place, side, "axes"),
      measured(place, side, "plane"),
    ]),
};

function measured({ folder, machine, quick }, side, lags) {
  const sites = side * side;
  const rows = quick ? 20 : Math.max(32, (lags === "axes" ? 2 ** 24 : 2 ** 20) / sites);
  const displacements = lags === "axes" ? side : sites / 2;
  const bits = randomBytes((rows * sites) / 8, side);
  const file = join(folder, `${lags}-${side}`);
  writeFileSync(file, bits);
  const input = configurations(bits, side, [0.44]);
  const work = async () => {
    const { two_point } = await runType("correlation", { lags }, { configurations: input });
    const { dy, dx, g } = two_point;
    // One site away, on both axes; `axes` gives their mean as (0, 1).
    const near = g.filter((_, i) => dy[i] + dx[i] === 1 && dy[i] * dx[i] === 0);
    return { check: near.reduce((sum, value) => sum + value, 0) / near.length };
  };
  // XOR, popcount by table (5) and sum of 128 pairs, two operations a cycle.
  const rate = 128 / (4.5 * machine.cycle * 1e9);
  return {
    name: `${lags}, L = ${side}`,
    show: { of: "cpu", unit: "pairs/ns", rate: 1e-9 },
    goals: [
      ...(lags === "axes" ? [{ atLeast: 50 }] : []),
      { peer: "NumPy, FFT of all", of: "cpu", atMost: 1 },
    ],
    limit:
      lags === "axes"
        ? { value: rate, text: "9 SIMD operations for 128 pairs, two a cycle" }
        : { text: "the FFT's: it grows as L² log L, pairs as L⁴" },
    agree: side >= 64 && !quick ? 1e-4 : undefined,
    ours: () => inProcess(rows * sites * displacements, work),
    peers: {
      ...(lags === "axes" && { NumPy: script("lattice_numpy", "two-point-axes", file, side) }),
      // Of the same lattices: along the axes it does more than is asked for.
      "NumPy, FFT of all": script("lattice_numpy", "two-point-all", file, side, displacements),
    },
  };
}

/** Cluster updates of one lattice at the critical point. */
import { runType } from "../harness/node.mjs";
import { inProcess, script } from "../harness/sides.mjs";

const [size, chains] = [64, 8];
const beta = Math.log(1 + Math.SQRT2) / 2;

export const job = {
  title: "Cluster updates, L = 64",
  method:
    "The node type `ising-sampler` in memory, one core: eight chains, a lattice kept every ten sweeps. The " +
    "unit is a flipped spin of Wolff's clusters, and a spin of Swendsen and Wang's sweeps.",

  cases({ machine, quick }) {
    const samples = chains * (quick ? 2 : 100);
    // A flipped spin looks at four neighbours; each look waits for the cache (4 or 5 cycles).
    const limit = {
      value: 4 * 4.5 * machine.cycle * 1e9,
      text: "four looks at neighbours, each waits 4 to 5 cycles for the first cache",
    };
    const given = { size, betas: [beta], samples, chains, burn_in: 10, thinning: 10 };
    const row = {
      show: { of: "cpu", unit: "ns a spin", scale: 1e9 },
      goals: [{ atMost: 15 }],
      limit,
    };
    const run = (algorithm) => runType("ising-sampler", { ...given, algorithm });
    const sweeps = chains * 10 + samples * 10;
    return [
      {
        name: "Wolff, a flipped spin",
        ...row,
        ours: () =>
          inProcess(0, async () => {
            const { diagnostics } = await run("wolff");
            return { units: flipped(diagnostics) };
          }),
        peers: { Numba: script("sampler", "wolff", size) },
      },
      {
        name: "Swendsen-Wang, a spin",
        ...row,
        ours: () => inProcess(sweeps * size * size, async () => void (await run("swendsen-wang"))),
        peers: { Numba: script("sampler", "swendsen-wang", size) },
      },
    ];
  },
};

/** Spins flipped while sampling, and about as many as in 10 sweeps of each chain before. */
function flipped({ samples, mean_cluster: cluster, flips_per_sample: flips }) {
  let sum = chains * 10 * size * size;
  for (const [i, count] of samples.entries()) sum += count * flips[i] * cluster[i];
  return sum;
}

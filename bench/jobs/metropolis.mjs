/** Metropolis through the engine: a whole run, from nothing to the stored lattices. */
import { join } from "node:path";
import { onsager } from "../../dist/lattice/exact/plane.js";
import { project } from "../harness/project.mjs";
import { inProcess, script } from "../harness/sides.mjs";
import { plainChain } from "../peers/metropolis.mjs";

const beta = Math.log(1 + Math.SQRT2) / 2;

/** Chains at a beta, betas and samples of a chain. */
const [chains, betas, samples] = [128, 8, 100];

export const job = {
  title: "Metropolis sampling",
  method:
    "`blockspin run` of 8 inverse temperatures around the critical one, 128 chains and 12,800 lattices " +
    "each, start and store included; peers run one chain in memory. The unit is an attempted update.",

  cases({ folder, machine, quick }) {
    checkEnergy();
    // A pass over 128 chains: sums and random bits, about 45 SIMD operations, two a cycle.
    const rate = 128 / (22.5 * machine.cycle * 1e9);
    return [16, 64].flatMap((size) => {
      const [burnIn, thinning] = quick ? [1, 1] : size === 16 ? [40_000, 400] : [2500, 25];
      const attempts = size ** 2 * chains * betas * (burnIn + samples * thinning);
      const made = project(join(folder, String(size)), pipeline(size, burnIn, thinning));
      const side = (jobs) => () => made.side(attempts, ["run", "--jobs", `${jobs}`], made.empty);
      const text = "about 45 SIMD operations for 128 spins, two a cycle";
      return [
        {
          name: `L = ${size}, one job`,
          show: { of: "cpu", unit: "flips/ns", rate: 1e-9 },
          goals: [{ atLeast: 5.5 }],
          limit: { value: rate, text },
          ours: side(1),
          peers: {
            "plain JavaScript": () => plainSide(size),
            Numba: script("sampler", "metropolis", size),
            NumPy: script("sampler", "metropolis-numpy", size),
          },
        },
        {
          name: `L = ${size}, two jobs`,
          show: { of: "wall", unit: "flips/ns", rate: 1e-9 },
          goals: [{ atLeast: 10 }],
          limit: { value: 2 * rate, text: `${text}, two cores` },
          ours: side(2),
        },
      ];
    });
  },
};

function pipeline(size, burnIn, thinning) {
  const list = Array.from({ length: betas }, (_, i) => (0.4 + 0.01 * i).toFixed(2)).join(", ");
  return `blockspin: 1
name: bench
stages:
  lattices:
    node: ising-sampler
    with:
      { size: ${size}, betas: [${list}], algorithm: metropolis, samples: ${chains * samples},
        chains: ${chains}, burn_in: ${burnIn}, thinning: ${thinning} }
`;
}

function plainSide(size) {
  const chain = plainChain(size, beta);
  const sweeps = Math.ceil(1e7 / size ** 2);
  return inProcess(sweeps * size ** 2, () => chain.sweep(sweeps));
}

/**
 * A wrong peer would prove nothing. At beta = 0.3 a lattice of 16 x 16 has the infinite lattice's
 * energy up to exp(-16 / 1.6). Configurations scatter by 0.11 around it (sqrt(c / N) / beta), so the
 * mean of 2,000 nearly independent ones scatters by less than 0.005.
 */
function checkEnergy() {
  const [snapshots, warm] = [2000, 0.3];
  const chain = plainChain(16, warm);
  chain.sweep(100);
  let mean = 0;
  for (let i = 0; i < snapshots; i++) {
    chain.sweep(5);
    mean += chain.energy() / snapshots;
  }
  const exact = onsager(warm).energy;
  if (Math.abs(mean - exact) > 0.03) throw new Error(`energy ${mean} a site, exact ${exact}`);
}

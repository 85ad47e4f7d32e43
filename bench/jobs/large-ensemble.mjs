/** An ensemble that is 4 GiB at a byte a spin: sampled, coarse-grained, measured. */
import { join } from "node:path";
import { project } from "../harness/project.mjs";

const [size, chains, betas] = [256, 128, 8];

export const job = {
  title: "A large ensemble",
  method:
    "`blockspin run` with one job: lattices of L = 256 at eight inverse temperatures, blocks by majority, " +
    "and of these the two-point function and the entropy. At a byte a spin they would be 4 GiB.",

  cases({ folder, machine, quick }) {
    const samples = quick ? chains : 2 ** 32 / size ** 2 / betas;
    const spins = samples * size ** 2 * betas;
    const made = project(join(folder, "large"), pipeline(samples));
    // Written, read back, and a quarter of it twice more: digested each time.
    const value = (1e9 / machine.hash / 8) * (2 + 3 / 4);
    return [
      {
        name: `${spins} spins`,
        show: { of: "cpu", unit: "ns a spin", scale: 1e9 },
        goals: [{ peak: 600 }],
        limit: { value, text: "SHA-256 of what is written and read" },
        seconds: 0,
        ours: () => made.side(spins, ["run", "--jobs", "1"], made.empty),
      },
    ];
  },
};

function pipeline(samples) {
  const list = Array.from({ length: betas }, (_, i) => (0.3 + 0.02 * i).toFixed(2)).join(", ");
  return `blockspin: 1
name: bench
stages:
  lattices:
    node: ising-sampler
    with:
      { size: ${size}, betas: [${list}], algorithm: metropolis, samples: ${samples},
        chains: ${chains}, burn_in: 4, thinning: 1 }
  coarse:
    node: decimator
    inputs: { configurations: lattices.configurations }
    with: { factor: 2, rule: majority, seed: 1 }
  two-point: { node: correlation, inputs: { configurations: coarse } }
  entropy: { node: entropy, inputs: { configurations: coarse }, with: { estimators: [cond5] } }
`;
}

/** Entropies from the patterns around every site. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurations, randomBytes, runType } from "../harness/node.mjs";
import { inProcess, script } from "../harness/sides.mjs";

const side = 64;
const sites = { pattern2x2: 4, pattern3x3: 9, cond5: 6, cond11: 12 };

export const job = {
  title: "Entropy from patterns, L = 64",
  method:
    "The node type `entropy` in memory, with its jackknife over 20 blocks, which the peers do not give. " +
    "The unit is a window: one a site.",

  cases({ folder, machine, quick }) {
    const spins = quick ? 2 ** 17 : 2 ** 24;
    const bits = randomBytes(spins / 8, 7);
    const file = join(folder, "spins");
    writeFileSync(file, bits);
    const input = configurations(bits, side, [0.44]);
    return Object.entries(sites).map(([estimator, count]) => ({
      name: estimator,
      show: { of: "cpu", unit: "ns a window", scale: 1e9 },
      goals: [{ atMost: 1 }],
      limit: {
        value: machine.cycle * 1e9,
        text: `a histogram of 2^${count} cells takes one window a cycle`,
      },
      agree: quick ? 0.2 : 0.01,
      ours: () =>
        inProcess(spins, async () => {
          const given = { estimators: [estimator], correction: "plugin" };
          const { by_beta } = await runType("entropy", given, { configurations: input });
          return { check: by_beta.entropy[0] };
        }),
      peers: {
        NumPy: script("lattice_numpy", estimator, file, side),
        Numba: script("lattice_numba", estimator, file, side),
      },
    }));
  },
};

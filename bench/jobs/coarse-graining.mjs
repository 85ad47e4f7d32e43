/** Block spins of large lattices. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurations, randomBytes, runType } from "../harness/node.mjs";
import { inProcess, script } from "../harness/sides.mjs";

const side = 128;

export const job = {
  title: "Coarse-graining by 2, L = 128",
  method:
    "The node type `decimator` in memory, from packed bits to packed bits; the peer has a byte a spin " +
    "in memory. The unit is a spin of the fine lattice.",

  cases({ folder, machine, quick }) {
    const spins = quick ? 2 ** 19 : 2 ** 26;
    const bits = randomBytes(spins / 8);
    const file = join(folder, "spins");
    writeFileSync(file, bits);
    const input = configurations(bits, side, [0.3, 0.44, 0.6]);
    // Bits come in, a quarter of them goes out.
    const limit = { value: 1e9 / (machine.copy * 6.4), text: "memory: 1.25 bits a spin are moved" };
    return ["decimation", "majority"].map((rule) => ({
      name: rule,
      show: { of: "cpu", unit: "ns a spin", scale: 1e9 },
      goals: [{ atMost: 0.1 }],
      limit,
      ours: () =>
        inProcess(spins, async () => {
          await runType("decimator", { rule, factor: 2 }, { configurations: input });
        }),
      peers: { NumPy: script("lattice_numpy", rule, file, side) },
    }));
  },
};

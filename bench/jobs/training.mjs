/** Training steps of autoencoders: forward, backward, Adam. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { configurations, randomBytes, runType } from "../harness/node.mjs";
import { inProcess, script, waiting } from "../harness/sides.mjs";

/** Each with its goal over PyTorch, and steps in an epoch. */
const networks = [
  { widths: [256, 64, 256], batch: 64, steps: 60, epochs: 20, atMost: 1 },
  { widths: [256, 64, 256], batch: 128, steps: 30, epochs: 20, atMost: 1 },
  { widths: [1024, 256, 64, 256, 1024], batch: 128, steps: 10, epochs: 6, atMost: 1.3 },
  { filters: [16, 32], side: 32, batch: 128, steps: 2, epochs: 6, atMost: 1.5 },
];

export const job = {
  title: "Training steps",
  method:
    "The node type `model-trainer` in memory, one core, on random spins: all of a training over its steps. " +
    "PyTorch and NumPy have one thread; all use Adam, the same widths and batches.",

  cases: ({ folder, machine, quick }) =>
    networks.map((network, number) => {
      const { widths, filters, batch, atMost } = network;
      const [steps, epochs] = quick ? [1, 1] : [network.steps, network.epochs];
      const side = network.side ?? Math.sqrt(widths[0]);
      const bits = randomBytes((steps * batch * side * side) / 8, number + 1);
      const file = join(folder, String(number));
      writeFileSync(file, bits);
      const options = JSON.stringify({ ...network, side, epochs });
      const x = configurations(bits, side, [0.44]);
      const params = { layers: layersOf(network), batch, epochs };
      return {
        name: `${filters ? `convolutions ${filters.join(", ")}, L = 32` : widths.join("-")}, batch ${batch}`,
        show: { of: "cpu", unit: "ms", scale: 1000 },
        goals: [{ peer: "PyTorch", of: "cpu", atMost }],
        limit: limitOf(network, side, machine),
        // Other weights at the start; random spins cannot be learned in so few steps.
        agree: quick ? 0.5 : 0.1,
        ours: () =>
          inProcess(steps * epochs, async () => {
            const { history } = await runType("model-trainer", params, { x });
            return { check: history.loss.at(-1) };
          }),
        peers: {
          PyTorch: script("training_torch", options, file),
          ...(widths && {
            NumPy: script("training_numpy", options, file),
            "tfjs-wasm": () => waiting([process.execPath, peer, options, file]),
          }),
        },
      };
    }),
};

const peer = fileURLToPath(new URL("../peers/training-tfjs.mjs", import.meta.url));

function layersOf({ widths, filters }) {
  const activation = "tanh";
  if (widths) return widths.slice(1).map((dense) => ({ dense, activation }));
  const [first, second] = filters;
  return [
    ...[first, second].map((conv) => ({ conv, window: 3, stride: 2, activation })),
    ...[first, 1].map((conv_transpose) => ({ conv_transpose, window: 3, stride: 2, activation })),
  ];
}

/** Products of matrices forward, and twice as many backward, but for the gradient of the input. */
function limitOf({ widths, filters, batch }, side, machine) {
  const pairs = widths
    ? widths.slice(1).map((m, i) => widths[i] * m)
    : [
        [1, filters[0], 2],
        [...filters, 4],
        [filters[1], filters[0], 4],
        [filters[0], 1, 2],
      ].map(([n, m, by]) => 9 * n * m * (side / by) ** 2);
  const products = 3 * pairs.reduce((sum, n) => sum + n, 0) - pairs[0];
  // Four lanes, a product and a sum each of one operation, two operations a cycle.
  const value = (1000 * products * batch * machine.cycle) / 4;
  return { value, text: "multiplications of matrices alone, 4 lanes, two operations a cycle" };
}

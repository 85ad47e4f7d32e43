/**
 * A training step (forward, backward, Adam) of an autoencoder with `learn`, against TensorFlow.js as
 * shipped, in another process.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { loadBackend } from "../dist/learn/backend/backend.js";
import { spinRows } from "../dist/learn/rows.js";
import { optimizerOf } from "../dist/learn/training/optimizer.js";
import { train } from "../dist/learn/training/train.js";
import { compare, digits, onCpu } from "./measure.mjs";
import { exampleBits, initialKernels, learningRate, networks } from "./network.mjs";

export async function measure() {
  const backend = await loadBackend("wasm");
  const rows = [];
  for (const [index, network] of networks.entries()) {
    const { inputs, code, batch } = network;
    const name = `${inputs}-${code}-${inputs}, batch ${batch}`;
    const ours = ourTraining(backend, network);
    const peer = await peerTraining(index);
    const comparison = await compare(ours.epoch, peer.epoch, 5);
    await peer.close();
    requireEqual(ours.loss(), peer.loss());
    rows.push({ what: name, show, ...comparison });
  }
  return { title: "a training step, against tfjs-wasm with variableGrads and train.adam", rows };
}

const show = (seconds) => `${digits(1000 * seconds)} ms`;

function ourTraining(backend, network) {
  const { inputs, code, batch, steps } = network;
  const images = spinRows(exampleBits(network), steps * batch, inputs);
  const [encoder, decoder] = initialKernels(network);
  const layer = (name, width, outputs, kernel) => {
    const rest = { kind: "dense", activation: "tanh", bias: new Float32Array(outputs) };
    return { ...rest, name, inputs: width, outputs, kernel, frozen: false };
  };
  const options = {
    ...{ backend, batch, loss: "mse", penalties: new Map() },
    layers: [layer("code", inputs, code, encoder), layer("image", code, inputs, decoder)],
    optimizer: optimizerOf({ adam: learningRate }),
    data: { x: images, y: images },
    // Batches in the order of the examples, as the peer takes them.
    random: () => ({ shuffle: (items) => items }),
  };
  let [epochs, loss, state] = [0, Number.NaN, undefined];
  return {
    /** One more epoch. The first also evaluates the network before training. */
    epoch: onCpu(steps, async () => {
      epochs++;
      const training = await train({ ...options, epochs, state });
      state = training.state;
      loss = training.history.at(-1).loss;
    }),
    loss: () => loss,
  };
}

async function peerTraining(index) {
  const child = fork(new URL("training-peer.mjs", import.meta.url), [String(index)]);
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`the peer's process ended with code ${code}`);
  });
  failed.catch(() => {});
  const answer = () => Promise.race([once(child, "message"), failed]);
  await answer();
  let loss = Number.NaN;
  return {
    async epoch() {
      const answered = answer();
      child.send("epoch");
      const [result] = await answered;
      loss = result.loss;
      return result.seconds;
    },
    loss: () => loss,
    async close() {
      child.disconnect();
      await failed.catch(() => {});
    },
  };
}

/** Checks that both computed the same, up to the order of sums in float32. */
function requireEqual(ours, peer) {
  if (Math.abs(ours - peer) < 1e-3 * peer) return;
  throw new Error(`the losses differ: ${ours} and the peer's ${peer}`);
}

/**
 * TensorFlow.js on its wasm backend as shipped, used as its documentation shows. `training.mjs` starts
 * this process.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import "./tfjs-gradients.mjs";
import { onCpu } from "./measure.mjs";
import { exampleBits, initialKernels, learningRate, networks } from "./network.mjs";

const [, , index] = process.argv;
const { resolve } = createRequire(import.meta.url);
setWasmPaths(`${dirname(resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");

const network = networks[Number(index)];
const { inputs, code, batch, steps } = network;
const bits = exampleBits(network);
const [encoder, decoder] = initialKernels(network);
const kernel = (rows, outputs, width) =>
  tf.variable(tf.tidy(() => tf.transpose(tf.tensor2d(rows, [outputs, width]))));
const [w1, b1] = [kernel(encoder, code, inputs), tf.variable(tf.zeros([code]))];
const [w2, b2] = [kernel(decoder, inputs, code), tf.variable(tf.zeros([inputs]))];
const optimizer = new tf.AdamOptimizer(learningRate, 0.9, 0.999, 1e-8);
const images = new Float32Array(batch * inputs);

function step(number) {
  for (let i = 0; i < images.length; i++) {
    const at = number * images.length + i;
    images[i] = ((bits[at >> 3] >> (at & 7)) & 1) * 2 - 1;
  }
  return tf.tidy(() => {
    const x = tf.tensor2d(images, [batch, inputs]);
    const { value, grads } = tf.variableGrads(() => {
      const hidden = tf.tanh(tf.add(tf.matMul(x, w1), b1));
      const image = tf.tanh(tf.add(tf.matMul(hidden, w2), b2));
      return tf.mean(tf.squaredDifference(image, x));
    });
    optimizer.applyGradients(grads);
    return value.dataSync()[0];
  });
}

let loss = Number.NaN;
const epoch = onCpu(steps, () => {
  loss = 0;
  for (let i = 0; i < steps; i++) loss += step(i) / steps;
});
process.on("message", async () => {
  const seconds = await epoch();
  process.send({ seconds, loss });
});
process.send("ready");

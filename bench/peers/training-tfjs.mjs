/**
 * The dense autoencoders of `training_torch.py` with TensorFlow.js on its wasm backend, as its
 * documentation shows: the same options. Knows nothing of Blockspin.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { setWasmPaths, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import "./tfjs-gradients.mjs";

const { widths, batch, epochs } = JSON.parse(process.argv[2]);
const bits = readFileSync(process.argv[3]);
const steps = (8 * bits.length) / widths[0] / batch;
const { resolve } = createRequire(import.meta.url);
setWasmPaths(`${dirname(resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");

const images = new Float32Array(batch * widths[0]);

function step(number, weights, optimizer) {
  for (let i = 0; i < images.length; i++) {
    const at = number * images.length + i;
    images[i] = ((bits[at >> 3] >> (at & 7)) & 1) * 2 - 1;
  }
  return tf.tidy(() => {
    const x = tf.tensor2d(images, [batch, widths[0]]);
    const { value, grads } = tf.variableGrads(() => {
      let y = x;
      for (const [kernel, bias] of weights) y = tf.tanh(tf.add(tf.matMul(y, kernel), bias));
      return tf.mean(tf.squaredDifference(y, x));
    });
    optimizer.applyGradients(grads);
    return value.dataSync()[0];
  });
}

function train() {
  const weights = widths.slice(1).map((outputs, i) => {
    const kernel = tf.randomNormal([widths[i], outputs], 0, 1 / Math.sqrt(widths[i]), "float32", i);
    return [tf.variable(kernel), tf.variable(tf.zeros([outputs]))];
  });
  const optimizer = new tf.AdamOptimizer(1e-3, 0.9, 0.999, 1e-8);
  let loss = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    loss = 0;
    for (let i = 0; i < steps; i++) loss += step(i, weights, optimizer) / steps;
  }
  tf.dispose(weights);
  optimizer.dispose();
  return loss;
}

process.stdout.write(`${JSON.stringify({ version: `tfjs-wasm ${version_wasm}` })}\n`);
for await (const _ of createInterface({ input: process.stdin })) {
  const [start, began] = [process.cpuUsage(), performance.now()];
  const check = train();
  const wall = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(start);
  const sample = { cpu: (user + system) / 1e6, wall, units: epochs * steps, check };
  process.stdout.write(`${JSON.stringify(sample)}\n`);
}

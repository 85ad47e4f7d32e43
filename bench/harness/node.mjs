/**
 * Runs a node type of the library in this process, without an engine or a store: what a measure itself
 * takes. Knows no node type.
 */

import { Ajv } from "ajv";
import { nodeTypes } from "../../dist/index.js";
import { createGenerator, streamSeed } from "../../dist/random/index.js";

const ajv = new Ajv({ useDefaults: true, strict: false });

/** Runs once; the tables of every port, or a list of tables where it gives them in parts. */
export async function runType(name, given, inputs = {}) {
  const type = nodeTypes.find((one) => one.type === name);
  const params = structuredClone(given);
  if (!ajv.validate(type.params, params)) throw new Error(`${name}: ${ajv.errorsText()}`);
  const types = Object.fromEntries(Object.entries(inputs).map(([port, i]) => [port, i.schema]));
  const outputs = typeof type.outputs === "function" ? type.outputs(params, types) : type.outputs;
  const seed = params.seed ?? 1;
  const results = await type.run({
    ...{ params, inputs, outputs, moreInputs: {}, backend: "wasm", previous: undefined },
    random: (purpose, ...parts) =>
      createGenerator(streamSeed({ nodeType: name, purpose, seed, parts })),
    ...{ publish: async () => {}, progress() {}, log() {}, warn() {} },
    signal: new AbortController().signal,
  });
  const whole = {};
  for (const port of Object.keys(outputs)) {
    const output = results[port];
    if (output?.[Symbol.asyncIterator]) {
      whole[port] = [];
      for await (const batch of output) whole[port].push(batch);
    } else whole[port] = output;
  }
  return whole;
}

/** Spins in packed bits as an input, in parts as long as the store's: a MiB. */
export function configurations(bits, side, betas) {
  const sites = side * side;
  const rows = (8 * bits.length) / sites;
  const schema = {
    spins: { type: "fixed_size_list", item: "bool", size: sites, shape: [side, side] },
    beta: { type: "float64" },
  };
  const beta = Float64Array.from(
    { length: rows },
    (_, i) => betas[Math.floor((i * betas.length) / rows)],
  );
  const part = (from, to) => ({
    ...{ rows: to - from, schema },
    columns: {
      spins: bits.subarray((from * sites) / 8, (to * sites) / 8),
      beta: beta.subarray(from, to),
    },
  });
  const step = Math.max(8, Math.floor(2 ** 23 / sites / 8) * 8);
  const bounds = Array.from({ length: Math.ceil(rows / step) }, (_, i) => i * step);
  bounds.push(rows);
  const read = (i) => part(bounds[i], bounds[i + 1]);
  return {
    ...{ schema, rows, axes: [] },
    async *chunks() {
      for (let i = 0; i + 1 < bounds.length; i++) yield read(i);
    },
    table: async () => part(0, rows),
    pages: async () => ({ bounds, read }),
    arrow: () => Promise.reject(new Error("there is no Arrow file")),
  };
}

/** Random bytes; a seed gives the same ones every time. */
export function randomBytes(length, seed = 1) {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
}

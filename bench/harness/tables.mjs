/**
 * The same rows for both sides of `store.mjs`: batches for the store, vectors for apache-arrow. A unit
 * is a megabyte or a table; a repetition takes about a tenth of a second.
 */
import {
  Bool,
  Field,
  FixedSizeList,
  Float32,
  makeData,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import { digits } from "./measure.mjs";

const megabytes = (seconds) => `${digits(1 / seconds)} MB/s`;

/** Spins of 32 x 32 lattices with their labels. */
export function configurations() {
  const rows = 1 << 17;
  const spins = bytes(rows * 128);
  const beta = Float64Array.from({ length: rows }, (_, i) => 0.2 + (i >> 10) / 256);
  const energy = Int32Array.from({ length: rows }, (_, i) => 4 * (i % 512) - 1024);
  const vectors = { spins: fixedLists(new Bool(), 1024, rows, spins) };
  return {
    name: "spins, 32 x 32",
    schema: {
      spins: { type: "fixed_size_list", item: "bool", size: 1024 },
      beta: { type: "float64" },
      energy: { type: "int32" },
    },
    batches: [{ spins, beta, energy }],
    columns: [{ ...vectors, beta: vectorFromArray(beta), energy: vectorFromArray(energy) }],
    units: (rows * (128 + 8 + 4)) / 1e6,
    show: megabytes,
  };
}

/** The outputs of a layer of 256 units. */
export function activations() {
  const rows = 1 << 14;
  const y = Float32Array.from(bytes(rows * 256), (byte) => byte / 128 - 1);
  return {
    name: "activations, 256 float32",
    schema: { y: { type: "fixed_size_list", item: "float32", size: 256 } },
    batches: [{ y }],
    columns: [{ y: fixedLists(new Float32(), 256, rows, y) }],
    units: (rows * 256 * 4) / 1e6,
    show: megabytes,
  };
}

/** A row for each of 21 betas, as most measures have: the number of files counts, not their bytes. */
export function measurements() {
  const units = 100;
  const batches = Array.from({ length: units }, (_, k) => {
    const beta = Float64Array.from({ length: 21 }, (_, i) => 0.2 + 0.025 * i);
    return { beta, value: beta.map((x) => k * x), rule: Array.from(beta, () => "majority") };
  });
  return {
    name: "a table of 21 rows",
    schema: { beta: { type: "float64" }, value: { type: "float64" }, rule: { type: "utf8" } },
    batches,
    columns: batches.map(({ beta, value, rule }) => ({
      beta: vectorFromArray(beta),
      value: vectorFromArray(value),
      rule: vectorFromArray(rule, new Utf8()),
    })),
    units,
    show: (seconds) => `${digits(1000 * seconds)} ms`,
  };
}

function fixedLists(item, size, rows, values) {
  const child = makeData({ type: item, length: rows * size, nullCount: 0, data: values });
  const type = new FixedSizeList(size, new Field("item", item, false));
  return new Vector([makeData({ type, length: rows, nullCount: 0, child })]);
}

function bytes(length) {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
}

/** Lines on columns that many node types have, and columns that stand for typical inputs. */
import { bits, type Columns, f64, i8, i32, utf8 } from "../../engine/node-type.ts";
import { convolutionSize, modelSchema } from "../../learn/model-table.ts";

export const beta = "Inverse temperature J / (k T).";
export const chain = "Id of the random stream that the row comes from; equal ids are one chain.";
export const countOf = "Number of configurations measured.";

/** Columns of configurations, wherever they come from. */
export const configurations = {
  spins: "The spins, site by site, row-major; a set bit is +1.",
  beta,
  chain,
  time: "Number of the configuration within its chain, in samples.",
  energy: "Total energy E in units of J: minus the sum of s s' over nearest neighbours.",
  magnetization: "Total magnetization: the sum of the spins.",
  sign: "Factor, -1 or +1, that symmetrize applied to all spins.",
};

/** The standard error of a column, as block jackknifes give it. */
export const jackknife = (what: string) =>
  `Standard error of ${what}: block jackknife over configurations, within this seed.`;

export const model = {
  spec: "Format, loss, shapes, and kind and activation of each layer, as JSON.",
  chains: "Ids of the chains that the model was fitted or stopped on.",
  "kernel_*": "Weights W of a layer: units x inputs; of a convolution, its kernel.",
  "bias_*": "Biases b of a layer, one a unit.",
  "couplings_*": "Of a layer energy: -1/N for the bonds of each site to the right and below.",
  "windows_*": "Of a convolution: set at the site where each coarse site's window begins.",
  "patches_*": "Of a transposed convolution: set at the site where each patch begins.",
};

/** Configurations of the ising-sampler with 16 sites a side. */
export const lattices: Columns = {
  spins: bits(256, [16, 16]),
  ...{ beta: f64, chain: utf8, time: i32, energy: i32, magnetization: i32, sign: i8 },
};

/** The same, coarse-grained by a factor of 2. */
export const coarse: Columns = {
  spins: bits(64, [8, 8]),
  beta: f64,
  chain: utf8,
  time: i32,
  sign: i8,
};

/** An autoencoder of the lattices, with a code of 64 units. */
export const autoencoder: Columns = modelSchema([
  { kind: "dense", name: "code", inputs: 256, outputs: 64 },
  { kind: "dense", name: "image", inputs: 64, outputs: 256 },
]);

/** A network that reads one number from a lattice. */
export const reader: Columns = modelSchema([
  { kind: "dense", name: "hidden", inputs: 256, outputs: 16 },
  { kind: "dense", name: "reading", inputs: 16, outputs: 1 },
]);

/** An encoder with one filter for every block of 2 x 2 sites. */
export const filter: Columns = modelSchema([
  convolutionSize("conv", "code", { rows: 8, columns: 8, stride: 2, side: 2, fine: 1, coarse: 1 }),
]);

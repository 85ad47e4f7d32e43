// What training does with many numbers at once: products of matrices, windows of lattices, activations,
// losses, gradients and the optimizer's step. Works where its arguments say, and allocates nothing. Counts
// are multiples of 16, unless said otherwise: arrays have zeros behind them up to there.
export { relu, sigmoid, sign, tanh } from "./activation";
export { addProducts } from "./covariance";
export { throughRelu, throughSigmoid, throughSign, throughTanh } from "./derivative";
export { energies, energyGradients } from "./energy";
export { crossEntropy, squaredErrors } from "./loss";
export { adam, penalize, sgd } from "./optimizer";
export { product, workBytes } from "./product";
export { compareRows } from "./rows";
export { packSpins, unpackSpins } from "./spins";
export { columnSums, repeat } from "./sums";
export { gather, scatter } from "./windows";

// What training does with many numbers at once: products of matrices, activations, losses, gradients
// and the optimizer's step. Works where its arguments say, and allocates nothing.
export { adam } from "./adam";
export { energies, energyGradients } from "./energy";
export { columnSums, squaredErrors, throughTanh } from "./gradient";
export { product } from "./product";
export { tanh } from "./tanh";

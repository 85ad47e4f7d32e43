/** The autoencoders that both sides train: the same examples, in the same order, from the same weights. */

export const networks = [
  { inputs: 256, code: 64, batch: 64, steps: 60 },
  { inputs: 1024, code: 256, batch: 128, steps: 4 },
];

export const learningRate = 1e-3;

/** Random bits for `steps` batches: one epoch. A set bit is the number +1, a clear one -1. */
export function exampleBits({ inputs, batch, steps }) {
  const next = numbers(1);
  return Uint8Array.from({ length: (steps * batch * inputs) / 8 }, () => next() * 256);
}

/** Rows of weights of the two layers, one row for each output; uniform, of variance 1 / inputs. */
export function initialKernels({ inputs, code }) {
  const next = numbers(2);
  const kernel = (outputs, width) => {
    const bound = Math.sqrt(3 / width);
    return Float32Array.from({ length: outputs * width }, () => bound * (2 * next() - 1));
  };
  return [kernel(code, inputs), kernel(inputs, code)];
}

/** mulberry32, uniform on [0, 1). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

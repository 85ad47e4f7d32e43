import fc from "fast-check";
import { expect, test } from "vitest";
import { initialState, optimizerOf, step } from "../../../src/learn/training/optimizer.ts";

const adam = optimizerOf({ adam: 0.01 }) as { learning_rate: number } & Record<
  "beta1" | "beta2" | "epsilon",
  number
>;

/** Kingma and Ba, arXiv:1412.6980, algorithm 1, number by number: float64, stored as float32. */
function reference(gradients: readonly Float32Array[], start: Float32Array): Float32Array {
  const { beta1, beta2, epsilon, learning_rate } = adam;
  const [p, m, v] = [start.slice(), new Float32Array(start.length), new Float32Array(start.length)];
  let [power1, power2] = [1, 1];
  for (const gradient of gradients) {
    [power1, power2] = [power1 * beta1, power2 * beta2];
    const [rate, correction] = [learning_rate / (1 - power1), 1 / (1 - power2)];
    for (const [i, g] of gradient.entries()) {
      const first = beta1 * m[i]! + (1 - beta1) * g;
      const second = beta2 * v[i]! + (1 - beta2) * g * g;
      m[i] = first;
      v[i] = second;
      p[i] = p[i]! - (rate * first) / (Math.sqrt(second * correction) + epsilon);
    }
  }
  return p;
}

test("step() of adam has the bits of the algorithm number by number, for any length", () => {
  const numbers = (size: number) =>
    fc.float32Array({ minLength: size, maxLength: size, noNaN: true, min: -1e6, max: 1e6 });
  const runs = fc
    .integer({ min: 1, max: 37 })
    .chain((size) =>
      fc.tuple(numbers(size), fc.array(numbers(size), { minLength: 1, maxLength: 4 })),
    );
  fc.assert(
    fc.property(runs, ([start, gradients]) => {
      const parameters = start.slice();
      const state = initialState(optimizerOf({ adam: 0.01 }), [start.length]);
      for (const gradient of gradients) {
        step(optimizerOf({ adam: 0.01 }), state, [parameters], [gradient]);
      }
      expect(parameters).toEqual(reference(gradients, start));
    }),
  );
});

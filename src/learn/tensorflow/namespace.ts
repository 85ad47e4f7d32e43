/** The namespace of TensorFlow.js, however it was loaded. */
export type Tf = typeof import("@tensorflow/tfjs-core");

/**
 * Disposes every tensor that `work` makes. Unlike `tf.tidy`, which looks for tensors in whatever is
 * returned, element by element, it lets typed arrays through.
 */
export function inScope<T>(tf: Tf, work: () => T): T {
  let result: T | undefined;
  tf.tidy(() => {
    result = work();
  });
  return result as T;
}

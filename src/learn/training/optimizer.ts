/**
 * Adam and stochastic gradient descent on float32 arrays, as plain loops in float64 that round where a
 * number is stored; `wasm/optimize.ts` has them in WebAssembly. Does not know what the arrays are for.
 */

export type OptimizerSpec =
  | {
      readonly kind: "adam";
      readonly learning_rate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    }
  | { readonly kind: "sgd"; readonly learning_rate: number; readonly momentum: number };

type Rule<Settings> = number | ({ readonly learning_rate: number } & Partial<Settings>);

/** An optimizer as written: `{ adam: 0.001 }`, or with an object of settings in place of the rate. */
export type OptimizerParam =
  | { readonly adam: Rule<{ beta1: number; beta2: number; epsilon: number }> }
  | { readonly sgd: Rule<{ momentum: number }> };

/** Adam's defaults are those of its paper. */
export function optimizerOf(param: OptimizerParam): OptimizerSpec {
  const settings = <S>(rule: Rule<S>) =>
    typeof rule === "number" ? { learning_rate: rule } : rule;
  return "adam" in param
    ? { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...settings(param.adam) }
    : { kind: "sgd", momentum: 0, ...settings(param.sgd) };
}

/** Everything that an optimizer remembers. */
export interface OptimizerState {
  /** beta1^t and beta2^t after t steps, as running products: `Math.pow` is not exact. */
  power1: number;
  power2: number;
  /** Per array of parameters: two for Adam, first moment before second; one for sgd. */
  readonly moments: readonly Float32Array[];
}

export function initialState(spec: OptimizerSpec, sizes: readonly number[]): OptimizerState {
  const each = spec.kind === "adam" ? 2 : 1;
  const moments = sizes.flatMap((size) =>
    Array.from({ length: each }, () => new Float32Array(size)),
  );
  return { power1: 1, power2: 1, moments };
}

/** One step: changes the parameters and the state in place. */
export function step(
  spec: OptimizerSpec,
  state: OptimizerState,
  parameters: readonly Float32Array[],
  gradients: readonly Float32Array[],
): void {
  if (spec.kind === "adam") {
    state.power1 *= spec.beta1;
    state.power2 *= spec.beta2;
    for (const [i, array] of parameters.entries()) {
      adam(spec, state, array, gradients[i]!, state.moments[2 * i]!, state.moments[2 * i + 1]!);
    }
  } else {
    for (const [i, array] of parameters.entries()) {
      sgd(spec.learning_rate, spec.momentum, array, gradients[i]!, state.moments[i]!);
    }
  }
}

/** Kingma and Ba, arXiv:1412.6980, algorithm 1. */
function adam(
  { learning_rate, beta1, beta2, epsilon }: OptimizerSpec & { kind: "adam" },
  { power1, power2 }: OptimizerState,
  parameters: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
): void {
  const [rate, correction] = [learning_rate / (1 - power1), 1 / (1 - power2)];
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i]!;
    const m = beta1 * first[i]! + (1 - beta1) * g;
    const v = beta2 * second[i]! + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    parameters[i]! -= (rate * m) / (Math.sqrt(v * correction) + epsilon);
  }
}

/** Heavy ball: v <- momentum v + g, w <- w - rate v. */
function sgd(
  rate: number,
  momentum: number,
  parameters: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array,
): void {
  for (let i = 0; i < parameters.length; i++) {
    const v = momentum * velocity[i]! + gradient[i]!;
    velocity[i] = v;
    parameters[i]! -= rate * v;
  }
}

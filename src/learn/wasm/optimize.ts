/** A step of the optimizer in the kernel's memory. */
import type { OptimizerSpec, OptimizerState } from "../training/optimizer.ts";
import { kernel } from "./kernel.ts";
import type { ParameterRoom } from "./parameters.ts";

/** `moments`: addresses of what the optimizer remembers of all parameters. */
export function optimize(
  spec: OptimizerSpec,
  state: OptimizerState,
  parameters: ParameterRoom,
  slopes: ParameterRoom,
  moments: readonly number[],
): void {
  const { at, count } = parameters;
  const [first, second] = moments as [number, number];
  if (spec.kind === "sgd") {
    kernel.sgd(at, slopes.at, first, count, spec.learning_rate, spec.momentum);
    return;
  }
  state.power1 *= spec.beta1;
  state.power2 *= spec.beta2;
  kernel.adam(
    ...([at, slopes.at, first, second, count] as const),
    ...([spec.learning_rate / (1 - state.power1), 1 - spec.beta1, 1 - spec.beta2] as const),
    ...([1 / (1 - state.power2), spec.epsilon] as const),
  );
}

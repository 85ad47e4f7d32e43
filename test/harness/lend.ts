/** Lends one executor to many runs: none of them closes it. */
import type { Executor } from "../../src/engine/run/executors/executor.ts";

export function lend(executor: Executor): { readonly local: () => Executor } {
  const open = { execute: executor.execute.bind(executor), close: async () => {} };
  return { local: () => open };
}

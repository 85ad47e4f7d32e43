/** The executors by name, as `executor:` in the configuration has it. A new one is a file and a line. */
import { own } from "../../own.ts";
import { UsageError } from "../../usage-error.ts";
import type { Executor } from "./executor.ts";
import { LocalExecutor } from "./local.ts";

export interface ExecutorOptions {
  /** Actions at a time. */
  readonly jobs: number;
}

export type Executors = Readonly<Record<string, (options: ExecutorOptions) => Executor>>;

const executors: Executors = {
  local: ({ jobs }) => new LocalExecutor(jobs),
};

/** The executor that a configuration names. Throws `UsageError` for an unknown name. */
export function makeExecutor(
  name = "local",
  options: ExecutorOptions,
  known: Executors = executors,
): Executor {
  const make = own(known, name);
  if (make) return make(options);
  throw new UsageError(
    `unknown executor ${JSON.stringify(name)}`,
    `executors: ${Object.keys(known).sort().join(", ")}`,
  );
}

/** The executors by name, as `executor:` in the configuration has it. A new one is a file and a line. */
import { own } from "../../own.ts";
import type { ExecutorSetting } from "../../project/project.ts";
import { UsageError } from "../../usage-error.ts";
import type { Executor } from "./executor.ts";
import { LocalExecutor } from "./local.ts";

export interface ExecutorOptions {
  /** Actions at a time. */
  readonly jobs: number;
  /** As the configuration has them. The executor says what is wrong with them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export type Executors = Readonly<Record<string, (options: ExecutorOptions) => Executor>>;

const executors: Executors = {
  local({ jobs, settings }) {
    const [unknown] = Object.keys(settings);
    if (unknown === undefined) return new LocalExecutor(jobs);
    throw new UsageError(`executor "local" has no setting ${JSON.stringify(unknown)}`);
  },
};

/** The executor that a configuration asks for. Throws `UsageError` for an unknown name or setting. */
export function makeExecutor(
  { name, settings }: ExecutorSetting = { name: "local", settings: {} },
  jobs: number,
  known: Executors = executors,
): Executor {
  const make = own(known, name);
  if (make) return make({ jobs, settings });
  throw new UsageError(
    `unknown executor ${JSON.stringify(name)}`,
    `executors: ${Object.keys(known).sort().join(", ")}`,
  );
}

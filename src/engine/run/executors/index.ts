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

const localOne: ExecutorSetting = { name: "local", settings: {} };

/** The executor that a configuration asks for. Throws for an unknown name or setting. */
export function makeExecutor(
  { name, settings, unusable }: ExecutorSetting = localOne,
  jobs: number,
  known: Executors = executors,
): Executor {
  const make = own(known, name);
  try {
    if (make) return make({ jobs, settings });
    const hint = `executors: ${Object.keys(known).sort().join(", ")}`;
    throw new UsageError(`unknown executor ${JSON.stringify(name)}`, hint);
  } catch (error) {
    if (!unusable || !(error instanceof UsageError)) throw error;
    throw unusable(error.message, error.hint);
  }
}

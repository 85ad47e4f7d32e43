/**
 * Where actions run. The seam behind which a worker thread, a child process, or (later) a cluster's
 * queue does the work.
 */
import type { Action, ActionHooks, ActionResult } from "./action.ts";
import { clipLine } from "./log.ts";

export interface Placement {
  readonly isolation: "thread" | "process";
  /** MiB of heap; undefined for the default. */
  readonly memory: number | undefined;
}

export interface Executor {
  /** Rejects with `ActionFailure`, or with the abort's reason if the signal aborts. */
  execute(action: Action, placement: Placement, hooks: ActionHooks): Promise<ActionResult>;
  close(): Promise<void>;
}

/** An action failed; `lost` if an input's bytes were missing, so that planning again may help. */
export class ActionFailure extends Error {
  readonly lost: string | undefined;
  /** A stack, where the failure is a bug in a node rather than bad data. */
  readonly detail: string | undefined;
  /** The end of what it printed. */
  readonly log: readonly string[];
  constructor(message: string, options: FailureOptions = {}) {
    super(message);
    this.name = "ActionFailure";
    this.lost = options.lost;
    this.detail = options.detail;
    this.log = options.log ?? [];
  }

  /** The same failure with what was printed before it. */
  after(log: readonly string[]): ActionFailure {
    return new ActionFailure(this.message, { ...this.#options(), log });
  }

  /** The same failure as that of a part of an action. */
  within(part: string): ActionFailure {
    return new ActionFailure(`${part}: ${this.message}`, this.#options());
  }

  #options(): FailureOptions {
    const { lost, detail, log } = this;
    return { log, ...(lost === undefined ? {} : { lost }), ...(detail ? { detail } : {}) };
  }
}

interface FailureOptions {
  readonly lost?: string;
  readonly detail?: string;
  readonly log?: readonly string[];
}

/** A failure as plain data, to cross a thread or a process. */
export interface Failure {
  readonly message: string;
  readonly lost?: string;
  readonly detail?: string;
}

/** What is wrong with data or programs rather than with code: a stack would only hide it. */
const expected = [
  "ActionError",
  "BackendError",
  "InvalidInput",
  "InvalidParam",
  "RecordLimit",
  "SchemaMismatch",
  "StoreError",
  "UnreadableArrow",
];

/** Whether it speaks of a bug, or of data that nobody foresaw. */
export function isBug(thrown: unknown): boolean {
  const { name } = Object(thrown) as { name?: string };
  return ![...expected, "MissingObject", "AbortError"].includes(name ?? "");
}

/** @param thrown - anything: nodes may throw what is no error */
export function toFailure(thrown: unknown): Failure {
  if (!(thrown instanceof Object)) return { message: clipLine(`threw ${String(thrown)}`) };
  const error = thrown as Error & { digest?: string };
  const { name, message, stack, digest } = error;
  if (name === "MissingObject") return { message, ...(digest ? { lost: digest } : {}) };
  const whole = message === undefined || message === "" ? String(error) : placed(error, message);
  // It may quote a file without a line's end.
  const text = clipLine(whole);
  const isExpected = expected.includes(name) || !stack;
  return isExpected ? { message: text } : { message: text, detail: clipLine(stack) };
}

/** The words of a node type about a parameter or a port follow its name, as in `check`. */
function placed(error: unknown, message: string): string {
  const { name, path, port } = error as { name: string; path?: unknown; port?: unknown };
  if (name === "InvalidParam" && typeof path === "string") return `"${path}" ${message}`;
  if (name === "InvalidInput" && typeof port === "string") return `"${port}" ${message}`;
  return message;
}

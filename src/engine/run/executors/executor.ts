/**
 * Where actions run: the seam behind which a worker thread, a child process or a cluster's queue does
 * the work. `index.ts` lists who stands behind it.
 */
import { fileURLToPath } from "node:url";
import { MissingObject } from "../../../store/errors.ts";
import type { Digest } from "../../../table/digest.ts";
import { expectedMessage } from "../../../table/errors.ts";
import type { Action, ActionHooks, ActionResult } from "../action.ts";
import { clipLine } from "../log.ts";

/** What an action needs of the place where it runs. */
export interface Placement {
  readonly isolation: "thread" | "process";
  /** CPU threads that it uses. */
  readonly threads: number;
  /** MiB of heap; undefined for the default. */
  readonly memory: number | undefined;
  /** Seconds after which the caller aborts it; undefined for no limit. */
  readonly seconds: number | undefined;
  /** It takes so little that it may wait for others: see `Executor.share`. */
  readonly together?: true;
}

export interface Executor {
  /** The part of a slot that an action takes whose placement says `together`; a slot if undefined. */
  share?(expectedSeconds: number): number;
  /** Rejects with `ActionFailure`, or with the abort's reason if the signal aborts. */
  execute(action: Action, placement: Placement, hooks: ActionHooks): Promise<ActionResult>;
  close(): Promise<void>;
}

/** An action failed; `lost` if an input's bytes were missing, so that planning again may help. */
export class ActionFailure extends Error {
  readonly lost: Digest | undefined;
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
  readonly lost?: Digest;
  readonly detail?: string;
  readonly log?: readonly string[];
}

/** A failure as plain data, to cross a thread or a process. */
export interface Failure {
  readonly message: string;
  readonly lost?: Digest;
  readonly detail?: string;
}

/** @param thrown - anything: a node may throw what is not an error */
export function toFailure(thrown: unknown): Failure {
  if (!(thrown instanceof Object)) return { message: clipLine(`threw ${String(thrown)}`) };
  if (thrown instanceof MissingObject) return { message: thrown.message, lost: thrown.digest };
  // A message may quote a file that has no line breaks.
  const expected = expectedMessage(thrown);
  if (expected !== undefined) return { message: clipLine(expected) };
  const { message, stack } = thrown as Error;
  const text = clipLine(message === undefined || message === "" ? String(thrown) : message);
  return stack ? { message: text, detail: clipLine(withoutCaller(stack)) } : { message: text };
}

/** The folder of this program, `dist` or `src`: as stacks have it of modules, and of scripts. */
const ownFolder = import.meta.url.replace(/(\/(?:dist|src)\/)(?!.*\/(?:dist|src)\/).*$/, "$1");
const ownCode = [ownFolder, fileURLToPath(ownFolder)];

/** A stack up to the code of a user that is furthest from its top, if it has any: who calls that is of no use. */
function withoutCaller(stack: string): string {
  const lines = stack.split("\n");
  const isOwn = (line: string) => {
    return [...ownCode, "node:internal", "/node_modules/piscina/"].some((own) =>
      line.includes(own),
    );
  };
  const last = lines.findLastIndex((line) => /^\s+at /.test(line) && !isOwn(line));
  return last < 0 ? stack : lines.slice(0, last + 1).join("\n");
}

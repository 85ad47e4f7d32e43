/** What other heads have submitted to the same scheduler, living or dead: their jobs do our work too. */
import { join } from "node:path";
import { namesIn } from "../../../store/files.ts";
import { isAlive, thisProcess } from "../../../store/process-identity.ts";
import type { ActionKey } from "../../../table/digest.ts";
import { readSubmitted, removeBatch } from "./batch.ts";
import { type Listed, Refused } from "./schedulers/scheduler.ts";

export interface Elsewhere {
  readonly run: string;
  readonly batch: string;
  readonly folder: string;
  readonly task: number;
  readonly action: number;
}

interface Batch {
  readonly run: string;
  readonly batch: string;
  readonly folder: string;
  /** Whether its head is known to have ended. */
  readonly orphaned: boolean;
  readonly tasks: readonly (readonly ActionKey[])[];
}

export class Others {
  readonly #batches: string;
  readonly #own: string;
  readonly #scheduler: string;
  readonly #known = new Map<string, Batch | undefined>();
  #actions = new Map<ActionKey, Elsewhere>();
  /** Whether there are batches of which it is not known what is still in flight. */
  #fresh = false;

  /**
   * @param batches - the folder with the folders of runs
   * @param own - the run that is not another's
   */
  constructor(batches: string, own: string, scheduler: string) {
    [this.#batches, this.#own, this.#scheduler] = [batches, own, scheduler];
  }

  /** Where else an action is in flight. */
  find(key: ActionKey): Elsewhere | undefined {
    return this.#actions.get(key);
  }

  /** Its job there was lost: it is not looked for there again. */
  forget(key: ActionKey): void {
    this.#actions.delete(key);
  }

  /** Reads what has come since the last time; `list` says what of it the scheduler still has. */
  async refresh(list: (runs: readonly string[]) => Promise<readonly Listed[]>): Promise<void> {
    for (const run of namesIn(this.#batches)) {
      if (run === this.#own) continue;
      for (const batch of namesIn(join(this.#batches, run))) {
        const folder = join(this.#batches, run, batch);
        if (this.#known.has(folder)) continue;
        const submitted = readSubmitted(folder);
        if (!submitted || submitted.scheduler !== this.#scheduler) continue;
        const { head, tasks } = submitted;
        const orphaned = head.machine === thisProcess().machine && !isAlive(head);
        this.#known.set(folder, { run, batch, folder, orphaned, tasks });
        this.#fresh = true;
      }
    }
    if (!this.#fresh) return;
    try {
      await this.#look(list);
      this.#fresh = false;
    } catch (error) {
      // Then its next answer says so; meanwhile an action may be submitted twice, which does no harm.
      if (!(error instanceof Refused)) throw error;
    }
  }

  /** Whether somebody else may have computed something since the plan was made. */
  get any(): boolean {
    return this.#known.size > 0;
  }

  /** Runs whose head is gone, of which something was in flight. */
  get orphans(): readonly string[] {
    const runs = [...this.#known.values()].flatMap((it) => (it?.orphaned ? it.run : []));
    return [...new Set(runs)];
  }

  async #look(list: (runs: readonly string[]) => Promise<readonly Listed[]>): Promise<void> {
    const batches = [...this.#known.values()].flatMap((batch) => batch ?? []);
    const listed = await list([...new Set(batches.map(({ run }) => run))]);
    const live = new Set(
      listed.flatMap(({ run, batch, task, state }) => {
        return state === "ended" ? [] : `${run}/${batch}/${task}`;
      }),
    );
    this.#actions = new Map();
    for (const { run, batch, folder, orphaned, tasks } of batches) {
      let any = false;
      for (const [task, keys] of tasks.entries()) {
        if (!live.has(`${run}/${batch}/${task}`)) continue;
        any = true;
        for (const [action, key] of keys.entries()) {
          this.#actions.set(key, { run, batch, folder, task, action });
        }
      }
      // Its records are in the store; nobody waits for its outcomes.
      if (!any && orphaned) {
        this.#known.set(folder, undefined);
        removeBatch(folder);
      }
    }
  }
}

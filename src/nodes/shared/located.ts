/** Errors of `learn/`, which does not know the engine, as errors that the engine can locate. */
import { ActionError, InvalidInput, InvalidParam } from "../../engine/node-type.ts";
import { Diverged, Misfit } from "../../learn/misfit.ts";

/** Runs `work`; a Misfit from it becomes an InvalidParam or an InvalidInput, and so on. */
export function located<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return relocate(error);
  }
}

/** The same for a promise: `work.catch(relocate)`. */
export function relocate(error: unknown): never {
  if (error instanceof Diverged) throw new ActionError(error.message);
  if (!(error instanceof Misfit)) throw error;
  const { at, where, message } = error;
  throw at === "param" ? new InvalidParam(where, message) : new InvalidInput(where, message);
}

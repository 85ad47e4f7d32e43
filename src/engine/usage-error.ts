/** A mistake on the command line or in a call, as opposed to one in a pipeline file. */
export class UsageError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}

/** Runs what writes to a path that the user named: where the file system refuses, the user can act. */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`cannot write ${JSON.stringify(path)}: ${message}`);
  }
}

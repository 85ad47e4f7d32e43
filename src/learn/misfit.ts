/** Says that parameters, columns or models do not fit each other, and where. */

export class Misfit extends Error {
  /** `param`: a dotted path below the parameters; `port`: an input port. */
  readonly at: "param" | "port";
  readonly where: string;
  constructor(at: "param" | "port", where: string, message: string) {
    super(message);
    this.name = "Misfit";
    this.at = at;
    this.where = where;
  }
}

/** The numbers of a training grew without bound. */
export class Diverged extends RangeError {}

/** Runs `work`; a RangeError from it becomes a Misfit at this place. */
export function at<T>(kind: "param" | "port", where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RangeError ? new Misfit(kind, where, error.message) : error;
  }
}

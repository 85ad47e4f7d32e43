/**
 * What can be wrong with a table or with the bytes of one, and how a caller knows an error that
 * reports bad data from a bug. Imports nothing.
 */

/**
 * Where an expected error keeps what a person reads of it. A registered symbol, since a user's module
 * may have its own copy of a class, and a room that does not import this one may use it.
 */
const expected = Symbol.for("blockspin.expected");

/** Reports what is wrong with data or programs rather than with code: a stack would only hide it. */
export abstract class ExpectedError extends Error {
  readonly #alone: string;

  /** @param alone - the message where nothing beside it shows what it is about */
  constructor(message: string, alone = message) {
    super(message);
    this.name = new.target.name;
    this.#alone = alone;
  }

  get [expected](): string {
    return this.#alone;
  }
}

/** What a person reads of an expected error, whoever's copy of the class; undefined for a bug. */
export function expectedMessage(thrown: unknown): string | undefined {
  const message: unknown = Object(thrown)[expected];
  return typeof message === "string" ? message : undefined;
}

/** Rows do not fit their columns. `column` is empty for the whole table. */
export class SchemaMismatch extends ExpectedError {
  readonly column: string;
  constructor(column: string, message: string) {
    super(column === "" ? message : `column ${JSON.stringify(column)}: ${message}`);
    this.column = column;
  }
}

/** Bytes that are not Arrow IPC data, or hold a type that a table cannot have. */
export class UnreadableArrow extends ExpectedError {}

/** What can be wrong with a table or with the bytes of one. Imports nothing. */

/** Rows do not fit their columns. `column` is empty for the whole table. */
export class SchemaMismatch extends Error {
  readonly column: string;
  constructor(column: string, message: string) {
    super(column === "" ? message : `column ${JSON.stringify(column)}: ${message}`);
    this.name = "SchemaMismatch";
    this.column = column;
  }
}

/** Bytes that are not Arrow IPC data, or hold a type that a table cannot have. */
export class UnreadableArrow extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnreadableArrow";
  }
}

/**
 * Checks what `run` returned against the declared ports, before anything is written: no compiler checks
 * a user's module, and a wrong result would be kept. Knows nothing of the store.
 */
import { isPromise, show } from "../../table/items.ts";
import type { Batch, Columns, Table } from "../../table/schema.ts";
import { ActionError, type Output, type Ports } from "../node-type.ts";

/** The name under which `run` returns its checkpoint. */
export const checkpointName = "checkpoint";

export interface Warning {
  readonly code: string;
  readonly message: string;
}

/** A port was given something that is not rows. The message follows the port's name. */
export class Misfit extends Error {
  override readonly name = "Misfit";
}

const quote = (text: string) => JSON.stringify(text);

/** Requires every declared port and no other. Throws `ActionError`. */
export function checkPorts(returned: unknown, ports: readonly string[]): void {
  if (typeof returned !== "object" || returned === null) {
    throw new ActionError(`returned no object with its outputs (${ports.join(", ")})`);
  }
  const given = Object.entries(returned).filter(([, value]) => value !== undefined);
  const names = given.map(([port]) => port);
  for (const port of ports) {
    if (given.some(([name, value]) => name === port && value !== null)) continue;
    const what = port === checkpointName ? "checkpoint" : `output ${quote(port)}`;
    const others = names.filter((name) => name !== port).map(quote);
    const instead = others.length > 0 ? `; it returned ${others.join(", ")}` : "";
    throw new ActionError(`returned no ${what}${instead}`);
  }
  const stranger = names.find((name) => !ports.includes(name));
  if (stranger === undefined) return;
  throw new ActionError(
    `returned an output ${quote(stranger)} that its node type does not declare; it declares ${ports.map(quote).join(", ")}`,
  );
}

/** The bytes of an Arrow file, if the port was given one. */
export function arrowFile(output: Output, columns: Columns): Uint8Array | undefined {
  // A column may be called "arrow".
  const isObject = typeof output === "object" && !Object.hasOwn(columns, "arrow");
  if (!isObject || !("arrow" in output)) return undefined;
  if (output.arrow instanceof Uint8Array) return output.arrow;
  throw new Misfit(`expected the bytes of an Arrow file at "arrow", got ${show(output.arrow)}`);
}

/**
 * The batches that a port was given, each checked as it comes by; `warn` is called where a column
 * of numbers holds none. Throws `Misfit`.
 */
export async function* batchesOf(
  output: Output,
  columns: Columns,
  warn: (column: string) => void,
): AsyncGenerator<Batch, void, undefined> {
  const sight = new Map<string, boolean>();
  const several = typeof output === "object" && Symbol.asyncIterator in output;
  // Without this check, the loop would silently await a Promise.
  if (!several) columnsOf(output);
  for await (const batch of (several ? output : [output]) as AsyncIterable<Batch>) {
    const given = columnsOf(batch);
    for (const name of Object.keys(columns)) {
      if (sight.get(name) || !Object.hasOwn(given, name)) continue;
      const seen = sees(given[name]);
      if (seen !== undefined) sight.set(name, seen);
    }
    yield batch;
  }
  for (const [name, seen] of sight) if (!seen) warn(name);
}

/** A batch has columns by name; a table has them under `columns`, and says how many rows it has. */
function columnsOf(batch: unknown): Readonly<Record<string, unknown>> {
  const got = (value: unknown) => new Misfit(`expected columns by name, got ${show(value)}`);
  if (typeof batch !== "object" || batch === null || isStrange(batch)) throw got(batch);
  const { rows, columns } = batch as Partial<Table>;
  if (typeof rows !== "number") return batch as Batch;
  if (typeof columns !== "object" || columns === null || isStrange(columns)) throw got(columns);
  if (Number.isSafeInteger(rows) && rows >= 0) return columns;
  throw new Misfit(`expected a number of rows, got ${rows}`);
}

/** Whether a value cannot be columns by name, whatever properties it has. */
function isStrange(value: object): boolean {
  return isPromise(value) || Symbol.iterator in value;
}

/**
 * Whether a column of numbers has one that is not NaN (a computation with `undefined` or a Promise gives
 * NaN); undefined if the column holds no number.
 */
function sees(values: unknown): boolean | undefined {
  if (!Array.isArray(values)) {
    if (!(values instanceof Float64Array || values instanceof Float32Array)) return undefined;
    return values.length === 0 ? undefined : values.some((value) => !Number.isNaN(value));
  }
  let nothing = true;
  for (const value of values) {
    const found = typeof value === "object" && value !== null ? sees(value) : !Number.isNaN(value);
    if (found) return true;
    if (found === false) nothing = false;
  }
  return nothing ? undefined : false;
}

/** The code of a warning of an output without rows, which may be meant. */
export const emptyCode = "empty-output";

/** A warning for each output without rows, unless its node type says that it may have none. */
export function emptyOutputs(
  ports: Ports,
  outputs: Readonly<Record<string, { readonly rows: number }>>,
): Warning[] {
  return Object.entries(ports).flatMap(([port, { mayBeEmpty }]) =>
    mayBeEmpty || outputs[port]!.rows > 0
      ? []
      : [{ code: emptyCode, message: `output ${quote(port)} has no rows` }],
  );
}

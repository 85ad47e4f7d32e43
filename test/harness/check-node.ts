/**
 * Checks a node type's traits by real runs through the engine: whatever was in the store before, a
 * result that is split, continued or mapped has the bytes of a run from scratch.
 */
import { expect } from "vitest";
import type { AnyNodeType } from "../../src/engine/node-type.ts";
import type { Made } from "../../src/engine/run/workplace.ts";
import type { Table } from "../../src/table/schema.ts";
import { concatenate, sliceRows } from "./tables.ts";
import { type Given, Workshop } from "./workshop.ts";

export interface TraitCase {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, Table>>;
  /** For a node type that grows: at least three values, ascending. */
  readonly values?: readonly number[];
}

export async function checkTraits(type: AnyNodeType, cases: readonly TraitCase[]): Promise<void> {
  expect(cases.length, `${type.type} has no case`).toBeGreaterThan(0);
  for (const given of cases) {
    const grown = type.grows && { [type.grows.by]: given.values?.at(-1) };
    const longest = { ...given, params: { ...given.params, ...grown } };
    if (type.splits !== undefined) await checkSplits(type, type.splits, longest);
    if (type.grows) await checkGrows(type, type.grows.by, given);
    if (type.maps !== undefined) await checkMaps(type, type.maps, given);
  }
}

/** What must be equal: every output's digest and the checkpoint's. */
function bytesOf({ record }: Pick<Made, "record">) {
  const outputs = Object.entries(record.outputs).map(([port, { digest }]) => [port, digest]);
  return { ...Object.fromEntries(outputs), checkpoint: record.checkpoint?.digest };
}

/** The whole, and each of its parts, from an empty store. */
interface Scratch {
  readonly whole: object;
  readonly parts: readonly object[];
}

async function fromScratch(type: AnyNodeType, given: Given): Promise<Scratch> {
  using workshop = new Workshop(type);
  const whole = bytesOf(await workshop.make(given));
  const parts: object[] = [];
  for (const part of partsOf(type, given)) {
    parts.push(bytesOf({ record: (await workshop.find(part))! }));
  }
  return { whole, parts };
}

/** The same with one element each of the list that the node type splits; else itself. */
function partsOf({ splits }: AnyNodeType, given: Given): readonly Given[] {
  if (splits === undefined) return [given];
  const list = given.params![splits] as readonly unknown[];
  return list.map((element) => ({ ...given, params: { ...given.params, [splits]: [element] } }));
}

/** The whole is the concatenation of its parts; parts in the store change nothing. */
async function checkSplits(type: AnyNodeType, splits: string, given: TraitCase): Promise<void> {
  const parts = partsOf(type, given);
  expect(parts.length, `${splits} needs two elements or more`).toBeGreaterThan(1);
  using whole = new Workshop(type);
  const made = await whole.make(given);
  const chunks: Record<string, unknown[]> = {};
  for (const part of parts) {
    using alone = new Workshop(type);
    const { record } = await alone.make(part);
    for (const [port, artifact] of Object.entries(record.outputs)) {
      chunks[port] = [...(chunks[port] ?? []), ...artifact.chunks];
    }
  }
  for (const [port, artifact] of Object.entries(made.record.outputs)) {
    expect(artifact.chunks, `${type.type}, port ${port}`).toEqual(chunks[port]);
  }
  using some = new Workshop(type);
  for (const part of parts.slice(1).reverse()) await some.make(part);
  const added = await some.make(given);
  expect(bytesOf(added)).toEqual(bytesOf(made));
  expect(added.parts).toMatchObject({ ran: 1, cached: parts.length - 1 });
  expect(some.performed.length).toBe(parts.length);
}

/** A longer run after any shorter ones equals a run from scratch, and so does all that is published. */
async function checkGrows(type: AnyNodeType, by: string, given: TraitCase): Promise<void> {
  const { values = [] } = given;
  expect(values.length, `values of ${by} to try`).toBeGreaterThan(2);
  const at = (value: number) => ({ ...given, params: { ...given.params, [by]: value } });
  const scratch = new Map<number, Scratch>();
  for (const value of values) scratch.set(value, await fromScratch(type, at(value)));
  const parts = partsOf(type, given).length;
  const last = values.at(-1)!;
  // Every prefix alone, all of them in turn, and larger ones before smaller ones.
  const orders = [
    ...values.slice(0, -1).map((value) => [value, last]),
    values,
    values.toReversed(),
  ];
  for (const order of orders) {
    using workshop = new Workshop(type);
    for (const [i, value] of order.entries()) {
      const made = await workshop.make(at(value));
      const why = `${type.type}, ${by} ${order.slice(0, i + 1).join(" then ")}`;
      expect(bytesOf(made), why).toEqual(scratch.get(value)!.whole);
      const shorter = order.slice(0, i).some((earlier) => earlier < value);
      expect(made.parts.continued, why).toBe(shorter ? parts : 0);
    }
  }
  await checkPublished(type, by, given, scratch);
  await checkDamaged(type, given, by, scratch);
}

async function checkPublished(
  type: AnyNodeType,
  by: string,
  given: TraitCase,
  scratch: ReadonlyMap<number, Scratch>,
): Promise<void> {
  const values = [...scratch.keys()];
  using workshop = new Workshop(type, { publishEvery: 0 });
  const partsAt = (value: number) =>
    partsOf(type, { ...given, params: { ...given.params, [by]: value } });
  for (const part of partsAt(values.at(-1)!)) await workshop.make(part);
  let published = 0;
  for (const value of values.slice(0, -1)) {
    for (const [i, part] of partsAt(value).entries()) {
      const record = await workshop.find(part);
      if (!record) continue;
      published++;
      const why = `${type.type}, published at ${by} ${value}`;
      expect(bytesOf({ record }), why).toEqual(scratch.get(value)!.parts[i]);
    }
  }
  expect(published, `${type.type} published none of ${by} ${values.join(", ")}`).toBeGreaterThan(0);
}

/** If the bytes of the longest prefix are lost, a shorter one is continued. */
async function checkDamaged(
  type: AnyNodeType,
  given: TraitCase,
  by: string,
  scratch: ReadonlyMap<number, Scratch>,
): Promise<void> {
  const [first, second, last] = [...scratch.keys()].slice(-3) as [number, number, number];
  const at = (value: number) => ({ ...given, params: { ...given.params, [by]: value } });
  const { rmSync, writeFileSync } = await import("node:fs");
  for (const damage of ["gone", "corrupt"]) {
    using workshop = new Workshop(type);
    for (const value of [first, second]) await workshop.make(at(value));
    for (const action of workshop.performed.filter(
      ({ preimage }) => preimage.params[by] === second,
    )) {
      const { outputs, checkpoint } = workshop.store.getRecord(action.key)!;
      const rows = outputs[type.grows!.extends[0]!]!;
      const { digest } = (damage === "gone" && checkpoint ? checkpoint : rows).chunks.at(-1)!;
      const path = workshop.store.objectPath(digest);
      rmSync(path, { force: true });
      if (damage === "corrupt") writeFileSync(path, "not an Arrow file");
    }
    const why = `${type.type}, ${by} ${last} where ${second} is ${damage}`;
    const made = await workshop.make(at(last));
    expect(bytesOf(made), why).toEqual(scratch.get(last)!.whole);
    expect(made.parts.continued, why).toBe(partsOf(type, given).length);
  }
}

/** Row i of every output depends on row i of the input alone. */
async function checkMaps(type: AnyNodeType, maps: string, given: TraitCase): Promise<void> {
  const rows = given.inputs![maps]!;
  const { rows: count } = rows;
  expect(count, `rows of ${maps}`).toBeGreaterThan(5);
  const pick = (table: Table, order: readonly number[]) =>
    concatenate(
      table.schema,
      order.map((row) => sliceRows(table, row, row + 1)),
    );
  const run = async (table: Table) => {
    using workshop = new Workshop(type);
    const { record } = await workshop.make({
      ...given,
      inputs: { ...given.inputs, [maps]: table },
    });
    const ports = Object.entries(record.outputs);
    return await Promise.all(
      ports.map(async ([port, artifact]) => [port, await workshop.read(artifact)] as const),
    );
  };
  const whole = await run(rows);
  const all = Array.from({ length: count }, (_, i) => i);
  // Reversed, permuted (7 and count share no factor, or the rows shift), one row, some rows.
  const orders = [
    all.toReversed(),
    all.map((i) => (7 * i + 3) % count),
    [count - 1],
    [4, 1, 1, 0, 5],
    ...[1, 2, 3, 5].map((n) => all.slice(0, n)),
  ];
  for (const order of orders) {
    const some = await run(pick(rows, order));
    for (const [i, [port, table]] of whole.entries()) {
      const why = `${type.type}, port ${port}, rows ${order.join(", ")} of ${maps}`;
      expect(some[i]![1], why).toEqual(pick(table, order));
    }
  }
  await checkMappedChunks(type, maps, given, rows);
}

/** Mapping chunk by chunk, or extending a mapped chunk, gives the bytes of a run from scratch. */
async function checkMappedChunks(
  type: AnyNodeType,
  maps: string,
  given: TraitCase,
  rows: Table,
): Promise<void> {
  const { rows: count } = rows;
  const [a, b] = [Math.floor(count / 3), Math.floor((2 * count) / 3)];
  const [begin, longer] = [sliceRows(rows, 0, a), sliceRows(rows, 0, b)];
  const rest = sliceRows(rows, b, count);
  using fresh = new Workshop(type);
  const on = async (workshop: Workshop, ...tables: Table[]) => {
    const input = await workshop.writeParts(tables);
    return { given: { ...given, inputs: { ...given.inputs, [maps]: input } }, input };
  };
  const expected = bytesOf(await fresh.make((await on(fresh, longer, rest)).given));
  using workshop = new Workshop(type);
  const before = await on(workshop, begin, rest);
  await workshop.make(before.given);
  const after = await on(workshop, longer, rest);
  const [short, long] = [before.input.chunks[0]!, after.input.chunks[0]!];
  workshop.store.noteHint(long.digest, short.rows, short.digest);
  const made = await workshop.make(after.given);
  expect(bytesOf(made), `${type.type}, a longer chunk of ${maps}`).toEqual(expected);
  expect(made.parts).toEqual({ ran: 1, cached: 1, continued: 1 });

  // A false hint is detected.
  using deceived = new Workshop(type);
  const other = await on(deceived, sliceRows(rows, b - a, b), rest);
  await deceived.make(other.given);
  const { digest } = other.input.chunks[0]!;
  const wanted = await on(deceived, longer, rest);
  deceived.store.noteHint(wanted.input.chunks[0]!.digest, a, digest);
  const right = await deceived.make(wanted.given);
  expect(bytesOf(right), `${type.type}, after a hint that lies`).toEqual(expected);
  expect(right.parts.continued).toBe(0);
}

/** Reads the rows of a table of conclusions, as the node type's `concludes` says. */
import { placeOf } from "../../engine/index.ts";
import type { Concludes } from "../../engine/node-type.ts";
import type { Table } from "../../table/schema.ts";
import type { Conclusion, Expectation, Fact, MetricNote } from "./conclusions.ts";
import { strengthOf } from "./strength.ts";

type Part = keyof Concludes["columns"];
type Value = string | number | bigint | boolean | null;

/** Where rows stand, and who explains their metrics. */
interface At {
  readonly id: string;
  readonly place: string;
  noteOnMetric(metric: string): MetricNote;
}

/** The ports that have to be read. */
export function portsOf(concludes: Concludes): readonly string[] {
  const parts = Object.keys(concludes.columns) as Part[];
  const ports = parts.map((part) => placeOf(concludes, part)?.port ?? concludes.port);
  return [...new Set([...ports, ...(concludes.facts ? [concludes.facts.port] : [])])];
}

/**
 * The conclusions of one instance.
 *
 * @param tables - by port; a part whose port or column is absent has no value
 * @param place - where the instance stands, which is where all its rows are claimed
 * @param noteOnMetric - of `port.column`
 */
export function readRows(
  concludes: Concludes,
  tables: ReadonlyMap<string, Table>,
  { id, place, noteOnMetric }: At,
): Conclusion[] {
  const cell = (part: Part, row: number): Value | undefined => {
    const found = placeOf(concludes, part);
    const table = found && tables.get(found.port);
    if (!table || !Object.hasOwn(table.schema, found.column)) return undefined;
    const value = (table.columns[found.column] as ArrayLike<Value>)[row] ?? null;
    return value !== null && table.schema[found.column]!.type === "bool" ? Boolean(value) : value;
  };
  const text = (part: Part, row: number) => String(cell(part, row) ?? "");
  const number = (part: Part, row: number) => Number(cell(part, row) ?? Number.NaN);
  // Where it is not known which side is claimed, or on what scale, nothing can be ranked.
  const ranked = (["side", "scale"] as const).every((part) => {
    return placeOf(concludes, part) === undefined || cell(part, 0) !== undefined;
  });
  const rows = tables.get(concludes.port)?.rows ?? 0;
  return Array.from({ length: rows }, (_, row) => {
    const verdict = text("verdict", row);
    const expected = text("expected", row)
      .split(" or ")
      .filter((word) => word !== "");
    const decided = !(concludes.undecided ?? []).includes(verdict);
    const ratio = text("scale", row) === "log";
    const margin = number("margin", row);
    const drawn = {
      estimate: number("estimate", row),
      low: number("low", row),
      high: number("high", row),
      margin: Number.isNaN(margin) ? Number(ratio) : margin,
      ratio,
    };
    return {
      id,
      name: text("name", row),
      at: [place, text("at", row)].filter((part) => part !== "").join(","),
      text: text("text", row),
      group: text("group", row),
      fact: text("fact", row),
      role: text("role", row) === "control" ? "control" : "claim",
      ...{ verdict, decided, expected },
      ...expectationOf(expected, asExpected(cell("as_expected", row), verdict, expected, decided)),
      counts: text("counts", row),
      opposite: text("states", row) === "opposite",
      metric: noteOnMetric(text("metric", row)),
      ...drawn,
      bearing: text("bearing", row) || "empirical",
      reason: text("reason", row),
      strength:
        ranked && !(concludes.divided ?? []).includes(verdict)
          ? strengthOf(drawn, text("side", row) || "greater")
          : Number.NaN,
      p: number("p", row),
      pFlip: number("p_flip", row),
    };
  });
}

/**
 * What the rows of each fact of one instance come to.
 *
 * @param rows - of the same instance
 */
export function readFacts(
  { facts, undecided = [] }: Concludes,
  tables: ReadonlyMap<string, Table>,
  rows: readonly Conclusion[],
  { id, place }: At,
): Fact[] {
  const table = facts && tables.get(facts.port);
  if (!table) return [];
  const cell = (part: keyof typeof facts.columns, row: number): Value => {
    const column = facts.columns[part];
    if (column === undefined || !Object.hasOwn(table.schema, column)) return null;
    return (table.columns[column] as ArrayLike<Value>)[row] ?? null;
  };
  const text = (part: keyof typeof facts.columns, row: number) => String(cell(part, row) ?? "");
  return Array.from({ length: table.rows }, (_, row) => {
    const [name, verdict, said] = [
      text("name", row),
      text("verdict", row),
      cell("as_expected", row),
    ];
    const members = rows.filter(({ fact }) => fact === name);
    const expected = facts?.columns.expected
      ? text("expected", row)
      : members.flatMap((one) => one.expected).join(", ");
    return {
      ...{ id, name, at: place, verdict, says: text("says", row), text: text("text", row) },
      group: text("group", row),
      role: text("role", row) === "control" ? "control" : "claim",
      decided: !undecided.includes(verdict),
      ...expectationOf(expected === "" ? [] : [expected], said === null ? null : Boolean(said)),
      counts: text("counts", row),
      opposite: text("states", row) === "opposite",
      bearing: text("bearing", row) || "empirical",
      rows: members,
    };
  });
}

/** What the table says, or else what follows from the words: what is undecided is against nothing. */
function asExpected(
  said: Value | undefined,
  verdict: string,
  expected: readonly string[],
  decided: boolean,
): boolean | null {
  if (said !== undefined) return said === null ? null : Boolean(said);
  if (expected.length === 0) return null;
  return expected.includes(verdict) || (decided ? false : null);
}

function expectationOf(
  expected: readonly string[],
  asExpected: boolean | null,
): { asExpected: boolean | null; expectation: Expectation } {
  if (asExpected !== null) return { asExpected, expectation: asExpected ? "met" : "missed" };
  return { asExpected, expectation: expected.length === 0 ? "none" : "open" };
}

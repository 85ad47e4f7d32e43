/**
 * Checks what a node type says in `concludes`, which may be written in a language without types. Knows
 * nothing of what is concluded.
 */
import type { Concludes, Ports } from "../node-type.ts";
import { own } from "../own.ts";

/** A flaw of `concludes`, by itself or, if they are known, by the output ports. */
export function flawOfConcludes(concludes: unknown, outputs?: Ports): string | undefined {
  if (concludes === undefined) return undefined;
  const {
    port,
    columns,
    groups = "",
    verdicts,
    undecided = [],
    divided = [],
    facts,
  } = Object(concludes) as Partial<Concludes>;
  if (typeof port !== "string") return "concludes.port must name an output port";
  if (!isTexts(columns)) return "concludes.columns must be an object of names of columns";
  if (!columns.name || !columns.verdict)
    return "concludes.columns must name the columns name and verdict";
  if (typeof groups !== "string") return "concludes.groups must name a parameter";
  if (!isTexts(verdicts)) return "concludes.verdicts must be an object: what each verdict means";
  for (const [name, words] of Object.entries({ undecided, divided })) {
    if (!Array.isArray(words)) return `concludes.${name} must be a list of verdicts`;
    const stranger = words.find((word) => !Object.hasOwn(verdicts, word));
    if (stranger !== undefined)
      return `concludes.${name} has ${JSON.stringify(stranger)}, which is not in verdicts`;
  }
  const flaw = facts === undefined ? undefined : flawOfFacts(facts, outputs);
  if (flaw !== undefined) return flaw;
  for (const part of outputs ? Object.keys(columns) : []) {
    const place = placeOf(concludes as Concludes, part as keyof Concludes["columns"])!;
    const found = own(outputs!, place.port);
    if (!found) return `concludes names no output port ${JSON.stringify(place.port)}`;
    if (!Object.hasOwn(found.columns, place.column)) {
      const column = JSON.stringify(place.column);
      return `concludes.columns.${part}: port ${JSON.stringify(place.port)} has no column ${column}`;
    }
  }
  return undefined;
}

function flawOfFacts(facts: unknown, outputs: Ports | undefined): string | undefined {
  const { port, columns } = Object(facts) as Partial<NonNullable<Concludes["facts"]>>;
  if (typeof port !== "string") return "concludes.facts.port must name an output port";
  if (!isTexts(columns) || !columns.name || !columns.verdict)
    return "concludes.facts.columns must name the columns name and verdict";
  const found = outputs && own(outputs, port);
  if (outputs && !found) return `concludes.facts names no output port ${JSON.stringify(port)}`;
  for (const [part, column] of found ? Object.entries(columns) : []) {
    if (Object.hasOwn(found!.columns, column)) continue;
    const what = `port ${JSON.stringify(port)} has no column ${JSON.stringify(column)}`;
    return `concludes.facts.columns.${part}: ${what}`;
  }
  return undefined;
}

/** The port and the column that hold a part of a conclusion; undefined if none is named. */
export function placeOf(
  concludes: Concludes,
  part: keyof Concludes["columns"],
): { port: string; column: string } | undefined {
  const text = concludes.columns[part];
  if (text === undefined) return undefined;
  const dot = text.indexOf(".");
  if (dot < 0) return { port: concludes.port, column: text };
  return { port: text.slice(0, dot), column: text.slice(dot + 1) };
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === "string");
}

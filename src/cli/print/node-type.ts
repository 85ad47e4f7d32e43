/** What is said of a node type's ports, in a terminal and on a page alike. Knows no node type. */
import { type AnyNodeType, type Columns, formatType, type Port, type Ports } from "../../index.ts";

/** ` (optional, main)`, or nothing. */
export function marksOf({ optional, main }: Port): string {
  const marks = [optional ? "optional" : "", main ? "main" : ""].filter(Boolean);
  return marks.length > 0 ? ` (${marks.join(", ")})` : "";
}

/** The parameters and inputs that typical outputs are those of; none if they depend on nothing. */
export function typicalCase({ outputs, typical }: AnyNodeType): readonly string[] {
  if (!typical || typeof outputs !== "function") return [];
  const inputs = Object.entries(typical.inputs ?? {});
  return [
    ...Object.entries(typical.params).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    ...inputs.map(([port, columns]) => `${port} of ${columnsText(columns)}`),
  ];
}

const shownTypes = 3;

function columnsText(columns: Columns): string {
  const all = Object.entries(columns).map(([name, type]) => `${name} ${formatType(type)}`);
  const more = all.length > shownTypes ? ", …" : "";
  return `{ ${all.slice(0, shownTypes).join(", ")}${more} }`;
}

interface MoreColumns {
  readonly port: string;
  /** Names, and the line on each. */
  readonly columns: readonly (readonly [string, string])[];
}

/** Columns that other parameters or inputs give: their types are not known here. */
export function moreColumns({ notes = {}, inputs }: AnyNodeType, outputs: Ports): MoreColumns[] {
  return Object.entries(notes).flatMap(([port, noted]) => {
    if (port === "*" || Object.hasOwn(inputs, port)) return [];
    const known = Object.hasOwn(outputs, port) ? outputs[port]!.columns : {};
    const columns = Object.entries(noted).filter(([name]) => {
      return !name.includes("*") && !Object.hasOwn(known, name);
    });
    return columns.length === 0 ? [] : { port, columns };
  });
}

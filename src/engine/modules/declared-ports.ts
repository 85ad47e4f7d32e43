/**
 * Checks the ports that a node type declares, which may be written in a language without types. Knows
 * nothing of what a node does.
 */
import { checkColumns } from "../../table/columns.ts";
import type { Columns } from "../../table/schema.ts";

/** A flaw of a node type's output ports; `undefined` if there is none. */
export function flawOfOutputs(ports: unknown): string | undefined {
  if (!isObject(ports)) return "outputs must be an object of ports";
  if (Object.keys(ports).length === 0) return "outputs must have a port: nothing else is kept";
  return flawOfPorts("outputs", ports, checkColumns);
}

/** A flaw of input ports, whose columns may be any. */
export function flawOfInputs(ports: unknown): string | undefined {
  if (!isObject(ports)) return "inputs must be an object of ports, or {}";
  return flawOfPorts("inputs", ports, () => {});
}

function flawOfPorts(
  word: string,
  ports: Readonly<Record<string, unknown>>,
  check: (columns: Columns) => void,
): string | undefined {
  for (const [name, port] of Object.entries(ports)) {
    if (name === "__proto__") return "no port can be called __proto__";
    const columns = isObject(port) ? port["columns"] : undefined;
    if (!isObject(columns) || !Object.values(columns).every(isObject)) {
      return `${word}.${name} must be table({ … })`;
    }
    try {
      check(columns as Columns);
    } catch (error) {
      return `${word}.${name}: ${(error as Error).message}`;
    }
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && typeof Object(value).then !== "function";
}

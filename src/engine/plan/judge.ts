/**
 * Judges whether a record can be that of an action, however it is signed: it must have the outputs that
 * the node type declares for these parameters and inputs, and nothing else. Knows no store.
 */

import type { Judge } from "../../store/objections.ts";
import { sameColumns } from "../../table/columns.ts";
import type { Artifact, Columns } from "../../table/schema.ts";
import type { Port } from "../node-type.ts";

export interface Expected {
  /** Columns by port; undefined where any will do. */
  readonly columns: ReadonlyMap<string, Columns | undefined>;
  /** The node type's checkpoint; a record may lack it. */
  readonly checkpoint: Port | undefined;
  /** Rows of every output, where the node type maps an input row by row. */
  readonly rows?: number | undefined;
}

export function judgeBy(expected: Expected): Judge {
  return ({ outputs, checkpoint }) => {
    const { columns, rows } = expected;
    for (const port of columns.keys()) {
      if (!Object.hasOwn(outputs, port)) return `it has no output ${JSON.stringify(port)}`;
    }
    for (const [port, artifact] of Object.entries(outputs)) {
      const name = JSON.stringify(port);
      if (!columns.has(port)) return `its node type has no output ${name}`;
      const declared = columns.get(port);
      if (declared && !areSame(declared, artifact.schema)) {
        return `its output ${name} has other columns than its node type makes`;
      }
      if (rows !== undefined && artifact.rows !== rows) {
        return `its output ${name} has ${artifact.rows} rows instead of ${rows}`;
      }
    }
    return checkpointProblem(expected.checkpoint, checkpoint);
  };
}

/** Columns that were found the same: those of thousands of instances are few objects. */
const found = new WeakMap<Columns, WeakSet<Columns>>();

function areSame(declared: Columns, columns: Columns): boolean {
  const known = found.get(declared) ?? new WeakSet();
  if (known.has(columns)) return true;
  if (!sameColumns(declared, columns)) return false;
  found.set(declared, known.add(columns));
  return true;
}

function checkpointProblem(
  declared: Port | undefined,
  checkpoint: Artifact | undefined,
): string | undefined {
  if (!checkpoint) return undefined;
  if (!declared) return "its node type has no checkpoint";
  return sameColumns(declared.columns, checkpoint.schema)
    ? undefined
    : "its checkpoint has other columns than its node type makes";
}

/** The columns of ports as a node type resolved them. */
export function columnsByPort(ports: Readonly<Record<string, Port>>): Map<string, Columns> {
  return new Map(Object.entries(ports).map(([port, { columns }]) => [port, columns]));
}

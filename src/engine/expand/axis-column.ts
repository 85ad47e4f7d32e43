/** The type of the column that a collected axis becomes. */
import type { ScalarColumn } from "../../table/schema.ts";
import type { Scalar } from "../language/tree.ts";

/** `undefined` where an instance lacks the axis: the column is then nullable. */
export function axisColumn(values: readonly (Scalar | undefined)[]): ScalarColumn {
  const first = values.find((value) => value !== undefined);
  const type = typeof first === "number" ? "float64" : typeof first === "boolean" ? "bool" : "utf8";
  return values.includes(undefined) ? { type, nullable: true } : { type };
}

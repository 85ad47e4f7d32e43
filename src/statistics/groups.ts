/** Rows of a table that share a value, say the inverse temperature. */

export interface Group {
  readonly value: number;
  /** Row indices, in order. */
  readonly rows: Int32Array;
}

/** One group per distinct value, values ascending. */
export function groupRows(values: ArrayLike<number>): Group[] {
  const rows = new Map<number, number[]>();
  for (let i = 0; i < values.length; i++) {
    const list = rows.get(values[i]!);
    if (list) list.push(i);
    else rows.set(values[i]!, [i]);
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([value, list]) => ({ value, rows: Int32Array.from(list) }));
}

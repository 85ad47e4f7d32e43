/** The assignment problem: pairs rows with columns at the least total cost. Knows no weights. */

/**
 * The column of each row, all different, so that the sum of `cost` is least: the Hungarian method
 * by shortest augmenting paths with potentials, O(rows^2 columns) (Kuhn 1955; Jonker & Volgenant,
 * Computing 38, 325 (1987)). Of several best assignments it always finds the same one.
 * @param cost rows x columns finite numbers, row-major.
 * @throws RangeError for more rows than columns, or a number that is not finite.
 */
export function assignRows(cost: ArrayLike<number>, rows: number, columns: number): Int32Array {
  if (rows > columns) throw new RangeError(`${rows} rows do not fit ${columns} columns`);
  for (let i = 0; i < rows * columns; i++) {
    if (!Number.isFinite(cost[i])) throw new RangeError(`cost ${cost[i]} is not finite`);
  }
  const state: Matching = {
    ...{ cost, columns },
    rowOf: new Int32Array(columns).fill(-1),
    rowPotential: new Float64Array(rows),
    columnPotential: new Float64Array(columns),
  };
  for (let row = 0; row < rows; row++) augment(state, row);
  const columnOf = new Int32Array(rows);
  for (const [column, row] of state.rowOf.entries()) if (row >= 0) columnOf[row] = column;
  return columnOf;
}

interface Matching {
  readonly cost: ArrayLike<number>;
  readonly columns: number;
  /** The row that has a column; -1 if none has. */
  readonly rowOf: Int32Array;
  /** cost - rowPotential - columnPotential is 0 for pairs and nowhere negative. */
  readonly rowPotential: Float64Array;
  readonly columnPotential: Float64Array;
}

/** Gives `start` a column, along the path of least reduced cost to a free one (Dijkstra). */
function augment(state: Matching, start: number): void {
  const { cost, columns, rowOf, rowPotential, columnPotential } = state;
  const distance = new Float64Array(columns).fill(Infinity);
  const before = new Int32Array(columns).fill(-1);
  const scanned: number[] = [];
  const isOpen = new Uint8Array(columns).fill(1);
  let column = -1;
  let row = start;
  let reached = 0;
  for (;;) {
    let nearest = -1;
    for (let j = 0; j < columns; j++) {
      if (!isOpen[j]) continue;
      const d = reached + cost[row * columns + j]! - rowPotential[row]! - columnPotential[j]!;
      if (d < distance[j]!) {
        distance[j] = d;
        before[j] = column;
      }
      if (nearest < 0 || distance[j]! < distance[nearest]!) nearest = j;
    }
    column = nearest;
    reached = distance[column]!;
    if (rowOf[column]! < 0) break;
    isOpen[column] = 0;
    scanned.push(column);
    row = rowOf[column]!;
  }
  rowPotential[start]! += reached;
  for (const j of scanned) {
    rowPotential[rowOf[j]!]! += reached - distance[j]!;
    columnPotential[j]! -= reached - distance[j]!;
  }
  while (column >= 0) {
    const previous = before[column]!;
    rowOf[column] = previous < 0 ? start : rowOf[previous]!;
    column = previous;
  }
}

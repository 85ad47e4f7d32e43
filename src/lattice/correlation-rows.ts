/** Rows of one configuration each. */

/** The side of a square lattice; undefined if that many sites are none. */
export function squareSide(sites: number): number | undefined {
  const side = Math.round(Math.sqrt(sites));
  return side * side === sites && side > 0 ? side : undefined;
}

/** The rows named in `order`, each `width` items. */
export function gatherRows<T extends Int8Array | Float32Array>(
  rows: T,
  width: number,
  order: Int32Array,
): T {
  const gathered = new (rows.constructor as new (length: number) => T)(order.length * width);
  for (const [to, from] of order.entries()) {
    gathered.set(rows.subarray(from * width, (from + 1) * width), to * width);
  }
  return gathered;
}

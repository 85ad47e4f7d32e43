/** p values as text. */

/** So small a p of few replicates says what the assumed distribution has in its tail, and nothing of the data. */
const floor = 1e-6;

/** `< 1e-6`, or two digits; empty for NaN. */
export function formatP(p: number): string {
  if (Number.isNaN(p)) return "";
  return p < floor ? "< 1e-6" : String(Number(p.toPrecision(2)));
}

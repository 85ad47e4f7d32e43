/** How strongly an estimate speaks for a claim, in a unit that all claims share. */

interface Drawn {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly margin: number;
  readonly ratio: boolean;
}

/**
 * The distance from the margin to the estimate, in units of that half of the interval which faces the
 * margin; ratios by their logarithms. NaN without an interval.
 *
 * @param side - what is claimed: beyond the margin on one side (`greater`, `less`) or either (`different`),
 * or within it (`equal`)
 */
export function strengthOf(drawn: Drawn, side: string): number {
  const scaled = (x: number) => (drawn.ratio ? Math.log(x) : x);
  const [estimate, margin] = [scaled(drawn.estimate), scaled(drawn.margin)];
  // Turned so that the nearer margin lies above; sizes are measured from no difference.
  const turn = side === "less" || (side !== "greater" && estimate < 0) ? -1 : 1;
  const ends = [drawn.low, drawn.high].map((end) => turn * scaled(end));
  const beyond = turn * estimate - margin;
  const facing = beyond < 0 ? Math.max(...ends) : Math.min(...ends);
  const half = Math.abs(turn * estimate - facing);
  const strength = half === 0 && beyond === 0 ? 0 : beyond / half;
  return side === "equal" ? 0 - strength : strength;
}

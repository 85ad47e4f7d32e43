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
 */
export function strengthOf({ estimate, low, high, margin, ratio }: Drawn, less: boolean): number {
  const turned = (x: number) => (less ? -1 : 1) * (ratio ? Math.log(x) : x);
  const beyond = turned(estimate) - (ratio ? Math.log(margin) : margin);
  // Turned so that the claim is "greater", the upper end faces the margin of what falls short.
  const facing = beyond < 0 === less ? low : high;
  const half = Math.abs(turned(estimate) - turned(facing));
  return half === 0 && beyond === 0 ? 0 : beyond / half;
}

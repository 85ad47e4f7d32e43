/** An estimate with its interval as text, both rounded to what the interval can tell apart. */

/** More decimals than this, and numbers are easier to read with an exponent. */
const maxDecimals = 6;
const largest = 1e7;

/**
 * `0.655 [0.651, 0.658]`: two digits of the interval's width. Without an interval, four digits of the
 * estimate; without an estimate, nothing.
 */
export function formatEstimate(estimate: number, low: number, high: number): string {
  if (Number.isNaN(estimate)) return "";
  if (Number.isNaN(low) || Number.isNaN(high)) return formatNumber(estimate);
  const write = writer([estimate, low, high], high - low);
  return `${write(estimate)} [${write(low)}, ${write(high)}]`;
}

/** A number alone: four digits, whatever its size. */
export function formatNumber(x: number): string {
  if (!Number.isFinite(x)) return signed(String(x));
  return writer([x], Math.abs(x) / 100)(x);
}

/** Writes numbers to the last digit that a width of this size has: its second. */
function writer(numbers: readonly number[], width: number): (x: number) => string {
  const finite = numbers.filter(Number.isFinite).map(Math.abs);
  const most = Math.max(0, ...finite);
  const step = Number.isFinite(width) && width > leastNormal ? width : most / 100;
  // The place of the second digit: 0.0069 has it at 10^-4.
  const place = step > leastNormal ? Math.floor(Math.log10(step)) - 1 : 0;
  const plain = most < largest && -place <= maxDecimals;
  return (x) => {
    if (!Number.isFinite(x)) return signed(String(x));
    if (Math.abs(x) < leastNormal) return "0";
    if (plain) return signed(x.toFixed(Math.max(0, -place)));
    const digits = Math.floor(Math.log10(Math.abs(x))) - place;
    return signed(digits < 0 ? "0" : x.toExponential(Math.min(digits, 15)));
  };
}

/** 2^-1022: smaller numbers have lost digits, and are shown as 0. */
const leastNormal = 2.2250738585072014e-308;

/** No negative zero. */
function signed(text: string): string {
  return /^-[0.]*$/.test(text) ? text.slice(1) : text;
}

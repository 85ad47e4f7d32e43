/**
 * Exact decimal arithmetic. A grid that is computed by adding floating-point steps differs from the
 * same numbers written out in the last bit, and with it the keys; this one does not.
 */

/** digits · 10^-places */
export interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

/** The shortest decimal that reads back as `x`, which must be finite. */
export function toDecimal(x: number): Decimal {
  return parseDecimal(String(x));
}

/** The number that a text writes, in decimal as JavaScript and YAML have it. */
export function parseDecimal(text: string): Decimal {
  const match = /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text);
  if (!match) throw new RangeError(`internal error: not a finite number: ${text}`);
  const [, sign, whole, fraction = "", exponent = "0"] = match;
  const size = BigInt(`${whole}${fraction}`);
  const digits = sign === "-" ? -size : size;
  const places = fraction.length - Number(exponent);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}

/** The nearest floating-point number; never -0, which would be a second name for 0. */
export function toNumber({ digits, places }: Decimal): number {
  return digits === 0n ? 0 : Number(`${digits}e${-places}`);
}

/** Both with the same number of places. */
export function align(...numbers: readonly Decimal[]): { digits: bigint[]; places: number } {
  const places = Math.max(...numbers.map((number) => number.places));
  const digits = numbers.map((n) => n.digits * 10n ** BigInt(places - n.places));
  return { digits, places };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const { digits, places } = align(a, b);
  return { digits: digits[0]! + digits[1]!, places };
}

export function sameDecimal(a: Decimal, b: Decimal): boolean {
  const { digits } = align(a, b);
  return digits[0] === digits[1];
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, places: a.places + b.places };
}

/** More digits than a floating-point number can distinguish. */
const quotientPlaces = 400;

/** a / b, exact where it has at most 400 places; b must not be 0. */
export function divide(a: Decimal, b: Decimal): Decimal {
  const places = quotientPlaces + b.places;
  const scaled = a.digits * 10n ** BigInt(places);
  return { digits: scaled / b.digits, places: places + a.places - b.places };
}

/** Exact dollars of the contract (`cost_usd`): a decimal string, read without floating point. */

const DIGITS = 12;
const UNIT = 10n ** BigInt(DIGITS);
const SHAPE = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** A decimal string as a count of 10^-12 dollars; null where it is not a decimal number. */
export function parseDecimal(text: string): bigint | null {
  const match = SHAPE.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = "0", fraction = ""] = match;
  const scaled = BigInt(whole) * UNIT + BigInt(fraction.slice(0, DIGITS).padEnd(DIGITS, "0"));
  return sign === "-" ? -scaled : scaled;
}

/** A count of 10^-12 dollars rounded to `places` digits, halves away from zero: its whole and its fraction digits. */
export function roundDecimal(scaled: bigint, places: number): { whole: bigint; fraction: string } {
  const step = 10n ** BigInt(DIGITS - places);
  const size = scaled < 0n ? -scaled : scaled;
  const rounded = (size + step / 2n) / step;
  const base = 10n ** BigInt(places);
  return { whole: rounded / base, fraction: places === 0 ? "" : (rounded % base).toString().padStart(places, "0") };
}

/** The exact sum of decimal strings, as a decimal string of twelve digits; null parts and malformed ones count nothing. */
export function sumDecimals(parts: readonly (string | null)[]): string {
  const sum = parts.reduce((total, part) => total + (part === null ? 0n : (parseDecimal(part) ?? 0n)), 0n);
  const { whole, fraction } = roundDecimal(sum, DIGITS);
  return `${sum < 0n ? "-" : ""}${whole}.${fraction}`;
}

/** Orders two decimal strings by value; null is less than every number. */
export function compareDecimals(left: string | null, right: string | null): number {
  const a = left === null ? null : parseDecimal(left);
  const b = right === null ? null : parseDecimal(right);
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A decimal string as a number, for drawing and sorting only; null stays null. */
export function decimalToNumber(text: string | null): number | null {
  if (text === null) return null;
  return parseDecimal(text) === null ? null : Number(text);
}

import { parseDecimal, roundDecimal } from "./decimal";
import { compactNumber, groupDigits, tickNumber } from "./numbers";

/** What stands where a price is unknown. */
export const UNPRICED = "unpriced";

const CENT = 10n ** 10n;
const DOLLAR = 10n ** 12n;
/** From here on dollars are shortened: $1.23B. */
const SHORTEN_FROM = 1_000_000_000n * DOLLAR;
/** What four digits would round to nothing. */
const SMALLEST = DOLLAR / 20_000n;

/** Exact dollars for reading: cents, four digits below one dollar, "<$0.0001" below that; null is `missing`. */
export function formatMoney(usd: string | null | undefined, missing: string = UNPRICED): string {
  if (usd == null) return missing;
  const scaled = parseDecimal(usd);
  if (scaled === null) return "–";
  const size = scaled < 0n ? -scaled : scaled;
  const sign = scaled < 0n ? "-" : "";
  if (size === 0n) return "$0.00";
  if (size >= SHORTEN_FROM) return `${sign}$${compactNumber(Number(size / CENT) / 100)}`;
  if (size < SMALLEST) return `${sign === "" ? "<" : ">-"}$0.0001`;
  return `${sign}$${dollars(size)}`;
}

/** Dollars for a place with little room: cents up to $100K, $1.23M above. */
export function shortMoney(usd: string | null | undefined): string {
  const value = usd == null ? Number.NaN : Number(usd);
  return Math.abs(value) >= 99_999.5 ? `${value < 0 ? "-" : ""}$${compactNumber(Math.abs(value))}` : formatMoney(usd);
}

/** Every digit of an amount, at least cents: for hover. */
export function exactMoney(usd: string | null | undefined, missing: string = UNPRICED): string {
  if (usd == null) return missing;
  const scaled = parseDecimal(usd);
  if (scaled === null) return "–";
  const { whole, fraction } = roundDecimal(scaled, 12);
  return `${scaled < 0n ? "-" : ""}$${groupDigits(whole)}.${fraction.slice(0, 2)}${fraction.slice(2).replace(/0+$/, "")}`;
}

/** Dollars of a chart, which are floats: the same rules as `formatMoney`. */
export function formatMoneyNumber(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1e15) return `${value < 0 ? "-" : ""}$${compactNumber(Math.abs(value))}`;
  return formatMoney(value.toFixed(12));
}

/** Dollars on an axis whose ticks are `step` apart, all with the same decimals: $0, $10 or $0.50, $1.00. */
export function formatMoneyTick(value: number, step: number = value): string {
  if (!Number.isFinite(value)) return "–";
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  if (size === 0) return "$0";
  if (size >= 1000) return `${sign}$${tickNumber(size)}`;
  const apart = Math.abs(step);
  const digits = apart >= 1 && apart % 1 === 0 ? 0 : apart >= 0.01 ? 2 : 4;
  return `${sign}$${size.toFixed(digits)}`;
}

function dollars(size: bigint): string {
  const small = roundDecimal(size, 4);
  if (size < DOLLAR && small.whole === 0n) return `0.${small.fraction}`;
  const { whole, fraction } = roundDecimal(size, 2);
  return `${groupDigits(whole)}.${fraction}`;
}

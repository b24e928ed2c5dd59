import { amountsHidden, convert, convertNumber, signText } from "./currency";
import { parseDecimal, roundDecimal } from "./decimal";
import { compactNumber, groupDigits, tickNumber } from "./numbers";

/** What stands where a price is unknown. */
export const UNPRICED = "unpriced";

const CENT = 10n ** 10n;
const UNIT = 10n ** 12n;
/** From here on amounts are shortened: $1.23B. */
const SHORTEN_FROM = 1_000_000_000n * UNIT;
/** From here on, where there is little room. */
const SHORTEN_SOON = 99_999_500_000_000_000n;
/** What four digits would round to nothing. */
const SMALLEST = UNIT / 20_000n;

/** Stands for an amount in privacy mode: the same for all, so that it tells nothing. */
const hiddenAmount = (): string => `${signText()}••••••`;

/** Exact dollars for reading, in the shown currency: cents, four digits below one, "<$0.0001" below that; null is `missing`. */
export function formatMoney(usd: string | null | undefined, missing: string = UNPRICED): string {
  return write(usd, missing, SHORTEN_FROM);
}

/** The same for a place with little room: cents up to $100K, $1.23M above. */
export function shortMoney(usd: string | null | undefined): string {
  return write(usd, UNPRICED, SHORTEN_SOON);
}

/** Every digit of an amount, at least cents: for hover. */
export function exactMoney(usd: string | null | undefined, missing: string = UNPRICED): string {
  if (usd == null) return missing;
  const dollars = parseDecimal(usd);
  if (dollars === null) return "–";
  if (amountsHidden.value) return hiddenAmount();
  const scaled = convert(dollars);
  const { whole, fraction } = roundDecimal(scaled, 12);
  return `${scaled < 0n ? "-" : ""}${signText()}${groupDigits(whole)}.${fraction.slice(0, 2)}${fraction.slice(2).replace(/0+$/, "")}`;
}

/** Dollars of a chart, which are floats: the same rules as `formatMoney`. */
export function formatMoneyNumber(usd: number | null | undefined): string {
  if (usd == null || !Number.isFinite(usd)) return "–";
  if (Math.abs(usd) < 1e15) return formatMoney(usd.toFixed(12));
  if (amountsHidden.value) return hiddenAmount();
  return `${usd < 0 ? "-" : ""}${signText()}${compactNumber(convertNumber(Math.abs(usd)))}`;
}

/** Amounts on an axis, already in the shown currency; ticks `step` apart have the same decimals: $0, $10 or $0.50, $1.00. */
export function formatMoneyTick(value: number, step: number = value): string {
  if (!Number.isFinite(value)) return "–";
  if (amountsHidden.value) return hiddenAmount();
  const sign = `${value < 0 ? "-" : ""}${signText()}`;
  const size = Math.abs(value);
  if (size === 0) return `${sign}0`;
  if (size >= 1000) return `${sign}${tickNumber(size)}`;
  const apart = Math.abs(step);
  const digits = apart >= 1 && apart % 1 === 0 ? 0 : apart >= 0.01 ? 2 : 4;
  return `${sign}${size.toFixed(digits)}`;
}

function write(usd: string | null | undefined, missing: string, shortenFrom: bigint): string {
  if (usd == null) return missing;
  const dollars = parseDecimal(usd);
  if (dollars === null) return "–";
  if (amountsHidden.value) return hiddenAmount();
  const scaled = convert(dollars);
  const size = scaled < 0n ? -scaled : scaled;
  const minus = scaled < 0n ? "-" : "";
  if (dollars === 0n) return `${signText()}0.00`;
  if (size >= shortenFrom) return `${minus}${signText()}${compactNumber(Number(size / CENT) / 100)}`;
  if (size < SMALLEST) return `${minus === "" ? "<" : ">-"}${signText()}0.0001`;
  return `${minus}${signText()}${figures(size)}`;
}

function figures(size: bigint): string {
  const small = roundDecimal(size, 4);
  if (size < UNIT && small.whole === 0n) return `0.${small.fraction}`;
  const { whole, fraction } = roundDecimal(size, 2);
  return `${groupDigits(whole)}.${fraction}`;
}

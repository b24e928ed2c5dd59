/** How amounts are shown: the ledger counts US dollars; another currency is a sign and a fixed rate, set by hand. */
import { signal } from "@preact/signals";
import { roundDecimal } from "./decimal";

/** Digits after the point that a rate may have. */
const RATE_DIGITS = 8;
const RATE_UNIT = 10n ** BigInt(RATE_DIGITS);
const RATE = /^(\d{1,6})(?:\.(\d{1,8}))?$/;

/** A sign and what one dollar is in it, as a count of 10^-8. */
export interface Currency {
  sign: string;
  rate: bigint;
}

const DOLLARS: Currency = { sign: "$", rate: RATE_UNIT };

/** The currency of everything that is shown. */
export const currency = signal<Currency>(DOLLARS);
/** Whether amounts are hidden (privacy mode). */
export const amountsHidden = signal(false);

/** A rate as a count of 10^-8; null where it is not an exact decimal above zero. */
export function parseRate(text: string): bigint | null {
  const match = RATE.exec(text.trim());
  if (!match) return null;
  const rate = BigInt(match[1] ?? "0") * RATE_UNIT + BigInt((match[2] ?? "").padEnd(RATE_DIGITS, "0"));
  return rate === 0n ? null : rate;
}

/** Shows amounts in another currency; dollars for a rate that cannot be read. */
export function applyCurrency(sign: string, rate: string): void {
  const parsed = parseRate(rate);
  const next = parsed === null ? DOLLARS : { sign, rate: parsed };
  const { sign: shown, rate: held } = currency.peek();
  if (next.sign !== shown || next.rate !== held) currency.value = next;
}

/** Whether amounts are something other than the dollars of the ledger. */
export const isConverted = ({ sign, rate }: Currency): boolean => sign !== DOLLARS.sign || rate !== DOLLARS.rate;

/** Exact dollars (a count of 10^-12) in the shown currency, halves away from zero. */
export function convert(scaled: bigint): bigint {
  const { rate } = currency.value;
  if (rate === RATE_UNIT) return scaled;
  const product = (scaled < 0n ? -scaled : scaled) * rate;
  const rounded = (product + RATE_UNIT / 2n) / RATE_UNIT;
  return scaled < 0n ? -rounded : rounded;
}

/** Dollars of a chart, which are floats, in the shown currency. */
export const convertNumber = (usd: number): number => (currency.value.rate === RATE_UNIT ? usd : (usd * Number(currency.value.rate)) / Number(RATE_UNIT));

/** The sign before an amount; a name such as CHF stands apart from the figures. */
export function signText(sign: string = currency.value.sign): string {
  return /\p{L}$/u.test(sign) ? `${sign}\u00a0` : sign;
}

/** The rate as it was written, without zeros that say nothing. */
export function rateText({ rate }: Currency): string {
  const { whole, fraction } = roundDecimal(rate * 10n ** BigInt(12 - RATE_DIGITS), RATE_DIGITS);
  const digits = fraction.replace(/0+$/, "");
  return digits === "" ? String(whole) : `${whole}.${digits}`;
}

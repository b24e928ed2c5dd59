import { compactNumber, groupDigits, tickNumber } from "./numbers";
import { lastPathPart } from "./text";

export { exactMoney, formatMoney, formatMoneyNumber, formatMoneyTick, shortMoney, UNPRICED } from "./money";
export {
  formatAgo,
  formatClock,
  formatDateTime,
  formatDay,
  formatDuration,
  formatMoment,
  formatRelative,
} from "./timeformat";

const NONE = "–";

/** Tokens for reading, in three digits: 12.3K, 4.56M, 38.0M, 730K, 1.05B; exact below a thousand. */
export function formatTokens(tokens: number | null | undefined): string {
  if (tokens == null || !Number.isFinite(tokens)) return NONE;
  return tokens < 0 ? `-${compactNumber(-tokens)}` : compactNumber(tokens);
}

/** Tokens on an axis: 20M, 1.5K. */
export const formatTokensTick = (tokens: number): string => (Number.isFinite(tokens) ? `${tokens < 0 ? "-" : ""}${tickNumber(Math.abs(tokens))}` : NONE);

/** The exact whole number with commas: for hover and for counts. */
export function exactTokens(tokens: number | null | undefined): string {
  if (tokens == null || !Number.isFinite(tokens)) return NONE;
  const whole = Math.round(tokens);
  return whole < 0 ? `-${groupDigits(BigInt(-whole))}` : groupDigits(BigInt(whole));
}

/** A count with its noun: "1 session", "3,418 responses". */
export function formatCount(count: number, one: string, many: string = `${one}s`): string {
  return `${exactTokens(count)} ${count === 1 ? one : many}`;
}

/** Percent: no decimals from 10 on, one below; null is "unknown". Never rounds up to 100 nor down to 0. */
export function formatPercent(percent: number | null | undefined, missing: string = "unknown"): string {
  if (percent == null || !Number.isFinite(percent)) return missing;
  const size = Math.abs(percent);
  const sign = percent < 0 ? "-" : "";
  if (size === 0) return "0 %";
  if (size < 0.05) return `${sign === "" ? "<" : ">-"}0.1 %`;
  if (size > 99 && size < 100) return `${sign}99 %`;
  if (size >= 9.95) return `${sign}${groupDigits(BigInt(Math.round(size)))} %`;
  const text = size.toFixed(1);
  return `${sign}${text.endsWith(".0") ? text.slice(0, -2) : text} %`;
}

/** A share in a column: always one decimal below ten ("9.0 %"), so that the figures line up. */
export function formatShare(percent: number): string {
  const text = formatPercent(percent);
  return /^-?\d %$/.test(text) && percent !== 0 ? text.replace(" %", ".0 %") : text;
}

/** The change against the period before ("+12 %"); null where that period is not known. */
export function formatChange(current: number, previous: number | null): string | null {
  if (previous === null || !Number.isFinite(previous) || !Number.isFinite(current)) return null;
  if (previous === 0) return current === 0 ? "no change" : "new";
  const percent = ((current - previous) / Math.abs(previous)) * 100;
  if (Math.abs(percent) < 0.05) return "no change";
  if (percent > 999) return `×${tickNumber(current / previous)}`;
  return `${percent > 0 ? "+" : ""}${formatPercent(percent)}`;
}

/** The change of a share in percentage points ("+0.6 pt"); null where the share before is not known. */
export function formatPointChange(current: number, previous: number | null): string | null {
  if (previous === null || !Number.isFinite(previous) || !Number.isFinite(current)) return null;
  const points = current - previous;
  if (Math.abs(points) < 0.05) return "no change";
  const text = Math.abs(points) >= 9.95 ? Math.abs(points).toFixed(0) : Math.abs(points).toFixed(1);
  return `${points > 0 ? "+" : "-"}${text} pt`;
}

/** Bytes in the unit that fits: "512 B", "12.3 KB", "4.5 GB". */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes == null || !Number.isFinite(bytes) || bytes < 0) return NONE;
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

const UUID = /([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** A session id short enough for a row: head and tail of its UUID, because the head alone is a time that sub-agents share. */
export function shortSessionId(id: string): string {
  const uuids = id.match(new RegExp(UUID, "gi"));
  const last = uuids?.[uuids.length - 1];
  if (last !== undefined) return `${last.slice(0, 8)}…${last.slice(-4)}`;
  const name = lastPathPart(id);
  return name.length > 18 ? `${name.slice(0, 8)}…${name.slice(-6)}` : name;
}

/** What a limit window says about itself, in words. */
import type { Forecast, Limit, LimitWindow } from "../../api/types";
import { formatAgo, formatClock, formatMoment, formatPercent, formatRelative } from "../../lib/format";

/** "62 % used, 38 % left"; unknown stays unknown. */
export function usedWords(window: LimitWindow): string {
  if (window.used_percent === null) return "unknown";
  const left = Math.max(0, 100 - window.used_percent);
  return `${formatPercent(window.used_percent)} used, ${formatPercent(left)} left`;
}

/** "resets in 2 h 14 min, 16:40". */
export function resetWords(window: LimitWindow, zone: string, now: number): string {
  const at = window.resets_at_ms;
  if (window.state === "unknown" && at === null) return "no reading yet";
  if (window.state === "reset" || (at !== null && at <= now)) return "has reset since the last reading";
  if (at === null) return "reset time unknown";
  return `resets ${formatRelative(at, now)}, ${formatMoment(at, zone, now)}`;
}

/** "92 % at reset (80–104 %)", or when it runs out before. */
export function forecastWords(forecast: Forecast | null, zone: string, now: number): string | null {
  if (forecast === null) return null;
  const out = forecast.runs_out_at_ms;
  if (out !== null) return out <= now ? "spent by now" : `runs out ${formatRelative(out, now)}, ${formatMoment(out, zone, now)}`;
  const range = `${percentNumber(forecast.low_percent)}–${percentNumber(forecast.high_percent)} %`;
  return `${formatPercent(forecast.at_reset_percent)} at reset (${range})`;
}

/** "22.4 % per hour". */
export function burnWords(forecast: Forecast | null): string | null {
  return forecast === null ? null : `${formatPercent(forecast.percent_per_hour)} per hour`;
}

/** "from logs, 40 s ago". */
export function sourceWords(limit: Limit, now: number): string {
  const source = limit.source === "logs" ? "from logs" : limit.source;
  return limit.observed_at_ms === null ? source : `${source}, ${formatAgo(limit.observed_at_ms, now)}`;
}

/** Whether any window's reading is old. */
export const isStale = (limit: Limit): boolean => limit.windows.some((window) => window.state === "stale");

/** The soonest moment a window of the limit is spent; null where none is foreseen. */
export function runsOutAt(limit: Limit): number | null {
  const times = limit.windows.flatMap((window) => window.forecast?.runs_out_at_ms ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** "runs out 15:50". */
export const runsOutBadge = (at: number, zone: string, now: number): string =>
  at - now < 20 * 3_600_000 ? `runs out ${formatClock(at, zone)}` : `runs out ${formatMoment(at, zone, now)}`;

const percentNumber = (percent: number): string => formatPercent(percent).replace(/ %$/, "");

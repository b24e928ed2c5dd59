/** What a limit window says about itself, in words. */
import type { Forecast, Limit, LimitWindow } from "../../api/types";
import { formatAgo, formatClock, formatMoment, formatPercent, formatRelative } from "../../lib/format";

/** "used, 38 % left": what stands after the percent that is used. */
export function restWords(used: number): string {
  // Both are shown whole between 10 and 90, and then they add up to 100: 12.5 is 13 used, 87 left.
  const shown = used >= 10 && used <= 90 ? Math.round(used) : used;
  return `used, ${formatPercent(Math.max(0, 100 - shown))} left`;
}

/** "resets in 2 h 14 min, 16:40". */
export function resetWords(window: LimitWindow, zone: string, now: number): string {
  const at = window.resets_at_ms;
  if (at === null) return "reset time unknown";
  return at <= now ? `reset ${formatAgo(at, now)}` : `resets ${formatRelative(at, now)}, ${formatMoment(at, zone, now)}`;
}

/** Whether nothing is known of the window that runs now: never read, or reset since the last reading. */
export const isUnknown = (window: LimitWindow): boolean => window.used_percent === null;

/** What an unknown window says of itself: why, and what was known last. */
export function unknownWords(window: LimitWindow, zone: string, now: number): { title: string; detail: string } {
  if (window.state !== "reset") return { title: "no reading yet", detail: "It shows with the first response that reports it." };
  const last = window.history[0];
  const ended = last === undefined ? "" : `, reset ${formatMoment(last.window.end_ms, zone, now)}`;
  if (last?.used_percent == null) return { title: "new window", detail: `not read since it began${ended}` };
  return { title: "new window", detail: `last known ${formatPercent(last.used_percent)} used${ended}` };
}

/** What a block says of its time: "began 10:00, ends in 2 h 14 min, 15:00, 55 % of its time is over". */
export function blockWords(window: LimitWindow, zone: string, now: number): string {
  const { inside, resets_at_ms: end, elapsed_percent: over } = window;
  const parts = [
    inside === null ? null : `began ${formatMoment(inside.start_ms, zone, now)}`,
    end === null ? null : end <= now ? `ended ${formatAgo(end, now)}` : `ends ${formatRelative(end, now)}, ${formatMoment(end, zone, now)}`,
    over === null ? null : `${formatPercent(over)} of its time is over`,
  ];
  return parts.filter((part) => part !== null).join(", ");
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

const SOURCES: Record<string, string> = { logs: "From logs", statusline: "From the status line", estimate: "Estimate", live: "Live" };

/** "From logs, 40 s ago". */
export function sourceWords(limit: Limit, now: number): string {
  const source = SOURCES[limit.source] ?? limit.source;
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

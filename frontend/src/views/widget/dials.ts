/** What the widget shows of each provider: its windows on two rings and as marks, today's use, and how it stands. */
import type { Dashboard, Home, Limit, LimitWindow, ProviderInfo, Usage } from "../../api/types";
import { formatAgo, formatClock } from "../../lib/format";
import { clipText, visibleText } from "../../lib/text";
import { isStale, runsOutAt } from "../overview/limitWords";

/** A window with the name of its limit, where that is not the provider's ordinary one. */
export interface DialWindow {
  window: LimitWindow;
  of: string | null;
}

/** One provider. `windows` are at most two, the shorter one first; `marks` are all others, the fullest first. */
export interface Dial {
  id: string;
  name: string;
  limits: readonly Limit[];
  windows: readonly DialWindow[];
  marks: readonly DialWindow[];
  today: Usage | null;
  broken: boolean;
}

const RINGS = 2;
const MINUTES_OF_HOUR = 60;
const MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR;

/** The providers that are on and have anything to show: a folder, a limit or some use; all that are on where none has. */
export function dialsOf(data: Dashboard, providers: readonly ProviderInfo[], homes: readonly Home[]): Dial[] {
  const all = providers.filter((info) => info.on).map((info) => dialOf(info, data, homes));
  const known = all.filter((dial) => dial.limits.length > 0 || dial.today !== null || homes.some((home) => home.provider === dial.id && home.active));
  return known.length > 0 ? known : all;
}

function dialOf({ id, name }: ProviderInfo, data: Dashboard, homes: readonly Home[]): Dial {
  const limits = (data.limits ?? []).filter((limit) => limit.provider === id);
  const main = limits.find((limit) => limit.limit_id === id) ?? limits[0];
  const ordered = main === undefined ? [] : [main, ...limits.filter((limit) => limit !== main)];
  const windows = ordered.flatMap((limit) => limit.windows.map((window): DialWindow => ({ window, of: limit === main ? null : nameOf(limit) })));
  return {
    id,
    name,
    limits: ordered,
    windows: windows.slice(0, RINGS).sort((a, b) => a.window.window_minutes - b.window.window_minutes),
    marks: windows.slice(RINGS).sort((a, b) => (b.window.used_percent ?? -1) - (a.window.used_percent ?? -1)),
    today: data.breakdown?.rows.find((row) => row.key === id)?.usage ?? null,
    broken: homes.some((home) => home.provider === id && home.active && (home.state === "missing" || home.state === "unreadable")),
  };
}

const nameOf = (limit: Limit): string => clipText(visibleText(limit.limit_name ?? limit.limit_id), 40);

/** A window by its length: "5 h", "7 d", "90 min". */
export function shortWindow(minutes: number): string {
  if (minutes % MINUTES_OF_DAY === 0) return `${minutes / MINUTES_OF_DAY} d`;
  return minutes % MINUTES_OF_HOUR === 0 ? `${minutes / MINUTES_OF_HOUR} h` : `${minutes} min`;
}

/** How a provider stands, in words; the tone only repeats them. */
export interface Standing {
  tone: "ok" | "warn" | "bad" | "quiet";
  words: string;
}

/** What matters most about a provider now. */
export function standingOf(dial: Dial, zone: string, now: number): Standing {
  if (dial.broken) return { tone: "bad", words: "folder not readable" };
  const [main] = dial.limits;
  if (main === undefined) return { tone: "quiet", words: "reports no limits" };
  const spent = [...dial.windows, ...dial.marks].find(({ window }) => (window.used_percent ?? 0) >= 100);
  if (spent) return { tone: "bad", words: spent.of === null ? "limit reached" : `${spent.of} limit reached` };
  const blocked = dial.limits.find((limit) => limit.blocked_by !== null)?.blocked_by;
  if (blocked) return { tone: "bad", words: `blocked by ${blocked.toLowerCase()}` };
  const out = soonest(dial.limits.map(runsOutAt));
  if (out !== null && out > now) return { tone: "warn", words: `runs out ${formatClock(out, zone)}` };
  return ageOf(main, dial, now);
}

function ageOf(main: Limit, dial: Dial, now: number): Standing {
  const age = main.observed_at_ms === null ? null : formatAgo(main.observed_at_ms, now);
  if (age === null || dial.windows.every(({ window }) => window.used_percent === null)) return { tone: "quiet", words: age === null ? "not read yet" : "new, not read yet" };
  return isStale(main) ? { tone: "warn", words: `stale, ${age}` } : { tone: "ok", words: `read ${age}` };
}

function soonest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Whether a moment has passed since the answer that changes what it says: a reset, or midnight. */
export function isOver(data: Dashboard, now: number): boolean {
  const ends = [data.range.end_ms, ...(data.limits ?? []).flatMap((limit) => limit.windows.map((window) => window.resets_at_ms))];
  return ends.some((end) => end !== null && end > data.generated_at_ms && end <= now);
}

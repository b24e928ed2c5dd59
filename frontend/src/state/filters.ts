/** What the page looks at: range, provider and home, kept in the settings. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Bucket, Dimension, Filter, RangeName, ResolvedRange, Settings } from "../api/types";
import { dayIn, isDay } from "../lib/time";
import type { Prefs } from "./prefs";

/** Every range with its full and its short name, in the order they are offered. */
export const RANGES: readonly { name: RangeName; label: string; short: string }[] = [
  { name: "today", label: "Today", short: "Today" },
  { name: "last24h", label: "Last 24 h", short: "24 h" },
  { name: "last7days", label: "Last 7 days", short: "7 days" },
  { name: "last14days", label: "Last 14 days", short: "14 days" },
  { name: "last30days", label: "Last 30 days", short: "30 days" },
  { name: "thismonth", label: "This month", short: "Month" },
  { name: "alltime", label: "All time", short: "All" },
  { name: "custom", label: "Custom", short: "Custom" },
];
/** What a trend can be stacked by and a breakdown grouped by. */
export const DIMENSIONS: readonly Dimension[] = ["model", "effort", "project", "provider", "originator"];
/** The widths of a trend's bars. */
export const BUCKETS: readonly Bucket[] = ["hour", "day", "week", "month"];

const oneOf = <T extends string>(known: readonly T[], text: string | null): T | undefined => known.find((name) => name === text);

/** The range of the settings; an unknown name falls back to the default. */
export const rangeOf = (settings: Settings): RangeName => RANGES.find((range) => range.name === settings.range)?.name ?? "last7days";
/** The bar width of the settings; null lets the backend choose. */
export const bucketOf = (settings: Settings): Bucket | null => oneOf(BUCKETS, settings.bucket) ?? null;
/** A dimension as stored; an unknown one falls back to the model. */
export const dimensionOf = (text: string): Dimension => oneOf(DIMENSIONS, text) ?? "model";

/** The zone that days are counted in: the chosen one, else the system's. */
export const zoneOf = (settings: Settings): string => settings.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The selection and how to change it. */
export interface Filters {
  /** What to ask for; null while a custom range is not complete. */
  filter: ReadonlySignal<Filter | null>;
  /** What is wrong with the custom range, in words. */
  problem: ReadonlySignal<string | null>;
  /** The range before a bar was clicked; null where none was. */
  before: ReadonlySignal<RangeName | null>;
  setRange(name: RangeName, shown: ResolvedRange | null): void;
  setCustom(start: string | null, end: string | null): void;
  setProvider(id: string | null): void;
  setHome(id: number | null): void;
  /** Looks at the days of [startMs, endMs) only. */
  narrow(startMs: number, endMs: number, timezone: string): void;
  /** Goes back to the range before narrowing. */
  widen(): void;
}

/** Why a custom range cannot be asked for; null where it can. */
export function customProblem(settings: Settings): string | null {
  if (rangeOf(settings) !== "custom") return null;
  if (!isDay(settings.custom_start ?? "") || !isDay(settings.custom_end ?? "")) return "Choose both days.";
  return (settings.custom_start ?? "") > (settings.custom_end ?? "") ? "The first day is after the last one." : null;
}

/** The filter that settings mean; null while a custom range is not complete. */
export function filterOf(settings: Settings): Filter | null {
  if (customProblem(settings) !== null) return null;
  const range = rangeOf(settings);
  const days = range === "custom" ? { start: settings.custom_start, end: settings.custom_end } : {};
  return { range, ...days, provider: settings.provider, home: settings.home };
}

function daysShown(settings: Settings, shown: ResolvedRange | null): Partial<Settings> {
  if (customProblem({ ...settings, range: "custom" }) === null) return {};
  const now = Date.now();
  const zone = shown?.timezone ?? zoneOf(settings);
  const last = shown?.end_ms ? Math.min(shown.end_ms - 1, now) : now;
  return { custom_start: dayIn(shown?.start_ms ?? now, zone), custom_end: dayIn(last, zone) };
}

/** Makes the selection; `homeProvider` tells whose home an id is. */
export function createFilters(prefs: Prefs, homeProvider: (id: number) => string | null): Filters {
  const before = signal<RangeName | null>(null);
  const settings = () => prefs.settings.value;
  return {
    filter: computed(() => filterOf(settings())),
    problem: computed(() => customProblem(settings())),
    before,
    setRange(name, shown) {
      before.value = null;
      prefs.change({ range: name, ...(name === "custom" ? daysShown(settings(), shown) : {}) });
    },
    setCustom(start, end) {
      before.value = null;
      prefs.change({ range: "custom", custom_start: start, custom_end: end });
    },
    setProvider(id) {
      const { home } = settings();
      const keepsHome = home === null || id === null || homeProvider(home) === id;
      prefs.change({ provider: id, ...(keepsHome ? {} : { home: null }) });
    },
    setHome: (id) => prefs.change({ home: id }),
    narrow(startMs, endMs, timezone) {
      const range = rangeOf(settings());
      if (range !== "custom") before.value = range;
      prefs.change({ range: "custom", custom_start: dayIn(startMs, timezone), custom_end: dayIn(endMs - 1, timezone), bucket: null });
    },
    widen() {
      const range = before.value;
      before.value = null;
      if (range !== null) prefs.change({ range });
    },
  };
}

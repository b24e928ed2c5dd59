/** States of the page that are rare in life, to be looked at. */
import { ApiError } from "../src/api/client";
import type { AppState, Dashboard, EventsPage, Limit, LimitWindow, Theme } from "../src/api/types";
import type { FakeTransport } from "./fake";
import { appState, scanFirst } from "./fixtures/app";
import { makeBreakdown, makeCards, makeTrends } from "./fixtures/charts";
import { makeDashboard } from "./fixtures/dashboard";
import { limits } from "./fixtures/limits";
import { active, makeEvents } from "./fixtures/sessions";
import { usage } from "./usage";
import { widgetScenes } from "./widgetScenes";

const LONG = "a/very/long/" + "name-of-a-folder-that-nobody-would-type-by-hand/".repeat(12) + "<img src=x onerror=alert(1)>\u202Eedoc";
const never = <T>(): Promise<T> => new Promise(() => undefined);
const fail = (): never => {
  throw new ApiError("store_busy", "The ledger is locked by another program. Close it and try again.");
};

function emptyDashboard(part: Partial<Dashboard>): Dashboard {
  const nothing = usage(0, { events: 0 });
  const card = { value: 0, previous: null, sparkline: [0, 0, 0, 0, 0, 0, 0] };
  const cards = { ...makeCards(), usage: nothing, sessions: 0, tokens_card: card, cost_card: card, cached_share_card: card, output_card: card, sessions_card: card, cache_saved_usd: null };
  return makeDashboard({
    cards,
    limits: [],
    trends: { ...makeTrends(), series: [] },
    breakdown: { ...makeBreakdown(), rows: [] },
    active_sessions: { minutes: 60, sessions: [], average_context_percent: null, average_context_tokens: null, samples: 0 },
    ...part,
  });
}

function hugeDashboard(): Dashboard {
  const breakdown = makeBreakdown();
  return makeDashboard({
    cards: { ...makeCards(), usage: usage(98_765_432, { events: 123_456_789 }), sessions: 12_345_678 },
    breakdown: { ...breakdown, rows: breakdown.rows.map((row) => ({ ...row, usage: usage(9_876_543) })), total: { ...breakdown.total, usage: usage(98_765_432) } },
    trends: makeTrends(168, "hour"),
  });
}

function longDashboard(): Dashboard {
  const data = makeDashboard();
  const series = data.trends?.series.map((one, at) => ({ ...one, key: `${LONG}${at}`, label: LONG })) ?? [];
  const rows = data.breakdown?.rows.map((one, at) => ({ ...one, key: `${LONG}${at}`, label: LONG })) ?? [];
  return {
    ...data,
    trends: data.trends && { ...data.trends, series },
    breakdown: data.breakdown && { ...data.breakdown, rows },
    limits: data.limits?.map((limit) => ({ ...limit, provider_name: LONG, limit_name: LONG, limit_id: limit.limit_id })) ?? null,
    active_sessions: data.active_sessions && { ...data.active_sessions, sessions: [active(LONG, LONG, { project: LONG, model: LONG, effort: LONG, agent: LONG })] },
  };
}

const longEvents = (): EventsPage => {
  const page = makeEvents(null, 20);
  return { ...page, models: [LONG], rows: page.rows.map((row) => ({ ...row, model: LONG, session_title: LONG, project: LONG })) };
};

const failedPanels: Dashboard["errors"] = Object.fromEntries(
  ["cards", "limits", "trends", "breakdown", "active_sessions", "calendar"].map((name) => [name, { code: "panel", message: `The ${name} could not be read: disk I/O error.`, details: {} }]),
);

const scenes: Record<string, (transport: FakeTransport) => void> = {
  empty: (transport) => {
    transport.answer("dashboard.get", () => emptyDashboard({}));
    transport.answer("events.list", () => makeEvents(null, 20, 0));
  },
  first: (transport) => transport.answer("dashboard.get", () => emptyDashboard({ ledger_empty: true })),
  loading: (transport) => {
    transport.answer("dashboard.get", never);
    transport.answer("events.list", never);
  },
  booting: (transport) => transport.answer("app.state", never),
  bootfailed: (transport) => transport.answer("app.state", fail),
  error: (transport) => {
    transport.answer("dashboard.get", fail);
    transport.answer("events.list", fail);
  },
  panels: (transport) =>
    transport.answer("dashboard.get", () => makeDashboard({ cards: null, limits: null, trends: null, breakdown: null, active_sessions: null, calendar: null, errors: failedPanels })),
  huge: (transport) => transport.answer("dashboard.get", hugeDashboard),
  long: (transport) => {
    transport.answer("dashboard.get", longDashboard);
    transport.answer("events.list", longEvents);
  },
  hours: (transport) => transport.answer("dashboard.get", () => makeDashboard({ trends: makeTrends(24, "hour") })),
  offline: (transport) => setTimeout(() => transport.setConnected(false), 300),
};

/** The limits of someone who uses one agent; `part` changes every window. */
const oneLimit = (part: Partial<LimitWindow> = {}): Limit[] => limits.slice(0, 1).map((limit) => ({ ...limit, windows: limit.windows.map((window) => ({ ...window, ...part })) }));
const RESET: Partial<LimitWindow> = { used_percent: null, resets_at_ms: null, elapsed_percent: null, forecast: null, inside: null, state: "reset" };
const someReset = (): Limit[] => oneLimit().map((limit) => ({ ...limit, windows: limit.windows.map((window, at) => (at === 0 ? { ...window, ...RESET, history: window.history.slice(1) } : window)) }));
const manyLimits = (): Limit[] => [...limits, ...someReset(), ...oneLimit(RESET), ...limits.slice(1, 2)].map((limit, at) => ({ ...limit, limit_id: `${limit.limit_id}-${at}` }));
const noneActive = { minutes: 60, sessions: [], average_context_percent: 26, average_context_tokens: 66_138, samples: 10_458 };

const shown: Record<string, () => Partial<Dashboard>> = {
  one: () => ({ limits: oneLimit() }),
  idle: () => ({ limits: someReset(), active_sessions: noneActive }),
  reset: () => ({ limits: oneLimit(RESET), active_sessions: noneActive }),
  many: () => ({ limits: manyLimits() }),
  single: () => ({ trends: makeTrends(1, "day") }),
  buckets: () => ({ trends: makeTrends(400, "day") }),
};
for (const [name, part] of Object.entries(shown)) scenes[name] = (transport) => transport.answer("dashboard.get", () => makeDashboard(part()));

Object.assign(scenes, widgetScenes);

/** Sets up one scene; an unknown name is the ordinary page. */
export function playScene(name: string, transport: FakeTransport, theme: string | null): void {
  const state: AppState = {
    ...appState,
    demo: name === "demo",
    scan: name === "scan" ? scanFirst : appState.scan,
    settings: { ...appState.settings, theme: (theme === "dark" ? "dark" : "light") satisfies Theme },
  };
  transport.answer("app.state", () => state);
  if (name === "scan") transport.answer("ingest.status", () => scanFirst);
  scenes[name]?.(transport);
}

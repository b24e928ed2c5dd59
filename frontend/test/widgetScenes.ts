/** States of the widget, to be looked at: /test/dev.html?scene=widget3#/widget. */
import type { Home, Limit } from "../src/api/types";
import type { FakeTransport } from "./fake";
import { appState, HOUR, NOW } from "./fixtures/app";
import { firstProviders, limitOf, makeToday } from "./fixtures/widget";

const MINUTE = HOUR / 60;

function play(count: number, change: (limits: readonly Limit[]) => Limit[] = (limits) => [...limits]) {
  return (transport: FakeTransport) => {
    const providers = firstProviders(count);
    const ids = providers.map(({ id }) => id);
    const homes = ids.map((provider, at): Home => ({ ...(appState.homes[0] as Home), id: at + 1, provider }));
    const today = makeToday(ids);
    const known = count > 3 ? [...(today.limits ?? []), limitOf("fourth")] : (today.limits ?? []);
    transport.answer("app.state", async () => ({ ...appState, providers, homes, settings: { ...appState.settings, theme: new URLSearchParams(location.search).get("theme") === "dark" ? "dark" : "light" } }));
    transport.answer("dashboard.get", () => ({ ...today, limits: change(known) }));
  };
}

const near = (limits: readonly Limit[]): Limit[] =>
  limits.map((limit, at) => ({
    ...limit,
    windows: limit.windows.map((window, place) => ({ ...window, used_percent: place === 0 ? [96, 78, 12][at % 3] ?? null : window.used_percent, resets_at_ms: NOW + [12.1, 48, -1][at % 3]! * MINUTE + place * 30 * HOUR, forecast: null })),
  }));

/** Its scenes by name. */
export const widgetScenes: Record<string, (transport: FakeTransport) => void> = {
  widget1: play(1),
  widget2: play(2),
  widget3: play(3),
  widget4: play(4),
  widgetnear: play(3, near),
  widgetnone: play(2, () => []),
};

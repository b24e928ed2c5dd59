/** The widget: the whole page of a small window that stays above all others, or of a browser's tab. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../../components/Button";
import { Toaster } from "../../components/Toast";
import { pushEscape } from "../../lib/keyboard";
import { now, SECOND, startClock } from "../../lib/time";
import { useStore } from "../../state/context";
import type { Store } from "../../state/store";
import { leaveWidget } from "../../state/widget";
import { installWidgetShortcuts } from "../frame/shortcuts";
import { Edges } from "./Edges";
import { isOver } from "./dials";
import { LimitsScreen } from "./LimitsScreen";
import { RecentScreen } from "./RecentScreen";
import { WidgetHeader } from "./WidgetHeader";
import "./widget.css";

/** Header and the open screen; Escape and a double click go back to the full window. */
export function WidgetPage() {
  const store = useStore();
  const { app, connected, dashboard, prefs } = store;
  useLayoutEffect(() => installWidgetShortcuts(store), [store]);
  useLayoutEffect(() => pushEscape(() => void leaveWidget(store)), [store]);
  useEffect(() => startClock(SECOND), []);
  useAskedWhenOver(store);
  const old = dashboard.data.value !== null && (dashboard.error.value !== null || !connected.value);
  const isWindow = app.value.mode === "window";
  return (
    <>
      <div class={isWindow ? "tv-widget" : "tv-widget tv-widget--page"} onDblClick={(event) => isFree(event.target) && void leaveWidget(store)}>
        <h1 class="td-hidden">Tokendial widget</h1>
        <WidgetHeader />
        {old && <p class="tv-widget__old" role="status">The figures could not be read again; this is the last reading.</p>}
        <main class="tv-widget__body">{prefs.settings.value.widget_screen === "recent" ? <RecentScreen /> : <LimitsScreen />}</main>
        <Edges />
        <Toaster />
      </div>
      {!isWindow && <Back />}
    </>
  );
}

/** In a tab that has room for it, the way back in words. */
function Back() {
  const store = useStore();
  return (
    <p class="tv-widget__back">
      <Button kind="link" onClick={() => void leaveWidget(store)}>
        Back to the full page
      </Button>
    </p>
  );
}

const isFree = (target: EventTarget | null): boolean => target instanceof Element && target.closest("button") === null;

/** What is shown is asked for again when a window resets and when the day ends, once each. */
function useAskedWhenOver({ dashboard, reloader }: Store): void {
  const asked = useRef<number | null>(null);
  useSignalEffect(() => {
    const data = dashboard.data.value;
    if (data === null || asked.current === data.generated_at_ms || !isOver(data, now.value)) return;
    asked.current = data.generated_at_ms;
    reloader.request();
  });
}

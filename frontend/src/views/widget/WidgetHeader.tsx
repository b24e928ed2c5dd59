/** The upper edge of the widget: what today cost, which screen is open, and the way back. Dragging it moves the window. */
import { IconButton } from "../../components";
import { formatMoney } from "../../lib/format";
import { formatKeys } from "../../lib/keyboard";
import { useStore } from "../../state/context";
import { leaveWidget } from "../../state/widget";
import { WIDGET_KEYS } from "../frame/shortcuts";
import { Logo } from "../frame/Logo";
import { useMoving } from "./useGrips";

/** Logo, today's cost, the two screens, refresh, full window. */
export function WidgetHeader() {
  const store = useStore();
  const { app, dashboard, ingest, prefs } = store;
  const screen = prefs.settings.value.widget_screen ?? "limits";
  const moving = useMoving();
  const cost = dashboard.data.value?.cards?.usage.cost;
  const back = `Full window (Esc or ${formatKeys(WIDGET_KEYS).join(" ")})`;
  return (
    <header class="tv-widget__head" {...moving}>
      <Logo size={16} />
      <span class="tv-widget__today" title="What today cost, all providers">
        {cost === undefined ? "–" : formatMoney(cost.usd)} <span class="tv-widget__word">today</span>
      </span>
      {app.value.demo && <span class="tv-widget__demo" title="Sample data: every figure is invented">sample</span>}
      <span class="tv-widget__space" />
      <div class="tv-widget__screens" role="group" aria-label="Screen">
        <IconButton size="small" icon="chart" label="Limits" pressed={screen === "limits"} onClick={() => prefs.change({ widget_screen: "limits" })} />
        <IconButton size="small" icon="activity" label="Recent" pressed={screen === "recent"} onClick={() => prefs.change({ widget_screen: "recent" })} />
      </div>
      <IconButton size="small" icon="refresh" label="Refresh" busy={ingest.busy.value} disabled={ingest.busy.value} onClick={() => void ingest.refresh()} />
      <IconButton size="small" icon="external" label="Full window" title={back} onClick={() => void leaveWidget(store)} />
    </header>
  );
}

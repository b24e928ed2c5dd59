/** The marks of a limit's windows that alerts are about. */
import type { AlertEntry, Limit, LimitWindow } from "../../api/types";
import { Badge } from "../../components";
import { useStore } from "../../state/context";
import "./alerts.css";

/** A badge per window, which opens the list; nothing where no alert holds. */
export function LimitAlerts({ limit }: { limit: Limit }) {
  const { alerts, overlays } = useStore();
  const own = alerts.active.value.filter((entry) => entry.provider === limit.provider && entry.limit_id === limit.limit_id);
  const marks = limit.windows.flatMap((window) => {
    const found = own.filter((entry) => entry.window_minutes === window.window_minutes);
    return found.length === 0 ? [] : [{ window, found }];
  });
  if (marks.length === 0) return null;
  return (
    <div class="tv-limit__alerts">
      {marks.map(({ window, found }) => (
        <Badge key={window.window_minutes} tone="warn" title={found.map((entry) => entry.headline).join("\n")} onClick={() => (overlays.alerts.value = true)}>
          {markWords(window, found)}
        </Badge>
      ))}
    </div>
  );
}

function markWords(window: LimitWindow, found: readonly AlertEntry[]): string {
  const step = found.find((entry) => entry.kind === "threshold");
  return step ? `${window.label}: alert at ${step.step} %` : `${window.label}: alert, will run out`;
}

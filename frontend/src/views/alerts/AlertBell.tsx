/** The bell of the top bar: how many alerts hold now. */
import { IconButton } from "../../components";
import { formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import "./alerts.css";

const MOST = 99;

/** Opens the list of alerts; the number stands on it and in its name. */
export function AlertBell() {
  const { alerts, overlays } = useStore();
  const count = alerts.active.value.length;
  const label = count === 0 ? "Alerts" : `Alerts: ${formatCount(count, "alert")}`;
  return (
    <span class="tv-bell">
      <IconButton bordered icon="bell" label={label} onClick={() => (overlays.alerts.value = true)} />
      {count > 0 && (
        <span class="tv-bell__count" aria-hidden="true">
          {count > MOST ? `${MOST}+` : count}
        </span>
      )}
    </span>
  );
}

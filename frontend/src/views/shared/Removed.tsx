/** Says that single responses of old time are no longer there. */
import { Icon } from "../../components";
import { formatCount, formatDay } from "../../lib/format";
import { dayIn } from "../../lib/time";
import { useStore } from "../../state/context";
import "./removed.css";

export interface RemovedProps {
  /** How many are counted and not listed. */
  removed: number;
  removed_before_ms: number | null;
}

/** The note under a list or a chart; nothing where all are there. */
export function Removed({ removed, removed_before_ms }: RemovedProps) {
  const zone = useStore().zone.value;
  if (removed === 0 || removed_before_ms === null) return null;
  return (
    <p class="tv-removed" role="note">
      <Icon name="info" size={16} />
      <span>
        {formatCount(removed, "response")} from before {formatDay(dayIn(removed_before_ms, zone))}: the details were removed, as set in Settings, Storage. They count in every total.
      </span>
    </p>
  );
}

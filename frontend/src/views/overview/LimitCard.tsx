/** One limit: its plan, its windows, how old the reading is, and its history to unfold. */
import { useState } from "preact/hooks";
import type { Limit } from "../../api/types";
import { Badge, Button, Card, Ellipsis } from "../../components";
import { formatDateTime } from "../../lib/format";
import { clipText, visibleText } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { LimitAlerts } from "../alerts/LimitAlerts";
import { LimitHistory } from "./LimitHistory";
import type { Span } from "./LimitsPanel";
import { LimitWindowRow } from "./LimitWindowRow";
import { isStale, runsOutAt, runsOutBadge, sourceWords } from "./limitWords";

/** A card for one limit id. */
export function LimitCard({ limit, full, span }: { limit: Limit; full: boolean; span: Span }) {
  const [open, setOpen] = useState(full);
  const hasHistory = limit.windows.some((window) => window.history.length > 0);
  const unfolded = open && hasHistory;
  return (
    <div class={unfolded ? "tv-limit tv-limit--open" : "tv-limit"} style={{ "--three": String(span.three), "--two": String(span.two) }}>
      <Card dot={providerColor(limit.provider)} title={<Ellipsis text={limit.provider_name} />} note={<Facts limit={limit} />} actions={<Status limit={limit} />}>
        <div class="tv-limit__windows">
          {limit.windows.map((window) => (
            <LimitWindowRow key={window.window_minutes} window={window} color={providerColor(limit.provider)} />
          ))}
        </div>
        <LimitAlerts limit={limit} />
        <div class="tv-limit__foot">
          {hasHistory && (
            <Button kind="link" icon="chevron" class="tv-limit__unfold" expanded={unfolded} onClick={() => setOpen(!open)}>
              Past windows
            </Button>
          )}
          <Age limit={limit} />
        </div>
        {unfolded && <LimitHistory windows={limit.windows} />}
      </Card>
    </div>
  );
}

function Facts({ limit }: { limit: Limit }) {
  // A second limit of a provider is told apart by its name, or by its id where it has none.
  const name = limit.limit_name ?? (limit.limit_id === limit.provider ? null : limit.limit_id);
  return (
    <>
      {name && (
        <span class="tv-limit__name">
          <Ellipsis text={name} title={`${visibleText(name)} (${visibleText(limit.limit_id)})`} />
        </span>
      )}
      {limit.plan && (
        <Badge title="Plan">
          <Ellipsis text={limit.plan} />
        </Badge>
      )}
      {limit.credits && <Badge title="Credits left">{clipText(visibleText(limit.credits), 20)} credits</Badge>}
    </>
  );
}

/** What needs attention; nothing where all is calm. */
function Status({ limit }: { limit: Limit }) {
  const zone = useStore().zone.value;
  const at = runsOutAt(limit);
  return (
    <>
      {limit.blocked_by !== null && (
        <Badge tone="bad" title="This window has room, but a longer one is spent">
          Blocked by {limit.blocked_by.toLowerCase()}
        </Badge>
      )}
      {limit.blocked_by === null && at !== null && at > now.value && <Badge tone="warn">{runsOutBadge(at, zone, now.value)}</Badge>}
      {isStale(limit) && <Badge tone="warn" title="The reading is old; what is used now may be more">stale</Badge>}
    </>
  );
}

function Age({ limit }: { limit: Limit }) {
  const zone = useStore().zone.value;
  const read = limit.observed_at_ms === null ? undefined : `Read ${formatDateTime(limit.observed_at_ms, zone, now.value)}`;
  return (
    <span class="tv-limit__source" title={read}>
      {sourceWords(limit, now.value)}
    </span>
  );
}

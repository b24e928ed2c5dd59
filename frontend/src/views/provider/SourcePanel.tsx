/** Where a provider's figures come from. */
import type { Home } from "../../api/types";
import { Badge, Card, Ellipsis, IconButton } from "../../components";
import { formatAgo, formatCount } from "../../lib/format";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { sourceState } from "./sourceWords";
import "./source.css";

/** The state of the source in words, and its folders. */
export function SourcePanel({ id }: { id: string }) {
  const { app, dashboard, ingest, overlays } = useStore();
  const homes = app.value.homes.filter((home) => home.provider === id);
  const limits = (dashboard.data.value?.limits ?? []).filter((limit) => limit.provider === id);
  const state = sourceState(homes, limits, ingest.status.value, now.value);
  return (
    <Card
      dot={providerColor(id)}
      title="Source"
      class="tv-source"
      note={
        <>
          <Badge tone={state.tone}>{state.word}</Badge>
          {state.reason}
        </>
      }
      actions={<IconButton icon="settings" label="Change folders" onClick={() => overlays.openSettings("homes")} />}
    >
      {homes.length > 0 && (
        <ul class="tv-homes">
          {homes.map((home) => (
            <HomeLine key={home.id} home={home} />
          ))}
        </ul>
      )}
    </Card>
  );
}

const WORDS: Record<Home["state"], string> = { ok: "readable", missing: "not there", unreadable: "cannot be read", empty: "empty", cleared: "cleared, not read" };

function HomeLine({ home }: { home: Home }) {
  return (
    <li class={home.active ? "tv-homes__item" : "tv-homes__item tv-homes__item--off"}>
      <span class="tv-homes__path">
        <Ellipsis text={home.path} keep="end" mono />
      </span>
      {home.label && <Badge>{home.label}</Badge>}
      <span class="tv-sub">
        {home.active ? WORDS[home.state] : "switched off"}, {formatCount(home.files, "file")}
        {home.last_seen_ms !== null && `, looked at ${formatAgo(home.last_seen_ms, now.value)}`}
      </span>
    </li>
  );
}

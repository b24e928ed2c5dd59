/** Where a provider's figures come from. */
import type { Home, LookedAt } from "../../api/types";
import { Badge, Card, Ellipsis, IconButton } from "../../components";
import { formatAgo, formatCount } from "../../lib/format";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { freshness, statusTone } from "../shared/statusWords";
import "./source.css";

/** The state of the source in words, and its folders. */
export function SourcePanel({ id }: { id: string }) {
  const { app, overlays, provider } = useStore();
  const status = provider(id)?.status;
  if (!status) return null;
  const homes = app.value.homes.filter((home) => home.provider === id);
  return (
    <Card
      dot={providerColor(id)}
      title="Source"
      class="tv-logs"
      note={
        <>
          <Badge tone={statusTone(status)}>{status.word}</Badge>
          <span class="tv-logs__reason">
            {status.reason} {freshness(status, now.value)}
          </span>
        </>
      }
      actions={<IconButton icon="settings" label="Change folders" onClick={() => overlays.openSettings("homes")} />}
    >
      {status.folder !== null && !homes.some((home) => home.path === status.folder) && (
        <p class="tv-logs__folder">
          <Ellipsis text={status.folder} keep="end" mono />
        </p>
      )}
      <ul class="tv-homes" aria-label="Folders">
        {homes.length > 0 ? homes.map((home) => <HomeLine key={home.id} home={home} />) : status.places.map((place) => <PlaceLine key={place.path} place={place} />)}
      </ul>
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

/** A place where logs were looked for. */
export function PlaceLine({ place }: { place: LookedAt }) {
  return (
    <li class="tv-homes__item">
      <span class="tv-homes__path">
        <Ellipsis text={place.path} keep="end" mono />
      </span>
      <span class="tv-sub">{place.exists ? "there, no logs inside" : "not there"}</span>
    </li>
  );
}

/** What the page shows while no log has ever been found: where was looked, and what to do. */
import { Badge, Button, Card, Ellipsis } from "../../components";
import { useStore } from "../../state/context";
import "./firstrun.css";

/** The first-run page. */
export function FirstRun() {
  const { app, overlays, ingest, setDemo } = useStore();
  const { looked_at, providers, homes } = app.value;
  if (homes.some((home) => home.state === "cleared")) return <Cleared onOpen={() => overlays.openSettings("homes")} />;
  return (
    <Card class="tv-first">
      <h2 class="tv-first__title">No agent logs were found yet</h2>
      <p class="tv-first__text">
        Tokendial reads the session logs that coding agents leave on this computer. Nothing leaves it. Use an agent once, or show Tokendial where its folder is.
      </p>
      <ul class="tv-first__list" aria-label="Where logs were looked for">
        {looked_at.map((place) => (
          <li key={`${place.provider} ${place.path}`}>
            <span class="tv-first__provider">{providers.find((info) => info.id === place.provider)?.name ?? place.provider}</span>
            <Ellipsis text={place.path} keep="end" mono />
            <Badge tone={place.exists ? "warn" : "neutral"}>{place.exists ? "no logs inside" : "not there"}</Badge>
          </li>
        ))}
      </ul>
      <div class="tv-first__actions">
        <Button kind="primary" onClick={() => void setDemo(true)}>
          Explore with sample data
        </Button>
        <Button icon="plus" onClick={() => overlays.openSettings("homes")}>
          Add a home
        </Button>
        <Button icon="refresh" busy={ingest.busy.value} onClick={() => void ingest.refresh()}>
          Look again
        </Button>
      </div>
    </Card>
  );
}

/** What is shown instead once everything that was counted has been cleared. */
function Cleared({ onOpen }: { onOpen: () => void }) {
  return (
    <Card class="tv-first">
      <h2 class="tv-first__title">What was counted has been cleared</h2>
      <p class="tv-first__text">A cleared home is not read again by itself. Its log files are untouched: rescan it under Homes, and its figures come back.</p>
      <div class="tv-first__actions">
        <Button kind="primary" onClick={onOpen}>
          Show homes
        </Button>
      </div>
    </Card>
  );
}

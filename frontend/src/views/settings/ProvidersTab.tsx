/** The providers: on or off, and where the figures of each come from. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Empty, Providers, ProviderSource } from "../../api/types";
import { Badge, Button, CopyButton, Ellipsis, ErrorState, Skeleton, Switch } from "../../components";
import { formatAgo, formatCount } from "../../lib/format";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { createResource } from "../../state/resource";
import { LiveSources } from "./LiveSources";
import { StatusLinePart } from "./StatusLinePart";
import { freshness, statusTone } from "../shared/statusWords";
import "./providers.css";

/** The tab of the providers. */
export function ProvidersTab() {
  const { app, transport } = useStore();
  const providers = useMemo(() => createResource<Empty, Providers>({ fetch: () => transport.invoke("providers.list", {}) }), [transport]);
  // A switch, a scan and another list of homes all change what is said here.
  const { providers: switches, homes } = app.value;
  useEffect(() => void providers.load({}), [providers, switches, homes]);
  useEffect(() => transport.onEvent("limits-updated", () => void providers.load({})), [providers, transport]);
  const data = providers.data.value;
  if (data === null) {
    const failed = providers.error.value;
    return failed ? <ErrorState message={failed.message} onRetry={() => void providers.load({})} /> : <Skeleton shape="table" rows={4} />;
  }
  return (
    <section class="tv-part">
      <p class="tv-part__text">
        A provider that is off is not read and not watched, and its figures leave every page. Nothing is deleted: switched on again, it goes on where it stopped.
      </p>
      <ul class="tv-rows" aria-label="Providers">
        {data.providers.map((source) => (
          <ProviderRow key={source.id} source={source} />
        ))}
      </ul>
      <LiveSources />
    </section>
  );
}

function ProviderRow({ source }: { source: ProviderSource }) {
  const { switchProvider, provider } = useStore();
  // What was chosen shows at once, and the backend's answer from when it is there.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const on = wanted ?? provider(source.id)?.on ?? source.on;
  const change = (next: boolean) => {
    setWanted(next);
    void switchProvider(source.id, next).finally(() => setWanted(null));
  };
  const { status } = source;
  return (
    <li class="tv-provider">
      <div class="tv-home__head">
        <span class="td-dot" style={{ backgroundColor: providerColor(source.id) }} aria-hidden="true" />
        <h3 class="tv-provider__name">{source.name}</h3>
        {on ? <Badge tone={statusTone(status)}>{status.word}</Badge> : <Badge>off</Badge>}
        <Switch bare label={`Read ${source.name}`} checked={on} onChange={change} />
      </div>
      <p class="tv-provider__status">
        {status.reason} {freshness(status, now.value)}
        {status.folder !== null && <Ellipsis text={status.folder} keep="end" mono />}
      </p>
      <details class="tv-fold">
        <summary>What is read</summary>
        <Facts source={source} />
      </details>
      {source.status_line !== null && <StatusLinePart name={source.name} setup={source.status_line} />}
    </li>
  );
}

function Facts({ source }: { source: ProviderSource }) {
  const { overlays, prefs } = useStore();
  const isAsked = prefs.settings.value.live_sources.length > 0;
  const places = source.status.state === "waiting" ? source.status.places : source.looked_at.map((path) => ({ path, exists: true }));
  return (
    <dl class="tv-list">
      <dt>Reads</dt>
      <dd>{source.reads}</dd>
      <dt>Limits</dt>
      <dd>
        {source.limits} {isAsked ? "Who else is asked stands under live limits." : "Nothing is asked over the network."}
      </dd>
      <dt>Homes</dt>
      <dd>
        <span>{homesWords(source)}</span>
        <Button kind="link" onClick={() => overlays.openSettings("homes")}>
          Show homes
        </Button>
      </dd>
      <dt>Looks in</dt>
      <dd class="tv-provider__places">
        {places.map(({ path, exists }) => (
          <span key={path} class="tv-provider__place">
            <Ellipsis text={path} keep="end" mono />
            {!exists && <span class="tv-sub">not there</span>}
          </span>
        ))}
      </dd>
      <dt>Last new</dt>
      <dd>{source.last_seen_ms === null ? "nothing was read yet" : formatAgo(source.last_seen_ms, now.value)}</dd>
      <dt>Manual</dt>
      <dd class="tv-provider__address">
        <Ellipsis text={source.docs_url} />
        <CopyButton text={source.docs_url} label={`Copy the address of the documentation of ${source.name}`} />
      </dd>
    </dl>
  );
}

function homesWords(source: ProviderSource): string {
  if (source.homes === 0) return "none yet";
  const files = formatCount(source.files, "log file");
  const count = formatCount(source.homes, "home");
  if (source.homes_read === source.homes) return `${count}, ${files}`;
  return `${count}, ${source.homes_read === 0 ? "none" : source.homes_read} of them read now, ${files}`;
}

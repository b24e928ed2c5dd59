/** Live limits: asking providers themselves, each only after the user agreed to what is read and asked. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Empty, LiveHome, LiveSource, LiveSources as Sources } from "../../api/types";
import { toApiError } from "../../api/client";
import { Badge, Button, Dialog, Ellipsis, ErrorState, Segmented, Skeleton, Switch } from "../../components";
import { showToast } from "../../components/toaster";
import { formatAgo, formatRelative } from "../../lib/format";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { createResource } from "../../state/resource";
import { CADENCES, liveWords } from "./liveWords";
import "./live.css";

/** The part of the Providers tab that is about the network. */
export function LiveSources() {
  const { transport, app, prefs } = useStore();
  const [asked, setAsked] = useState<LiveSource | null>(null);
  const sources = useMemo(() => createResource<Empty, Sources>({ fetch: () => transport.invoke("live.get", {}) }), [transport]);
  const { providers, homes } = app.value;
  const settings = prefs.settings.value;
  useEffect(() => void sources.load({}), [sources, providers, homes, settings.live_sources, settings.live_every_seconds]);
  useEffect(() => transport.onEvent("limits-updated", () => void sources.load({})), [transport, sources]);
  const data = sources.data.value;
  if (data === null) {
    const failed = sources.error.value;
    return failed ? <ErrorState message={failed.message} onRetry={() => void sources.load({})} /> : <Skeleton shape="table" rows={3} />;
  }

  const act = (name: "live.switch" | "live.refresh", args: { id: string; on: boolean } | null) => {
    const answer = args === null ? transport.invoke("live.refresh", {}) : transport.invoke("live.switch", args);
    return answer.then(
      (next) => sources.take(next),
      (thrown: unknown) => showToast(`${name === "live.switch" ? "The source was not switched" : "Nobody was asked"}: ${toApiError(thrown).message}`, "error"),
    );
  };
  const toggle = (source: LiveSource, on: boolean) => (on ? setAsked(source) : void act("live.switch", { id: source.id, on: false }));
  const isOn = data.sources.some((source) => source.on);
  return (
    <section class="tv-part" aria-labelledby="live-title">
      <h3 id="live-title" class="tv-part__title">
        Live limits
      </h3>
      <p class="tv-part__text">
        Off until you switch them on. Then the provider itself is asked how much is used, with the sign-in of its agent. That sign-in is only read: it is never renewed, written or shown.
      </p>
      <ul class="tv-rows" aria-label="Live limits">
        {data.sources.map((source) => (
          <SourceRow key={source.id} source={source} onToggle={(on) => toggle(source, on)} />
        ))}
      </ul>
      {isOn && (
        <div class="tv-live__often">
          <Segmented
            label="How often limits are asked for"
            value={String(settings.live_every_seconds)}
            options={CADENCES}
            onChange={(seconds) => prefs.change({ live_every_seconds: Number(seconds) })}
          />
          <Button icon="refresh" onClick={() => void act("live.refresh", null)}>
            Ask now
          </Button>
          <p class="td-field__note">A provider is asked at most once a minute, however often you choose or click, and later and later while it fails.</p>
        </div>
      )}
      <ConsentDialog source={asked} onClose={() => setAsked(null)} onAgree={(id) => void act("live.switch", { id, on: true })} />
    </section>
  );
}

function SourceRow({ source, onToggle }: { source: LiveSource; onToggle: (on: boolean) => void }) {
  return (
    <li class="tv-provider">
      <div class="tv-home__head">
        <span class="td-dot" style={{ backgroundColor: providerColor(source.provider) }} aria-hidden="true" />
        <h3 class="tv-provider__name">{source.name}</h3>
        <Switch bare label={`Ask for the limits of ${source.name}`} checked={source.on} onChange={onToggle} waits />
      </div>
      {source.on && source.homes.map((home) => <HomeLine key={home.home} home={home} />)}
      {source.on && source.homes.length === 0 && <p class="td-field__note">No home of this provider is read, so nobody is asked.</p>}
    </li>
  );
}

function HomeLine({ home }: { home: LiveHome }) {
  const words = liveWords(home.state);
  return (
    <div class="tv-live__home">
      <Badge tone={words.tone}>{words.word}</Badge>
      <span class="tv-live__label">
        <Ellipsis text={home.label} keep="end" />
      </span>
      <span class="tv-sub">
        {home.good_ms === null ? "no answer yet" : `answered ${formatAgo(home.good_ms, now.value)}`}
        {home.next_ms !== null && home.next_ms > now.value && `, asked again ${formatRelative(home.next_ms, now.value)}`}
      </span>
      {home.message !== null && <p class="tv-live__message">{home.message}</p>}
    </div>
  );
}

interface ConsentProps {
  source: LiveSource | null;
  onClose: () => void;
  onAgree: (id: string) => void;
}

/** Says exactly which file is read and which address is asked, before anything is. */
function ConsentDialog({ source, onClose, onAgree }: ConsentProps) {
  const agree = () => {
    if (source) onAgree(source.id);
    onClose();
  };
  const footer = (
    <>
      <Button autofocus onClick={onClose}>
        Leave it off
      </Button>
      <Button kind="primary" onClick={agree}>
        Switch on
      </Button>
    </>
  );
  return (
    <Dialog open={source !== null} size="small" title={`Ask ${source?.name ?? ""} for its limits?`} onClose={onClose} footer={footer}>
      {source && (
        <dl class="tv-list tv-live__consent">
          <dt>Reads</dt>
          <dd>
            {source.homes.map((home) => (
              <Ellipsis key={home.home} text={home.reads} keep="end" mono />
            ))}
            {source.homes.length === 0 && "nothing: no home of this provider is read"}
          </dd>
          <dt>Asks</dt>
          <dd>
            <Ellipsis text={source.asks} mono />
          </dd>
          <dt>Sends</dt>
          <dd>{source.sends}</dd>
          <dt>Never</dt>
          <dd>Renews or writes the sign-in, keeps it, shows it, or asks more than once a minute.</dd>
        </dl>
      )}
    </Dialog>
  );
}

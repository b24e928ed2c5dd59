/** One home: its label, what was found in it, how it is, and what can be done with it. */
import { useLayoutEffect, useState } from "preact/hooks";
import type { Home } from "../../api/types";
import { toApiError } from "../../api/client";
import { Badge, Button, CopyButton, Ellipsis, Switch, TextField } from "../../components";
import { pushEscape } from "../../lib/keyboard";
import { lastPathPart } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { homeAdvice, homeFacts } from "./homeWords";

interface RowProps {
  home: Home;
  onRemove: () => void;
  onClear: () => void;
}

/** A row of the list of homes. */
export function HomeRow({ home, onRemove, onClear }: RowProps) {
  const { app, transport, setHomes, notify, openLogs, zone } = useStore();
  const [busy, setBusy] = useState(false);
  const provider = app.value.providers.find((info) => info.id === home.provider);
  const advice = homeAdvice(home, provider?.on === false ? provider.name : null);
  const tell = (thrown: unknown) => notify(toApiError(thrown).message, "error");
  const update = (patch: { label?: string; active?: boolean }) => transport.invoke("homes.update", { id: home.id, ...patch }).then((answer) => setHomes(answer.homes), tell);
  const rescan = async () => {
    setBusy(true);
    await transport.invoke("homes.rescan", { id: home.id }).then((answer) => setHomes(answer.homes), tell);
    setBusy(false);
  };
  return (
    <li class="tv-home">
      <div class="tv-home__head">
        <span class="td-dot" style={{ backgroundColor: providerColor(home.provider) }} aria-hidden="true" />
        <HomeLabel home={home} onSave={(label) => void update({ label })} />
        {advice && <Badge tone={advice.tone}>{advice.word}</Badge>}
        <Switch label="Read" checked={home.active} onChange={(active) => void update({ active })} />
      </div>
      <div class="tv-home__path">
        <Ellipsis text={home.path} keep="end" mono />
        <CopyButton text={home.path} label={`Copy the path ${home.path}`} />
      </div>
      <p class="tv-sub">
        {provider?.name ?? home.provider}, {homeFacts(home, zone.value, now.value)}
      </p>
      {advice && <p class="tv-home__advice">{advice.text}</p>}
      <div class="tv-home__actions" role="group" aria-label={`Actions for ${home.label || home.path}`}>
        <span>
          <Button icon="refresh" busy={busy} disabled={busy || home.state === "missing" || home.state === "unreadable"} title="Read every log of this home again, from its start" onClick={() => void rescan()}>
            Rescan
          </Button>
          <Button icon="folder" disabled={home.state === "missing"} title={`Open ${home.path} in the file manager`} onClick={() => void openLogs(home.id)}>
            Open folder
          </Button>
        </span>
        <span>
          <Button kind="quiet" disabled={home.state === "cleared"} onClick={onClear}>
            Clear data…
          </Button>
          <Button kind="quiet" icon="trash" onClick={onRemove}>
            Remove…
          </Button>
        </span>
      </div>
    </li>
  );
}

/** The label, changed where it stands: Enter or leaving the box saves, Escape takes back what was typed. */
function HomeLabel({ home, onSave }: { home: Home; onSave: (label: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const changing = typed !== null;
  useLayoutEffect(() => (changing ? pushEscape(() => setTyped(null)) : undefined), [changing]);
  const save = () => {
    if (typed !== null && typed.trim() !== home.label) onSave(typed.trim());
    setTyped(null);
  };
  return (
    <div class="tv-home__label" onFocusOut={save}>
      <TextField label={`Label of ${home.path}`} hideLabel placeholder={lastPathPart(home.path)} value={typed ?? home.label} onInput={setTyped} onEnter={save} />
    </div>
  );
}

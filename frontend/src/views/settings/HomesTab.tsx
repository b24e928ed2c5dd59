/** The folders that are read: list, label, on and off, remove, add. */
import { useState } from "preact/hooks";
import type { Home } from "../../api/types";
import { toApiError } from "../../api/client";
import { Badge, Ellipsis, IconButton, Switch, TextField } from "../../components";
import { formatAgo, formatCount } from "../../lib/format";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { AddHome } from "./AddHome";
import { ConfirmDialog } from "./ConfirmDialog";
import "./homes.css";

/** The tab of the homes. */
export function HomesTab() {
  const { app } = useStore();
  const [leaving, setLeaving] = useState<Home | null>(null);
  return (
    <>
      <section class="tv-part">
        <p class="tv-part__text">Folders where agents keep their session logs. Several can be read at once; Tokendial never writes into them.</p>
        <ul class="tv-rows" aria-label="Homes">
          {app.value.homes.map((home) => (
            <HomeRow key={home.id} home={home} onRemove={() => setLeaving(home)} />
          ))}
        </ul>
        {app.value.homes.length === 0 && <p class="tv-sub">No folder is read yet.</p>}
      </section>
      <AddHome />
      <RemoveHome home={leaving} onClose={() => setLeaving(null)} />
    </>
  );
}

function HomeRow({ home, onRemove }: { home: Home; onRemove: () => void }) {
  const { transport, setHomes, notify } = useStore();
  const [label, setLabel] = useState<string | null>(null);
  const update = (patch: { label?: string; active?: boolean }) =>
    transport.invoke("homes.update", { id: home.id, ...patch }).then(
      (answer) => setHomes(answer.homes),
      (thrown: unknown) => notify(toApiError(thrown).message, "error"),
    );
  const saveLabel = () => {
    if (label !== null && label.trim() !== home.label) void update({ label: label.trim() });
    setLabel(null);
  };
  return (
    <li class="tv-rows__item">
      <span class="td-dot" style={{ backgroundColor: providerColor(home.provider) }} aria-hidden="true" />
      <div class="tv-rows__main">
        <Ellipsis text={home.path} keep="end" mono />
        <HomeState home={home} />
      </div>
      <div onFocusOut={saveLabel} class="tv-homelabel">
        <TextField label={`Label of ${home.path}`} hideLabel placeholder="Label" value={label ?? home.label} onInput={setLabel} onEnter={saveLabel} />
      </div>
      <Switch label="Read" checked={home.active} onChange={(active) => void update({ active })} />
      <IconButton icon="trash" label={`Remove ${home.path}`} onClick={onRemove} />
    </li>
  );
}

function HomeState({ home }: { home: Home }) {
  const provider = useStore().provider(home.provider)?.name ?? home.provider;
  const problem = home.state === "missing" ? "not there" : home.state === "unreadable" ? "cannot be read" : home.state === "empty" ? "no logs yet" : null;
  return (
    <div class="tv-sub">
      {provider}, {formatCount(home.files, "log file")}
      {home.last_seen_ms !== null && `, looked at ${formatAgo(home.last_seen_ms, now.value)}`}{" "}
      {problem && <Badge tone={home.state === "empty" ? "neutral" : "warn"}>{problem}</Badge>}
    </div>
  );
}

function RemoveHome({ home, onClose }: { home: Home | null; onClose: () => void }) {
  const { transport, setHomes, notify } = useStore();
  const [busy, setBusy] = useState(false);
  const remove = async (id: number) => {
    setBusy(true);
    await transport.invoke("homes.remove", { id }).then(
      (answer) => setHomes(answer.homes),
      (thrown: unknown) => notify(toApiError(thrown).message, "error"),
    );
    setBusy(false);
    onClose();
  };
  return (
    <ConfirmDialog open={home !== null} title="Remove this home?" action="Remove" busy={busy} onClose={onClose} onConfirm={() => home && void remove(home.id)}>
      <p class="tv-part__text">
        <Ellipsis text={home?.path} keep="end" mono />
      </p>
      <p class="tv-part__text">
        What was counted from it leaves Tokendial: sessions, tokens and cost. The folder itself and its logs stay as they are. To only stop reading it, switch Read off.
      </p>
    </ConfirmDialog>
  );
}

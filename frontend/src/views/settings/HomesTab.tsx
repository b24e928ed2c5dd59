/** The folders that are read: the list, what was just removed, and adding. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Home } from "../../api/types";
import { toApiError } from "../../api/client";
import { Button, Ellipsis, EmptyState, IconButton, Progress } from "../../components";
import { useStore } from "../../state/context";
import { progressWords } from "../frame/ScanLine";
import { AddHome } from "./AddHome";
import { ClearHome, RemoveHome } from "./HomeDialogs";
import { HomeRow } from "./HomeRow";
import "./homes.css";

interface Question {
  kind: "remove" | "clear";
  id: number;
}

/** The tab of the homes; the sample data have none that could be changed. */
export function HomesTab() {
  const { app, setDemo } = useStore();
  if (!app.value.demo) return <OwnHomes />;
  const leave = (
    <Button kind="primary" onClick={() => void setDemo(false)}>
      Leave sample data
    </Button>
  );
  return (
    <EmptyState title="Sample data are shown" icon="folder" actions={leave}>
      They come from no folder. Leave them to see and change your own homes.
    </EmptyState>
  );
}

function OwnHomes() {
  const { app } = useStore();
  const [question, setQuestion] = useState<Question | null>(null);
  const [removed, setRemoved] = useState<Home | null>(null);
  const close = () => setQuestion(null);
  const { homes } = app.value;
  const about = (kind: Question["kind"]) => (question?.kind === kind ? (homes.find((home) => home.id === question.id) ?? null) : null);
  return (
    <>
      <section class="tv-part">
        <p class="tv-part__text">Folders where agents keep their session logs. Several can be read at once; Tokendial never writes into them.</p>
        <Reading />
        {removed !== null && <Removed home={removed} onDone={() => setRemoved(null)} />}
        <ul class="tv-rows" aria-label="Homes">
          {homes.map((home) => (
            <HomeRow key={home.id} home={home} onRemove={() => setQuestion({ kind: "remove", id: home.id })} onClear={() => setQuestion({ kind: "clear", id: home.id })} />
          ))}
        </ul>
        {homes.length === 0 && <p class="tv-sub">No folder is read yet. Add one below; an agent makes its folder, as a rule in your own, in its first session.</p>}
      </section>
      <AddHome />
      <RemoveHome home={about("remove")} onClose={close} onRemoved={setRemoved} />
      <ClearHome home={about("clear")} onClose={close} />
    </>
  );
}

/** How far a running scan is; a rescan of a large home takes its time. */
function Reading() {
  const scan = useStore().ingest.status.value;
  if (!scan.running || scan.bytes_total === 0) return null;
  return (
    <div class="tv-reading">
      <Progress label="Reading the logs" value={scan.bytes_done / scan.bytes_total} text={`Reading the logs: ${progressWords(scan)}`} />
    </div>
  );
}

/** A home that was just removed, with the way back: it is added again and read again. */
function Removed({ home, onDone }: { home: Home; onDone: () => void }) {
  const { transport, setHomes, notify } = useStore();
  const [busy, setBusy] = useState(false);
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => line.current?.querySelector("button")?.focus(), [home.id]);
  const undo = async () => {
    setBusy(true);
    try {
      const added = await transport.invoke("homes.add", { provider: home.provider, path: home.path, label: home.label });
      const again = added.homes.find((each) => each.path === home.path && each.provider === home.provider);
      setHomes(again && !home.active ? (await transport.invoke("homes.update", { id: again.id, active: false })).homes : added.homes);
      onDone();
    } catch (thrown) {
      notify(toApiError(thrown).message, "error");
      setBusy(false);
    }
  };
  return (
    <div class="tv-removed" role="status" ref={line}>
      <span class="tv-removed__text">
        Removed <Ellipsis text={home.path} keep="end" mono />
      </span>
      <Button busy={busy} disabled={busy} onClick={() => void undo()}>
        Undo
      </Button>
      <IconButton icon="close" size="small" label="Dismiss" onClick={onDone} />
    </div>
  );
}

/** Deletes everything that the program keeps, after a word was typed. */
import { useState } from "preact/hooks";
import { Button, TextField } from "../../components";
import { useStore } from "../../state/context";
import { ConfirmDialog } from "./ConfirmDialog";

const ERASE_WORD = "delete";

/** The part that leaves nothing behind. */
export function ErasePart() {
  const { app, jobs } = useStore();
  const [asking, setAsking] = useState(false);
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Delete all data</h3>
      </div>
      <p class="tv-part__text">Usage, prices, homes, settings and every kept copy are deleted. Logs of the agents are not touched, nor are backups and exports that you saved elsewhere.</p>
      <div class="tv-buttons">
        <Button kind="danger" disabled={jobs.running.value || app.value.demo} title={app.value.demo ? "Leave the sample data first" : undefined} onClick={() => setAsking(true)}>
          Delete all data…
        </Button>
      </div>
      {asking && <Question onClose={() => setAsking(false)} />}
    </section>
  );
}

function Question({ onClose }: { onClose: () => void }) {
  const { jobs, transport } = useStore();
  const [typed, setTyped] = useState("");
  const meant = typed.trim().toLowerCase() === ERASE_WORD;
  const [busy, setBusy] = useState(false);
  const erase = async () => {
    setBusy(true);
    await jobs.start(() => transport.invoke("storage.erase", { confirmation: typed }));
    onClose();
  };
  return (
    <ConfirmDialog open title="Delete all data?" action="Delete everything" busy={busy} ready={meant} onClose={onClose} onConfirm={() => void erase()}>
      <p class="tv-part__text">This cannot be undone. What agents have deleted of their logs cannot be read again, and homes that were found stay unread until you press Rescan.</p>
      <TextField label={`Type “${ERASE_WORD}” to confirm`} value={typed} autofocus onInput={setTyped} onEnter={() => meant && !busy && void erase()} />
    </ConfirmDialog>
  );
}

/** Backup, restore, compaction. */
import { useState } from "preact/hooks";
import type { Storage } from "../../api/types";
import { pickFile, upload } from "../../api/files";
import { Button, Progress } from "../../components";
import { formatBytes } from "../../lib/format";
import { useStore } from "../../state/context";
import { ConfirmDialog } from "./ConfirmDialog";

/** The part that copies, replaces and shrinks the database. */
export function BackupPart({ storage }: { storage: Storage }) {
  const { app, jobs, transport } = useStore();
  const [asking, setAsking] = useState(false);
  const [handing, setHanding] = useState(false);
  const busy = handing || jobs.running.value;
  const inWindow = app.value.mode === "window";

  const restore = async () => {
    const file = inWindow ? null : await pickFile(".sqlite3");
    setAsking(false);
    if (!inWindow && file === null) return;
    setHanding(file !== null);
    const begin = async () => transport.invoke("storage.restore", file === null ? {} : { upload: await upload(transport, file) });
    await jobs.start(begin);
    setHanding(false);
  };
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Database</h3>
        <span class="tv-sub">{sizes(storage)}</span>
      </div>
      <p class="tv-part__text">A backup is one file with everything: usage, prices, homes and settings. It can be made while logs are read, and is checked when it is written.</p>
      <div class="tv-buttons">
        <Button kind="primary" disabled={busy} onClick={() => void jobs.start(() => transport.invoke("storage.backup", {}))}>
          Back up…
        </Button>
        <Button disabled={busy} onClick={() => setAsking(true)}>
          Restore…
        </Button>
        <Button
          disabled={busy}
          title={`${formatBytes(storage.unused_bytes)} in the file hold nothing`}
          onClick={() => void jobs.start(() => transport.invoke("storage.compact", {}))}
        >
          Compact
        </Button>
      </div>
      {handing && !jobs.running.value && <Progress label="Upload" value={null} text="Handing the file over to the program" />}
      <ConfirmDialog open={asking} title="Restore a backup?" cancel="Cancel" action="Choose a file…" onClose={() => setAsking(false)} onConfirm={() => void restore()}>
        <p class="tv-part__text">
          The file is checked first. Then usage, prices, homes and settings are what they were in it; what the database holds now is kept as a copy, and Undo brings it back. Logs that have grown since are read again.
        </p>
      </ConfirmDialog>
    </section>
  );
}

/** The sizes that matter, in a line. */
function sizes({ database_bytes, log_bytes, unused_bytes, disk_free_bytes }: Storage): string {
  const parts = [formatBytes(database_bytes)];
  if (log_bytes > 0) parts.push(`and ${formatBytes(log_bytes)} of write-ahead log`);
  if (unused_bytes > 0) parts.push(`(${formatBytes(unused_bytes)} unused)`);
  return `${parts.join(" ")}, ${formatBytes(disk_free_bytes)} free on the disk`;
}

/** What restores and removals of details kept: brought back or deleted. */
import { useState } from "preact/hooks";
import type { KeptCopy } from "../../api/types";
import { toApiError } from "../../api/client";
import { Button, Ellipsis, IconButton } from "../../components";
import { formatBytes, formatDateTime } from "../../lib/format";
import { useStore } from "../../state/context";
import { ConfirmDialog } from "./ConfirmDialog";

export interface KeptCopiesProps {
  kept: readonly KeptCopy[];
  /** Called when one was deleted. */
  onChange: () => void;
}

/** The list of the kept copies. */
export function KeptCopies({ kept, onChange }: KeptCopiesProps) {
  const { jobs, transport, notify, zone } = useStore();
  const [leaving, setLeaving] = useState<KeptCopy | null>(null);
  const drop = async (name: string) => {
    await transport.invoke("storage.drop_kept", { name }).then(onChange, (thrown: unknown) => notify(toApiError(thrown).message, "error"));
    setLeaving(null);
  };
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Kept copies of the database</h3>
      </div>
      <ul class="tv-rows" aria-label="Kept copies">
        {kept.map((copy) => (
          <li key={copy.name} class="tv-rows__item">
            <div class="tv-rows__main">
              <Ellipsis text={copy.name} mono />
              <div class="tv-sub">
                {formatDateTime(copy.at_ms, zone.value)}, {formatBytes(copy.bytes)}
              </div>
            </div>
            <Button disabled={jobs.running.value} title={`Restore ${copy.name}`} onClick={() => void jobs.start(() => transport.invoke("storage.restore", { kept: copy.name }))}>
              Restore
            </Button>
            <IconButton icon="trash" label={`Delete ${copy.name}`} disabled={jobs.running.value} onClick={() => setLeaving(copy)} />
          </li>
        ))}
      </ul>
      <ConfirmDialog open={leaving !== null} title="Delete this copy?" action="Delete" onClose={() => setLeaving(null)} onConfirm={() => leaving && void drop(leaving.name)}>
        <p class="tv-part__text">
          <Ellipsis text={leaving?.name} mono />
        </p>
        <p class="tv-part__text">It holds the database as it was before a restore, and cannot be brought back once it is deleted.</p>
      </ConfirmDialog>
    </section>
  );
}

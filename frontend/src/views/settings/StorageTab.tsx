/** Where the program keeps what, how large it is, and copies of it. */
import { useEffect, useMemo } from "preact/hooks";
import type { Empty, Storage, StoragePath } from "../../api/types";
import { toApiError } from "../../api/client";
import { CopyButton, Ellipsis, ErrorState, IconButton, Skeleton } from "../../components";
import { exactTokens, formatBytes } from "../../lib/format";
import { useStore } from "../../state/context";
import { createResource } from "../../state/resource";
import { BackupPart } from "./BackupPart";
import { ErasePart } from "./ErasePart";
import { ExportPart } from "./ExportPart";
import { JobNotice } from "./JobNotice";
import { KeptCopies } from "./KeptCopies";
import { RetentionPart } from "./RetentionPart";
import { SettingsFilePart } from "./SettingsFilePart";
import "./storage.css";

/** The tab of the storage. */
export function StorageTab() {
  const { transport, jobs } = useStore();
  const resource = useMemo(() => createResource<Empty, Storage>({ fetch: () => transport.invoke("storage.get", {}) }), [transport]);
  useEffect(() => void resource.load({}), [resource, jobs.ended.value]);
  const data = resource.data.value;
  const failed = resource.error.value;
  return (
    <>
      <JobNotice kinds={["backup", "restore", "compact", "export", "report", "erase", "retention"]} />
      {data === null && (failed ? <ErrorState message={failed.message} onRetry={() => void resource.load({})} /> : <Skeleton shape="table" rows={8} />)}
      {data !== null && (
        <>
          <BackupPart storage={data} />
          {data.kept.length > 0 && <KeptCopies kept={data.kept} onChange={() => void resource.load({})} />}
          <RetentionPart retention={data.retention} />
          <ExportPart />
          <SettingsFilePart />
          <Places paths={data.paths} />
          <Contents storage={data} />
          <ErasePart />
        </>
      )}
    </>
  );
}

function Places({ paths }: { paths: readonly StoragePath[] }) {
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Where things are</h3>
      </div>
      <ul class="tv-rows" aria-label="Paths">
        {paths.map((path) => (
          <Place key={path.id} place={path} />
        ))}
      </ul>
    </section>
  );
}

function Place({ place }: { place: StoragePath }) {
  const { transport, notify } = useStore();
  const reveal = () =>
    transport.invoke("storage.reveal", { id: place.id }).then(
      (answer) => void (answer.opened || notify(`No file manager was found. The folder is ${answer.path}`)),
      (thrown: unknown) => notify(toApiError(thrown).message, "error"),
    );
  const state = !place.exists ? "not there yet" : place.bytes === null ? "" : formatBytes(place.bytes);
  return (
    <li class="tv-rows__item">
      <div class="tv-rows__main">
        <div class="tv-sub">
          {place.label}
          {state !== "" && <span class="tv-place__state">{state}</span>}
        </div>
        <Ellipsis text={place.path} keep="end" mono />
      </div>
      <CopyButton text={place.path} label={`Copy path: ${place.label}`} />
      <IconButton icon="folder" size="small" label={`Show in the file manager: ${place.label}`} disabled={!place.exists} onClick={() => void reveal()} />
    </li>
  );
}

function Contents({ storage }: { storage: Storage }) {
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>What is in the database</h3>
        <span class="tv-sub">No prompts and no replies</span>
      </div>
      <dl class="tv-counts" aria-label="Rows">
        {storage.tables.map(({ table, label, rows }) => (
          <div key={table} class="tv-counts__line">
            <dt>{label}</dt>
            <dd>{exactTokens(rows)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

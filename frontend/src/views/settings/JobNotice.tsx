/** How far a long task is, and what it did: with its end, its file and its undoing. */
import { useEffect } from "preact/hooks";
import type { JobKind, JobStatus } from "../../api/types";
import { Button, CopyButton, Icon, IconButton, Progress } from "../../components";
import { useStore } from "../../state/context";
import "./jobs.css";

const NAMES: Record<JobKind, string> = {
  backup: "Backup",
  restore: "Restore",
  compact: "Compact",
  export: "Export",
  report: "Report",
  check: "Check",
  erase: "Deletion",
  retention: "Removal of details",
};

export interface JobNoticeProps {
  /** The tasks that belong to this place. */
  kinds: readonly JobKind[];
}

/** The running or last task of some kinds; nothing where there is none. */
export function JobNotice({ kinds }: JobNoticeProps) {
  const { jobs } = useStore();
  const refused = jobs.refused.value;
  const job = jobs.job.value;
  useEffect(() => void jobs.resume(), [jobs]);
  const shown = job !== null && kinds.includes(job.kind) ? job : null;
  return (
    <div class="tv-jobs" aria-live="polite">
      {refused !== null && <Outcome tone="error" text={refused.message} />}
      {shown?.state === "running" && <Running job={shown} />}
      {shown !== null && shown.state !== "running" && refused === null && <Ended job={shown} />}
    </div>
  );
}

function Running({ job }: { job: JobStatus }) {
  const { jobs } = useStore();
  const percent = job.progress === null ? "" : `, ${Math.floor(job.progress * 100)} %`;
  return (
    <div class="tv-job tv-job--running">
      <Progress label={NAMES[job.kind]} value={job.progress} text={`${NAMES[job.kind]}: ${job.text || "begins"}${percent}`} />
      <Button onClick={() => void jobs.cancel()}>Cancel</Button>
    </div>
  );
}

function Ended({ job }: { job: JobStatus }) {
  if (job.state === "cancelled") return <Outcome tone="info" text={`${NAMES[job.kind]} cancelled. Nothing was changed.`} />;
  if (job.error !== null) return <Outcome tone="error" text={job.error.message} />;
  return <Outcome tone="ok" text={job.result?.message ?? "Done."} path={job.result?.path ?? null} kept={job.result?.kept ?? null} />;
}

interface OutcomeProps {
  tone: "ok" | "info" | "error";
  text: string;
  path?: string | null;
  kept?: string | null;
}

function Outcome({ tone, text, path = null, kept = null }: OutcomeProps) {
  const { jobs, transport } = useStore();
  return (
    <div class={`tv-job tv-job--${tone}`} role={tone === "error" ? "alert" : "status"}>
      <Icon name={tone === "ok" ? "check" : tone === "error" ? "warning" : "info"} class="tv-job__icon" />
      <div class="tv-job__text">
        {text}
        {path !== null && (
          <span class="tv-job__path td-mono">
            {path} <CopyButton text={path} label="Copy path of the file" />
          </span>
        )}
      </div>
      {kept !== null && <Button onClick={() => void jobs.start(() => transport.invoke("storage.restore", { kept }))}>Undo</Button>}
      <IconButton icon="close" size="small" label="Dismiss" onClick={jobs.dismiss} />
    </div>
  );
}

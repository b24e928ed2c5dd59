/** Facts about the program and every line that was refused, with its reason and its place. */
import { useEffect, useMemo } from "preact/hooks";
import type { Diagnostics, Empty } from "../../api/types";
import { Badge, Button, CopyButton, Ellipsis, ErrorState, Skeleton, showToast } from "../../components";
import { copyText } from "../../lib/clipboard";
import { formatAgo } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { createResource } from "../../state/resource";
import { JobNotice } from "./JobNotice";
import { RefusedLines } from "./RefusedLines";
import { facts } from "./report";

/** The tab of the diagnostics. */
export function DiagnosticsTab() {
  const { transport, jobs } = useStore();
  const resource = useMemo(() => createResource<Empty, Diagnostics>({ fetch: () => transport.invoke("diagnostics.get", {}) }), [transport]);
  useEffect(() => void resource.load({}), [resource, jobs.ended.value]);
  const data = resource.data.value;
  const failed = resource.error.value;
  if (data !== null) return <Facts data={data} />;
  return failed ? <ErrorState message={failed.message} onRetry={() => void resource.load({})} /> : <Skeleton shape="table" rows={8} />;
}

function Facts({ data }: { data: Diagnostics }) {
  const { jobs, transport } = useStore();
  const copy = async () => {
    const done = await copyText(data.report);
    showToast(done ? "Report copied. It holds no names, whole paths, prompts or secrets." : "The report could not be copied.", done ? "ok" : "error");
  };
  return (
    <>
      <JobNotice kinds={["check"]} />
      <section class="tv-part">
        <div class="tv-part__head">
          <h3>Facts</h3>
          <Verdict data={data} />
          <span class="tv-part__actions">
            <Button disabled={jobs.running.value} onClick={() => void jobs.start(() => transport.invoke("diagnostics.check", {}))}>
              Check the database
            </Button>
            <Button icon="copy" onClick={() => void copy()}>
              Copy report
            </Button>
          </span>
        </div>
        <dl class="tv-list">
          {facts(data).map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
          <dt>Folder</dt>
          <dd>
            <Ellipsis text={data.data_dir} keep="end" mono />
            <CopyButton text={data.data_dir} label="Copy path" />
          </dd>
        </dl>
      </section>
      <RefusedLines lines={data.refused} total={data.refused_total} />
    </>
  );
}

function Verdict({ data }: { data: Diagnostics }) {
  if (data.checked_at_ms === null) return null;
  const sound = data.rollup_ok && data.integrity_ok;
  return (
    <>
      <Badge tone={sound ? "ok" : "bad"}>{sound ? "sound" : "the ledger needs a look"}</Badge>
      <span class="tv-sub">checked {formatAgo(data.checked_at_ms, now.value)}</span>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Ellipsis text={value} lines={2} />
      </dd>
    </>
  );
}

/** Facts about the program and every line that was refused, with its reason. */
import { useEffect, useMemo } from "preact/hooks";
import type { Diagnostics, Empty, RefusedLine } from "../../api/types";
import { Badge, Button, CopyButton, Ellipsis, EmptyState, ErrorState, Skeleton, Table, showToast, type Column } from "../../components";
import { copyText } from "../../lib/clipboard";
import { exactTokens, formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import { createResource } from "../../state/resource";
import { facts, reportText } from "./report";

/** The tab of the diagnostics. */
export function DiagnosticsTab() {
  const { transport } = useStore();
  const resource = useMemo(() => createResource<Empty, Diagnostics>({ fetch: () => transport.invoke("diagnostics.get", {}) }), [transport]);
  useEffect(() => void resource.load({}), [resource]);
  const data = resource.data.value;
  if (data !== null) return <Facts data={data} />;
  const failed = resource.error.value;
  return failed ? <ErrorState message={failed.message} onRetry={() => void resource.load({})} /> : <Skeleton shape="table" rows={8} />;
}

function Facts({ data }: { data: Diagnostics }) {
  const copy = async () => {
    const done = await copyText(reportText(data));
    showToast(done ? "Report copied. It holds no paths, prompts or names." : "The report could not be copied.", done ? "ok" : "error");
  };
  return (
    <>
      <section class="tv-part">
        <div class="tv-part__head">
          <h3>Facts</h3>
          {!(data.rollup_ok && data.integrity_ok) && <Badge tone="bad">the ledger needs a look</Badge>}
          <Button icon="copy" onClick={() => void copy()}>
            Copy report
          </Button>
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
      <Refused lines={data.refused} total={data.refused_total} />
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

const COLUMNS: Column<RefusedLine>[] = [
  { key: "label", header: "Reason", cell: (line) => line.label, sortValue: (line) => line.label },
  { key: "count", header: "Lines", align: "right", cell: (line) => exactTokens(line.count), sortValue: (line) => line.count },
  { key: "offset", header: "First at byte", align: "right", hideWhen: "tiny", cell: (line) => exactTokens(line.first_offset) },
  { key: "path", header: "File", maxWidth: "300px", cell: (line) => <PathCell path={line.path} />, sortValue: (line) => line.path },
];

function PathCell({ path }: { path: string }) {
  return (
    <span class="tv-files__path">
      <Ellipsis text={path} keep="end" mono />
      <CopyButton text={path} label="Copy path" />
    </span>
  );
}

function Refused({ lines, total }: { lines: readonly RefusedLine[]; total: number }) {
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Refused lines</h3>
        <span class="tv-sub">{formatCount(total, "line")}, never counted, never guessed</span>
      </div>
      {lines.length === 0 ? (
        <EmptyState compact title="Every line was understood" />
      ) : (
        <Table label="Refused lines" dense columns={COLUMNS} rows={lines} rowKey={(line) => `${line.path} ${line.reason}`} maxHeight="300px" />
      )}
    </section>
  );
}

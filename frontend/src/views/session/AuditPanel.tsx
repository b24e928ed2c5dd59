/** How a session's figures came about: every record with usage, by what was done with it, and the files it stands in. */
import type { AuditLine, SessionDetail, SourceFile } from "../../api/types";
import { Badge, Card, CopyButton, Ellipsis, IconButton, Table, type Column } from "../../components";
import { exactTokens, formatBytes, formatPercent } from "../../lib/format";
import { useStore } from "../../state/context";

const AUDIT: Column<AuditLine>[] = [
  { key: "label", header: "What was done", cell: (line) => line.label },
  { key: "records", header: "Records", align: "right", cell: (line) => exactTokens(line.records) },
  { key: "tokens", header: "Tokens in them", align: "right", cell: (line) => (line.kind === "refused" ? "unknown" : exactTokens(line.tokens)) },
];

/** The audit beside the files. */
export function AuditPanel({ detail }: { detail: SessionDetail }) {
  return (
    <div class="tv-audit">
      <Card title="Audit" note="what became of each record with usage">
        <Table label="Audit" dense columns={AUDIT} rows={detail.audit} rowKey={(line) => line.label} empty="No record with usage has been read." />
      </Card>
      <Card title="Files" note="where these records stand">
        <ul class="tv-files">
          {detail.files.map((file) => (
            <FileLine key={file.path} id={detail.session.id} file={file} />
          ))}
        </ul>
        {detail.files.length === 0 && <p class="tv-sub">No file of this session is known any more.</p>}
      </Card>
    </div>
  );
}

function FileLine({ id, file }: { id: string; file: SourceFile }) {
  const { revealLog } = useStore();
  const present = file.state === "present";
  const read = file.size > 0 ? formatPercent(Math.min(100, (file.read_to / file.size) * 100)) : "0 %";
  return (
    <li class="tv-files__item">
      <span class="tv-files__path">
        <Ellipsis text={file.path} keep="end" mono />
        <CopyButton text={file.path} label="Copy path" />
        {present && <IconButton icon="folder" label="Show in the file manager" size="small" onClick={() => void revealLog(id, file.id)} />}
      </span>
      <span class="tv-sub">
        {formatBytes(file.size)}, {read} read {!present && <Badge tone="warn">{file.state === "gone" ? "deleted, its figures stay" : file.state}</Badge>}
      </span>
    </li>
  );
}

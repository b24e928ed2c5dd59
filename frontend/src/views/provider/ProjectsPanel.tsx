/** The projects that a provider worked in, the dearest first. */
import type { BreakdownRow, ProviderDetail } from "../../api/types";
import { Button, Card, EmptyState, Table, type Column } from "../../components";
import { decimalToNumber } from "../../lib/decimal";
import { exactMoney, formatMoney, formatShare } from "../../lib/format";
import { pathLabels, visibleText } from "../../lib/text";
import { useStore } from "../../state/context";
import { tokenParts, useTokenFormat } from "../shared/figures";
import { SwatchName } from "../shared/ModelCell";

/** Projects of the range. */
export function ProjectsPanel({ detail, stale }: { detail: ProviderDetail; stale: boolean }) {
  const { rows } = detail.projects;
  const { router } = useStore();
  const columns = useColumns(rows);
  return (
    <Card title="Projects" note="by cost in the range" stale={stale} actions={<Button kind="link" onClick={() => router.go({ name: "projects" })}>All projects</Button>}>
      {rows.length === 0 ? (
        <EmptyState compact title="No project in this range">
          Projects appear here with their first response in the chosen range.
        </EmptyState>
      ) : (
        <Table label="Projects of the provider" dense columns={columns} rows={rows} rowKey={(row) => row.key} defaultSort={{ key: "cost", descending: true }} maxHeight="360px" />
      )}
    </Card>
  );
}

function useColumns(rows: readonly BreakdownRow[]): Column<BreakdownRow>[] {
  const format = useTokenFormat();
  const labels = pathLabels(rows);
  return [
    { key: "project", header: "Project", maxWidth: "min(240px, 42vw)", cell: (row) => <SwatchName name={row.key} label={labels.get(row.key) ?? row.label} title={visibleText(row.key)} plain />, sortValue: (row) => row.label },
    { key: "tokens", header: "Tokens", align: "right", cell: (row) => format(row.usage.tokens.total_tokens), title: (row) => tokenParts(row.usage.tokens), sortValue: (row) => row.usage.tokens.total_tokens },
    { key: "cost", header: "Cost", align: "right", cell: (row) => formatMoney(row.usage.cost.usd), title: (row) => exactMoney(row.usage.cost.usd), sortValue: (row) => decimalToNumber(row.usage.cost.usd) },
    { key: "share", header: "Share", align: "right", hideWhen: "tiny", cell: (row) => formatShare(row.share), sortValue: (row) => row.share },
  ];
}

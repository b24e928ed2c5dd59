/** The models of a provider: today and in the range. */
import { clipText, visibleText } from "../../lib/text";
import type { ProviderDetail, ProviderModel } from "../../api/types";
import { Card, Ellipsis, EmptyState, Table, type Column } from "../../components";
import { decimalToNumber } from "../../lib/decimal";
import { exactMoney, formatMoney, formatShare } from "../../lib/format";
import { tokenParts, useTokenFormat } from "../shared/figures";
import { SwatchName } from "../shared/ModelCell";

const LONGEST_TIER = 40;
const LONGEST_HOVER = 2000;

/** Each model with what it used. */
export function ModelsPanel({ detail, stale }: { detail: ProviderDetail; stale: boolean }) {
  const columns = useColumns();
  // A name for the rest is no tier: it is said only where there are several.
  const tiers = detail.tiers.length > 1 ? detail.tiers.map((tier) => `${clipText(visibleText(tier.label), LONGEST_TIER)} ${formatShare(tier.share)}`).join(", ") : undefined;
  return (
    <Card title="Models, today and in the range" note={tiers && <Ellipsis text={tiers} title={clipText(`Share of the tokens by service tier: ${tiers}`, LONGEST_HOVER)} />} stale={stale}>
      {detail.models.length === 0 ? (
        <EmptyState compact title="No model in this range">
          Models appear here with their first response in the chosen range.
        </EmptyState>
      ) : (
        <Table label="Models of the provider" dense columns={columns} rows={detail.models} rowKey={(model) => model.row.key} defaultSort={{ key: "tokens", descending: true }} maxHeight="360px" />
      )}
    </Card>
  );
}

function useColumns(): Column<ProviderModel>[] {
  const format = useTokenFormat();
  return [
    { key: "model", header: "Model", maxWidth: "220px", cell: ({ row }) => <SwatchName name={row.key} label={row.label} />, sortValue: ({ row }) => row.label },
    {
      key: "today",
      header: "Today",
      align: "right",
      cell: ({ today }) => (today.events === 0 ? "–" : formatMoney(today.cost.usd)),
      title: ({ today }) => (today.events === 0 ? undefined : `${exactMoney(today.cost.usd)}\n${tokenParts(today.tokens)}`),
      sortValue: ({ today }) => decimalToNumber(today.cost.usd),
    },
    { key: "tokens", header: "Tokens", align: "right", hideWhen: "tiny", cell: ({ row }) => format(row.usage.tokens.total_tokens), title: ({ row }) => tokenParts(row.usage.tokens), sortValue: ({ row }) => row.usage.tokens.total_tokens },
    { key: "cost", header: "Cost", align: "right", cell: ({ row }) => formatMoney(row.usage.cost.usd), title: ({ row }) => exactMoney(row.usage.cost.usd), sortValue: ({ row }) => decimalToNumber(row.usage.cost.usd) },
    { key: "share", header: "Share", align: "right", hideWhen: "tiny", cell: ({ row }) => formatShare(row.share), sortValue: ({ row }) => row.share },
  ];
}

/** What a provider cost in the last 30 days, whatever the range is. */
import { useState } from "preact/hooks";
import type { ProviderDetail, Usage } from "../../api/types";
import { TrendChart } from "../../charts";
import { Card, DataTableToggle, EmptyState } from "../../components";
import { exactMoney, formatCount, formatMoney } from "../../lib/format";
import { tokenParts, useTokenFormat } from "../shared/figures";
import "./history.css";

/** Today, 30 days, and a bar for each of them. */
export function HistoryPanel({ detail, stale }: { detail: ProviderDetail; stale: boolean }) {
  const [asTable, setAsTable] = useState(false);
  const nothing = detail.month.events === 0;
  // Where nothing has a price bars of cost would be an empty chart.
  const metric = !nothing && detail.month.cost.usd === null ? "tokens" : "cost";
  return (
    <Card title={`${metric === "cost" ? "Cost" : "Tokens"} of 30 days`} stale={stale} actions={nothing ? undefined : <DataTableToggle pressed={asTable} onChange={setAsTable} />}>
      <div class="tv-history__figures">
        <Figure label="Today" usage={detail.today} />
        <Figure label="30 days" usage={detail.month} />
      </div>
      {nothing ? (
        <EmptyState compact title="Nothing was used in the last 30 days">
          A bar appears here for each day with a response.
        </EmptyState>
      ) : (
        <TrendChart trends={detail.history} metric={metric} label={`${metric === "cost" ? "Cost" : "Tokens"} of the last 30 days`} height={190} asTable={asTable} />
      )}
    </Card>
  );
}

function Figure({ label, usage: { cost, tokens, events } }: { label: string; usage: Usage }) {
  const format = useTokenFormat();
  return (
    <div class="tv-history__figure" role="group" aria-label={label}>
      <span class="tv-sub">{label}</span>
      <strong title={exactMoney(cost.usd)}>{formatMoney(cost.usd)}</strong>
      <span class="tv-sub" title={tokenParts(tokens)}>
        {format(tokens.total_tokens)} tokens, {formatCount(events, "response")}
      </span>
    </div>
  );
}

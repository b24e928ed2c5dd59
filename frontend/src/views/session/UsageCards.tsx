/** What a session used over all time, in the same words as the cards of the overview. */
import type { SessionDetail } from "../../api/types";
import { Kpi } from "../../components";
import { exactMoney, exactTokens, formatCount, formatMoney, formatPercent } from "../../lib/format";
import { cacheWritten, costParts, tokenParts, useTokenFormat } from "../shared/figures";
import { Parts } from "../shared/Parts";

/** Tokens, cost, cached share and output of a session. */
export function UsageCards({ detail }: { detail: SessionDetail }) {
  const format = useTokenFormat();
  // A7: the log only has the first of some outputs, so that the sum is a lower bound.
  const bound = detail.audit.some((line) => line.kind === "lower_bound" && line.records > 0) ? "at least " : "";
  const { tokens, cost, events } = detail.session.usage;
  const prompt = tokens.total_tokens - tokens.output_tokens;
  const written = cacheWritten(tokens);
  return (
    <div class="tv-usage">
      <Kpi label="Tokens" value={`${bound}${format(tokens.total_tokens)}`} exact={tokenParts(tokens)} sub={<Parts parts={[formatCount(events, "response")]} />} />
      <Kpi label="Cost" value={cost.usd === null ? formatMoney(null) : `${bound}${formatMoney(cost.usd)}`} exact={exactMoney(cost.usd)} sub={<Parts money parts={costParts(cost)} />} subTitle={costParts(cost).join(" · ")} />
      <Kpi
        label="Cached share"
        value={formatPercent(prompt > 0 ? (tokens.cache_read_tokens / prompt) * 100 : null, "–")}
        exact={`${exactTokens(tokens.cache_read_tokens)} of ${exactTokens(prompt)} prompt tokens`}
        sub={<Parts parts={[`read ${format(tokens.cache_read_tokens)}`, ...(written > 0 ? [`written ${format(written)}`] : [])]} />}
      />
      <Kpi label="Output" value={`${bound}${format(tokens.output_tokens)}`} exact={`${bound}${exactTokens(tokens.output_tokens)} tokens`} sub={<Parts parts={[`reasoning ${format(tokens.reasoning_tokens)} inside`]} />} />
    </div>
  );
}

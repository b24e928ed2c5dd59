/** The five headline figures. */
import type { Cards } from "../../api/types";
import { Badge, Card, Kpi, Skeleton } from "../../components";
import { exactMoney, exactTokens, formatChange, formatCount, formatMoney, formatMoneyNumber, formatPercent, formatPointChange, shortMoney } from "../../lib/format";
import { useStore } from "../../state/context";
import { cacheWritten, costParts, lifetimes, tokenParts, useTokenFormat } from "../shared/figures";
import { Parts } from "../shared/Parts";
import { PanelBody, usePanel } from "../shared/panel";
import "./cards.css";

/** Tokens, cost, cached share, output, sessions. */
export function CardsPanel() {
  const state = usePanel("cards");
  return (
    <div class={state.kind === "ready" && state.stale ? "tv-cards tv-cards--stale" : "tv-cards"} data-state={state.kind}>
      <PanelBody state={state} failedAs="Totals" skeleton={<CardSkeletons />}>
        {(cards) => <Figures cards={cards} />}
      </PanelBody>
    </div>
  );
}

function CardSkeletons() {
  return (
    <div class="tv-cards__grid">
      {[1, 2, 3, 4, 5].map((at) => (
        <Card key={at}>
          <Skeleton shape="kpi" />
        </Card>
      ))}
    </div>
  );
}

function Figures({ cards }: { cards: Cards }) {
  return (
    <div class="tv-cards__grid">
      <TokensCard cards={cards} />
      <CostCard cards={cards} />
      <CachedCard cards={cards} />
      <OutputCard cards={cards} />
      <SessionsCard cards={cards} />
    </div>
  );
}

const before = (previous: number | null, text: (value: number) => string): string =>
  previous === null ? "The period before is not known" : `${text(previous)} in the period before`;

function TokensCard({ cards }: { cards: Cards }) {
  const format = useTokenFormat();
  const { tokens } = cards.usage;
  const { value, previous, sparkline } = cards.tokens_card;
  const written = cacheWritten(tokens);
  const parts = [
    `in ${format(tokens.input_tokens)}`,
    `cached ${format(tokens.cache_read_tokens)}`,
    ...(written > 0 ? [`written ${format(written)}`] : []),
    `out ${format(tokens.output_tokens)}`,
  ];
  return (
    <Kpi
      label="Total tokens"
      value={format(tokens.total_tokens)}
      exact={`${exactTokens(tokens.total_tokens)} tokens`}
      change={formatChange(value, previous)}
      changeTitle={before(previous, exactTokens)}
      sub={<Parts parts={parts} />}
      subTitle={tokenParts(tokens)}
      sparkline={sparkline}
      color="var(--cat-1)"
    />
  );
}

function CostCard({ cards }: { cards: Cards }) {
  const { overlays } = useStore();
  const { cost } = cards.usage;
  const { value, previous, sparkline } = cards.cost_card;
  const unpriced = cost.unpriced_models.length;
  const badge = unpriced > 0 && (
    <Badge tone="warn" title={`No price is known for ${cost.unpriced_models.slice(0, 20).join(", ")}`} onClick={() => overlays.openSettings("pricing")}>
      {unpriced} unpriced
    </Badge>
  );
  return (
    <Kpi
      label="Cost"
      value={formatMoney(cost.usd)}
      exact={exactMoney(cost.usd)}
      change={formatChange(value, previous)}
      changeTitle={before(previous, formatMoneyNumber)}
      badge={badge}
      sub={<Parts money parts={costParts(cost, shortMoney)} />}
      subTitle={costParts(cost).join(" · ")}
      sparkline={sparkline}
      color="var(--cat-3)"
    />
  );
}

function CachedCard({ cards }: { cards: Cards }) {
  const { value, previous, sparkline } = cards.cached_share_card;
  const saved = cards.cache_saved_usd === null ? "saving unknown" : `saved ${shortMoney(cards.cache_saved_usd)}`;
  const { tokens } = cards.usage;
  const written = cacheWritten(tokens);
  const prompt = tokens.total_tokens - tokens.output_tokens;
  return (
    <Kpi
      label="Cached share"
      value={prompt === 0 ? "–" : value > 99.9 || value < 10 ? formatPercent(value) : `${value.toFixed(1)} %`}
      exact={`${exactTokens(cards.usage.tokens.cache_read_tokens)} of ${exactTokens(prompt)} prompt tokens were read from cache`}
      change={formatPointChange(value, previous)}
      changeTitle={before(previous, (share) => `${share.toFixed(1)} %`)}
      sub={<Parts parts={[saved, "of all prompt tokens"]} />}
      subTitle={[`${saved}; compared with the same tokens at the input price`, written > 0 && `${exactTokens(written)} written to cache${lifetimes(tokens)}`].filter(Boolean).join("\n")}
      sparkline={sparkline}
      color="var(--cat-2)"
    />
  );
}

function OutputCard({ cards }: { cards: Cards }) {
  const format = useTokenFormat();
  const { tokens, cost } = cards.usage;
  const { value, previous, sparkline } = cards.output_card;
  const parts = [`reasoning ${format(tokens.reasoning_tokens)} inside`, ...(cost.usd === null ? [] : [shortMoney(cost.output_usd)])];
  return (
    <Kpi
      label="Output"
      value={format(tokens.output_tokens)}
      exact={`${exactTokens(tokens.output_tokens)} tokens, ${formatMoney(cost.usd === null ? null : cost.output_usd)}`}
      change={formatChange(value, previous)}
      changeTitle={before(previous, exactTokens)}
      sub={<Parts parts={parts} />}
      subTitle={`${exactTokens(tokens.reasoning_tokens)} reasoning tokens are part of the output`}
      sparkline={sparkline}
      color="var(--cat-4)"
    />
  );
}

function SessionsCard({ cards }: { cards: Cards }) {
  const { value, previous, sparkline } = cards.sessions_card;
  const { events } = cards.usage;
  const each = cards.sessions > 0 ? [`${exactTokens(events / cards.sessions)} per session`] : [];
  const parts = [formatCount(events, "response"), ...each];
  return (
    <Kpi
      label="Sessions"
      value={exactTokens(cards.sessions)}
      change={formatChange(value, previous)}
      changeTitle={before(previous, exactTokens)}
      sub={<Parts parts={parts} />}
      sparkline={sparkline}
      color="var(--cat-6)"
    />
  );
}

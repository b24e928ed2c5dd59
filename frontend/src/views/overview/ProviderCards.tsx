/** A card per provider: what it used in the range, how its logs are, and its most pressing limit. */
import type { ProviderCard, ProviderInfo } from "../../api/types";
import { Badge, Ellipsis, MeterBar, Sparkline } from "../../components";
import { exactMoney, exactTokens, formatChange, formatCount, formatMoney, formatPercent, formatRelative, formatShare } from "../../lib/format";
import { visibleText } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { CardSkeletons } from "../shared/CardSkeletons";
import { tokenParts, useLimitSteps, useTokenFormat } from "../shared/figures";
import { PanelBody, usePanel } from "../shared/panel";
import { statusLine, statusTone } from "../shared/statusWords";
import "./providercards.css";

/** A card with all its lines, in pixels. */
const HEIGHT = 185;

interface Entry {
  info: ProviderInfo;
  card: ProviderCard | null;
}

/** Every provider with figures or that is on and waits for its first log; nothing where that is one alone. */
export function ProviderCards() {
  const { app, filter } = useStore();
  const state = usePanel("providers");
  const { provider, home } = filter.value ?? {};
  if (provider || home) return null;
  const cards = state.kind === "ready" ? state.value : [];
  const entries = entriesOf(app.value.providers, cards);
  if (state.kind !== "error" && entries.length < 2) return null;
  return (
    <PanelBody state={state} failedAs="Providers" skeleton={<CardSkeletons count={entries.length} height={HEIGHT} />}>
      {() => (
        <ul class={state.kind === "ready" && state.stale ? "tv-pcards tv-cards--stale" : "tv-pcards"} aria-label="Providers">
          {entries.map((entry) => (
            <li key={entry.info.id}>
              <OneCard {...entry} />
            </li>
          ))}
        </ul>
      )}
    </PanelBody>
  );
}

function entriesOf(providers: readonly ProviderInfo[], cards: readonly ProviderCard[]): Entry[] {
  const entries = providers.filter((info) => info.on).map((info) => ({ info, card: cards.find((card) => card.id === info.id) ?? null }));
  return entries.filter(({ info, card }) => card !== null || info.status.state !== "off");
}

function OneCard({ info, card }: Entry) {
  const { router } = useStore();
  const { status } = info;
  return (
    <a class="tv-pcard" href={router.href({ name: "provider", id: info.id })}>
      <span class="tv-pcard__head">
        <span class="td-dot" style={{ backgroundColor: providerColor(info.id) }} aria-hidden="true" />
        <strong class="tv-pcard__name">
          <Ellipsis text={info.name} />
        </strong>
        <Badge tone={statusTone(status)} title={statusLine(info.name, status, now.value)}>
          {status.word}
        </Badge>
        {card && <span class="tv-pcard__share">{formatShare(card.share)}</span>}
      </span>
      {card ? <Figures card={card} /> : <Waiting info={info} />}
    </a>
  );
}

function Figures({ card }: { card: ProviderCard }) {
  const format = useTokenFormat();
  const { tokens, cost, events } = card.usage;
  const change = formatChange(card.tokens_card.value, card.tokens_card.previous);
  const unpriced = cost.unpriced_models.length;
  return (
    <>
      <span class="tv-pcard__figures">
        <span class="tv-pcard__cost" title={exactMoney(cost.usd)}>
          {formatMoney(cost.usd)}
        </span>
        <span class="tv-pcard__tokens" title={tokenParts(tokens)}>
          {format(tokens.total_tokens)} tokens
        </span>
        {change !== null && (
          <span class="tv-pcard__change" title={`Tokens: ${exactTokens(card.tokens_card.previous)} in the period before`}>
            {change}
          </span>
        )}
      </span>
      <span class="tv-pcard__spark">
        <Sparkline values={card.tokens_card.sparkline} color={providerColor(card.id)} />
      </span>
      <span class="tv-pcard__facts">
        {formatCount(card.sessions, "session")}, {formatCount(events, "response")}
        {unpriced > 0 && `, ${unpriced} unpriced`}
      </span>
      {card.top_model !== null && (
        <span class="tv-pcard__facts">
          <Ellipsis text={visibleText(card.top_model)} />
        </span>
      )}
      <Pressing card={card} />
    </>
  );
}

function Pressing({ card: { id, name, limit } }: { card: ProviderCard }) {
  const steps = useLimitSteps();
  if (limit === null) return <span class="tv-pcard__facts tv-pcard__limit">No limit is known</span>;
  const written = `${limit.label} ${formatPercent(limit.used_percent)}`;
  return (
    <span class="tv-pcard__limit">
      <span class="tv-pcard__facts tv-pcard__window">
        <span>{written}{limit.state === "stale" && ", old reading"}</span>
        {limit.resets_at_ms !== null && <span>{`resets ${formatRelative(limit.resets_at_ms, now.value)}`}</span>}
      </span>
      <MeterBar label={`${name}: ${limit.label}`} percent={limit.used_percent} color={providerColor(id)} steps={steps} thin />
    </span>
  );
}

/** Nothing was used: calmly why, and where was looked. */
function Waiting({ info: { status } }: { info: ProviderInfo }) {
  const nothing = status.state === "active" ? "Nothing was used in this range." : status.reason;
  return (
    <>
      <span class="tv-pcard__facts tv-pcard__why">{nothing}</span>
      {status.state !== "active" &&
        status.places.map((place) => (
          <span key={place.path} class="tv-pcard__place">
            <Ellipsis text={place.path} keep="end" mono />
            <span>{place.exists ? "there" : "not there"}</span>
          </span>
        ))}
    </>
  );
}

/** The limits: a card per provider and limit, one bar per window. */
import { Card, EmptyState, Skeleton } from "../../components";
import { useStore } from "../../state/context";
import { PanelBody, usePanel } from "../shared/panel";
import { LimitCard } from "./LimitCard";
import "./limits.css";

interface LimitsPanelProps {
  /** Unfolds the past windows of each card. */
  full?: boolean;
  /** One card under the other, beside another panel. */
  stacked?: boolean;
}

/** All limits of the page. */
export function LimitsPanel({ full = false, stacked = false }: LimitsPanelProps) {
  const state = usePanel("limits");
  const active = useStore().app.value.providers.filter((info) => info.on && info.status.state === "active").length;
  return (
    <section class="tv-limits" aria-label="Limits" data-state={state.kind}>
      <PanelBody state={state} failedAs="Limits" skeleton={<LimitSkeletons full={full} cards={stacked ? Math.min(2, active) : 1} />}>
        {(limits) =>
          limits.length === 0 ? (
            <Card title="Limits">
              <EmptyState compact title="No limit is known">
                <Why />
                The logs that were read carry no rate limit. Some agents write one with each response, others never do.
              </EmptyState>
            </Card>
          ) : (
            <div class="tv-limits__grid">
              {limits.map((limit, at) => (
                <LimitCard key={`${limit.provider} ${limit.limit_id}`} limit={limit} full={full} span={stacked ? WHOLE : spanOf(at, limits.length)} />
              ))}
            </div>
          )
        }
      </PanelBody>
    </section>
  );
}

/** Why none is known, by provider: of those that are read, or of the one whose page this is. */
function Why() {
  const { app, filter } = useStore();
  const { providers, homes } = app.value;
  const wanted = filter.value?.provider ?? null;
  const read = providers.filter((info) => info.on && (wanted === null ? homes.some((home) => home.provider === info.id && home.active) : info.id === wanted));
  if (read.length === 0) return <>No provider is read now.</>;
  if (read.length === 1) return <>{read[0]?.no_limits}</>;
  return (
    <ul class="tv-limits__why">
      {read.map((info) => (
        <li key={info.id}>
          {info.name}: {info.no_limits}
        </li>
      ))}
    </ul>
  );
}

/** How much of a row a card takes, in sixths: where three stand side by side, and where two do. */
export interface Span {
  three: number;
  two: number;
}

const WHOLE: Span = { three: 6, two: 6 };

/** The place of a card among others: every row is full, and none holds a single card under a row of three. */
export function spanOf(at: number, cards: number): Span {
  const inPairs = cards === 1 ? 0 : cards % 3 === 1 ? 4 : cards % 3 === 2 ? 2 : 0;
  const three = cards === 1 ? 6 : at >= cards - inPairs ? 3 : 2;
  return { three, two: cards % 2 === 1 && at === cards - 1 ? 6 : 3 };
}

/** As high as a card with two windows is, and a second one under it as a card of a block is. */
function LimitSkeletons({ full, cards }: { full: boolean; cards: number }) {
  return (
    <div class="tv-stack">
      <Card title="Limits">
        <div class="tv-limit__windows tv-limit__windows--awaited">
          <Skeleton shape="block" height={68} />
          <Skeleton shape="block" height={68} />
        </div>
        {full && <Skeleton shape="block" height={240} />}
      </Card>
      {cards > 1 && (
        <Card>
          <Skeleton shape="block" height={112} />
        </Card>
      )}
    </div>
  );
}

/** The limits: a card per provider and limit, one bar per window. */
import { Card, EmptyState, Skeleton } from "../../components";
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
  return (
    <section class="tv-limits" aria-label="Limits" data-state={state.kind}>
      <PanelBody state={state} failedAs="Limits" skeleton={<LimitSkeletons />}>
        {(limits) =>
          limits.length === 0 ? (
            <Card title="Limits">
              <EmptyState compact title="No limit is known">
                The logs that were read carry no rate limit. Codex writes one with each response; other agents do not.
              </EmptyState>
            </Card>
          ) : (
            <div class="tv-limits__grid" style={{ "--columns": String(stacked ? 1 : columnsFor(limits.length)) }}>
              {limits.map((limit) => (
                <LimitCard key={`${limit.provider} ${limit.limit_id}`} limit={limit} full={full} />
              ))}
            </div>
          )
        }
      </PanelBody>
    </section>
  );
}

/** How many cards stand side by side where there is room: no lonely card under a full row of three. */
export const columnsFor = (cards: number): number => (cards <= 3 ? Math.max(1, cards) : cards === 4 ? 2 : 3);

function LimitSkeletons() {
  return (
    <Card title="Limits">
      <div class="tv-limit__windows tv-limit__windows--awaited">
        <Skeleton shape="block" height={68} />
        <Skeleton shape="block" height={68} />
      </div>
    </Card>
  );
}

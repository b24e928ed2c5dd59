/** The limits: a card per provider and limit, one bar per window. */
import { Card, EmptyState, Skeleton } from "../../components";
import { PanelBody, usePanel } from "../shared/panel";
import { LimitCard } from "./LimitCard";
import "./limits.css";

/** All limits of the page; `full` shows everything about each window. */
export function LimitsPanel({ full = false }: { full?: boolean }) {
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
            <div class="tv-limits__grid">
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

function LimitSkeletons() {
  return (
    <div class="tv-limits__grid">
      {[1, 2, 3].map((at) => (
        <Card key={at}>
          <Skeleton shape="meters" rows={2} />
        </Card>
      ))}
    </div>
  );
}

/** One window of a limit: how much is used, when it resets, where it is going, and what was used inside. */
import type { LimitWindow, WindowUsage } from "../../api/types";
import { Badge, Meter } from "../../components";
import { exactTokens, formatCount, formatDateTime, formatMoney, formatPercent } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { useLimitSteps, useTokenFormat } from "../shared/figures";
import { blockWords, burnWords, forecastWords, resetWords, restWords, unknownWords } from "./limitWords";

/** A bar with its words; without a bar where nothing is known of the window that runs now. */
export function LimitWindowRow({ window, color }: { window: LimitWindow; color: string }) {
  const zone = useStore().zone.value;
  const steps = useLimitSteps();
  const used = window.used_percent;
  const burn = burnWords(window.forecast);
  if (window.state === "estimate") return <EstimatedWindow window={window} zone={zone} />;
  if (used === null) return <UnknownWindow window={window} zone={zone} />;
  return (
    <div class="tv-window">
      <Meter
        label={window.label}
        percent={used}
        timePercent={window.elapsed_percent}
        color={color}
        steps={steps}
        valueText={formatPercent(used)}
        rest={restWords(used)}
        stale={window.state === "stale"}
        start={resetWords(window, zone, now.value)}
        end={burn ?? (window.inside ? <Inside inside={window.inside} /> : undefined)}
      />
      {burn !== null && <Under window={window} zone={zone} />}
    </div>
  );
}

function UnknownWindow({ window, zone }: { window: LimitWindow; zone: string }) {
  const { title, detail } = unknownWords(window, zone, now.value);
  const read = window.observed_at_ms === null ? undefined : `Last reading ${formatDateTime(window.observed_at_ms, zone, now.value)}`;
  return (
    <div class="tv-window tv-window--unknown" title={read}>
      <span>{window.label}</span>
      <span class="tv-window__title">{title}</span>
      <span class="tv-window__detail">{detail}</span>
    </div>
  );
}

const ESTIMATE_TITLE =
  "Worked out from the times of the responses: a block begins with the hour of its first response and ends five hours later. How much of the limit is used is not known.";

/** A block of the logs that stands in for the window: what was used in it, and no percentage. */
function EstimatedWindow({ window, zone }: { window: LimitWindow; zone: string }) {
  return (
    <div class="tv-window tv-window--unknown" data-state="estimate">
      <span>
        {window.label} <Badge title={ESTIMATE_TITLE}>Estimate</Badge>
      </span>
      <span class="tv-window__title">used: unknown</span>
      {window.inside !== null && (
        <span class="tv-window__block tv-num">
          <Inside inside={window.inside} />
        </span>
      )}
      <span class="tv-window__detail">{blockWords(window, zone, now.value)}</span>
    </div>
  );
}

/** Where the window is going, and what was used inside. */
function Under({ window, zone }: { window: LimitWindow; zone: string }) {
  const forecast = forecastWords(window.forecast, zone, now.value);
  const out = window.forecast?.runs_out_at_ms != null;
  return (
    <div class="tv-window__inside">
      {forecast !== null && <span class={out ? "tv-window__out" : undefined}>{forecast}</span>}
      {window.inside !== null && <Inside inside={window.inside} />}
    </div>
  );
}

/** "18.4M · $7.82 · 64 messages". */
function Inside({ inside }: { inside: WindowUsage }) {
  const format = useTokenFormat();
  const { tokens, cost } = inside.usage;
  return (
    <span title={`Inside this window: ${exactTokens(tokens.total_tokens)} tokens, ${formatMoney(cost.usd)}`}>
      {[format(tokens.total_tokens), formatMoney(cost.usd), formatCount(inside.messages, "message")].join(" · ")}
    </span>
  );
}

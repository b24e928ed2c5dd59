/** One window of a limit: how much is used, when it resets, where it is going, and what was used inside. */
import type { LimitWindow, WindowUsage } from "../../api/types";
import { Meter } from "../../components";
import { exactTokens, formatCount, formatDateTime, formatMoney, formatPercent } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { useLimitSteps, useTokenFormat } from "../shared/figures";
import { burnWords, forecastWords, resetWords, restWords, unknownWords } from "./limitWords";

/** A bar with its words; without a bar where nothing is known of the window that runs now. */
export function LimitWindowRow({ window, color }: { window: LimitWindow; color: string }) {
  const zone = useStore().zone.value;
  const steps = useLimitSteps();
  const used = window.used_percent;
  const burn = burnWords(window.forecast);
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

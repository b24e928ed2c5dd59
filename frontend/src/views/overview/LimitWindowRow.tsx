/** One window of a limit: how much is used, when it resets, where it is going, and what was used inside. */
import type { LimitWindow } from "../../api/types";
import { Meter } from "../../components";
import { exactTokens, formatCount, formatMoney } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { useTokenFormat } from "../shared/figures";
import { burnWords, forecastWords, resetWords, usedWords } from "./limitWords";

/** A bar with its words. */
export function LimitWindowRow({ window, color }: { window: LimitWindow; color: string }) {
  const zone = useStore().zone.value;
  const burn = burnWords(window.forecast);
  return (
    <div class="tv-window">
      <Meter
        label={window.label}
        percent={window.used_percent}
        timePercent={window.elapsed_percent}
        color={color}
        valueText={usedWords(window)}
        stale={window.state === "stale"}
        start={resetWords(window, zone, now.value)}
        end={burn ?? undefined}
      />
      <Under window={window} zone={zone} />
    </div>
  );
}

/** Where the window is going, and what was used inside. */
function Under({ window, zone }: { window: LimitWindow; zone: string }) {
  const format = useTokenFormat();
  const forecast = forecastWords(window.forecast, zone, now.value);
  const { inside } = window;
  if (inside === null && forecast === null) return null;
  const out = window.forecast?.runs_out_at_ms != null;
  return (
    <div class="tv-window__inside">
      {forecast !== null && <span class={out ? "tv-window__out" : undefined}>{forecast}</span>}
      {inside !== null && (
        <span title={`Inside this window: ${exactTokens(inside.usage.tokens.total_tokens)} tokens`}>
          {[format(inside.usage.tokens.total_tokens), formatMoney(inside.usage.cost.usd), formatCount(inside.messages, "message")].join(" · ")}
        </span>
      )}
    </div>
  );
}

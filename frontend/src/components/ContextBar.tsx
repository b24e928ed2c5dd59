import { exactTokens, formatPercent, formatTokens } from "../lib/format";
import { MeterBar } from "./Meter";
import "./ContextBar.css";

export interface ContextBarProps {
  /** Tokens in the context now; null is unknown. */
  used: number | null;
  /** Size of the context window; null is unknown. */
  window: number | null;
}

/** How full a session's context is: percent written, a bar of three steps, and used / window under it. */
export function ContextBar({ used, window }: ContextBarProps) {
  const percent = contextPercent(used, window);
  const title = `${used === null ? "unknown" : exactTokens(used)} of ${window === null ? "unknown" : exactTokens(window)} tokens`;
  return (
    <div class="td-context" title={title}>
      <div class="td-context__top">
        <span class="td-context__value">{formatPercent(percent)}</span>
        <div class="td-context__bar">
          <MeterBar label="Context used" percent={percent} thin />
        </div>
      </div>
      <div class="td-context__sub">
        {used === null ? "–" : formatTokens(used)} / {window === null ? "–" : formatTokens(window)}
      </div>
    </div>
  );
}

/** Percent of a context window that is used; null where either is unknown. */
export function contextPercent(used: number | null, window: number | null): number | null {
  return used === null || window === null || window <= 0 ? null : (used / window) * 100;
}

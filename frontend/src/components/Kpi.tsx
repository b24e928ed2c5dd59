import type { ComponentChildren } from "preact";
import { Sparkline } from "./Sparkline";
import "./Kpi.css";

export interface KpiProps {
  label: string;
  /** The figure as shown. */
  value: string;
  /** The exact figure, on hover. */
  exact?: string;
  /** Change against the period before, as text ("+12 %"); null where no period before is known. */
  change?: string | null;
  /** Explains the change on hover ("184.2M in the 7 days before"). */
  changeTitle?: string;
  /** The line under the figure. */
  sub?: ComponentChildren;
  /** Hover text of the line under the figure, in case it is cut. */
  subTitle?: string;
  sparkline?: readonly number[];
  color?: string;
  /** A badge beside the label. */
  badge?: ComponentChildren;
}

/** One headline figure with its parts, its trend and its change; the change is neutral in colour. */
export function Kpi(props: KpiProps) {
  const { label, value, exact, change, changeTitle, sub, subTitle, sparkline, color, badge } = props;
  return (
    <section class="td-kpi" aria-label={label}>
      <div class="td-kpi__top">
        <h2 class="td-kpi__label">{label}</h2>
        {badge}
        {change != null && (
          <span class="td-kpi__change" title={changeTitle}>
            {change}
          </span>
        )}
      </div>
      <div class="td-kpi__figure" style={{ "--chars": String(Math.max(1, value.length)) }}>
        <div class="td-kpi__value" title={exact} elementtiming="figure">
          {value}
        </div>
      </div>
      <div class="td-kpi__sub" title={subTitle}>
        {sub}
      </div>
      {sparkline && (
        <div class="td-kpi__spark">
          <Sparkline values={sparkline} color={color} />
        </div>
      )}
    </section>
  );
}

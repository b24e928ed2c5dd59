import type { ComponentChildren } from "preact";
import { formatPercent } from "../lib/format";
import { pressureTone, type PressureSteps } from "../lib/colors";
import "./Meter.css";

export interface MeterProps {
  /** What is measured ("5 hours"). */
  label: string;
  /** Percent used; null is unknown, shown as such. */
  percent: number | null;
  /** How much of the window's time has passed, as a tick on the bar. */
  timePercent?: number | null;
  /** Colour of the calm step, such as the provider's. */
  color?: string;
  steps?: PressureSteps;
  /** Replaces the written percent ("1.2M tokens"). */
  valueText?: string;
  /** A quieter part of the value, after it ("used, 38 % left"). */
  rest?: string;
  /** Fine print under the bar, left and right. */
  start?: ComponentChildren;
  end?: ComponentChildren;
  stale?: boolean;
}

/** A horizontal bar of percent used, with the number written, three steps of colour, and an optional tick for time. */
export function Meter(props: MeterProps) {
  const { label, percent, timePercent, color, steps, valueText, rest, start, end, stale } = props;
  const tone = percent === null ? "unknown" : pressureTone(percent, steps);
  const written = valueText ?? formatPercent(percent);
  return (
    <div class={`td-meter td-meter--${tone}${stale ? " td-meter--stale" : ""}`}>
      <div class="td-meter__top">
        <span class="td-meter__label">{label}</span>
        <span class="td-meter__figure">
          <span class="td-meter__value">{written}</span>
          {rest && <span class="td-meter__rest"> {rest}</span>}
        </span>
      </div>
      <MeterBar label={label} percent={percent} timePercent={timePercent} color={color} steps={steps} written={rest ? `${written} ${rest}` : written} />
      {(start !== undefined || end !== undefined) && (
        <div class="td-meter__fine">
          <span>{start}</span>
          <span>{end}</span>
        </div>
      )}
    </div>
  );
}

export interface MeterBarProps {
  label: string;
  percent: number | null;
  /** What is spoken as its value; "62 %" unless told. */
  written?: string;
  timePercent?: number | null;
  color?: string;
  steps?: PressureSteps;
  thin?: boolean;
}

/** The bar alone, for cells and lists; the number must be written beside it. */
export function MeterBar({ label, percent, written, timePercent, color, steps, thin }: MeterBarProps) {
  const value = written ?? formatPercent(percent);
  const classes = thin ? "td-meter-bar td-meter-bar--thin" : "td-meter-bar";
  if (percent === null) {
    return <div class={`${classes} td-meter-bar--unknown`} role="img" aria-label={`${label}: ${value}`} />;
  }
  const filled = Math.min(100, Math.max(0, percent));
  const tone = pressureTone(percent, steps);
  const fill = tone === "ok" && color ? color : `var(--${tone}-fill)`;
  return (
    <div
      class={classes}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(filled)}
      aria-valuetext={value}
    >
      <span class="td-meter-bar__fill" style={{ width: `${filled}%`, backgroundColor: fill }} />
      {timePercent != null && (
        <span
          class="td-meter-bar__tick"
          style={{ left: `${Math.min(100, Math.max(0, timePercent))}%` }}
          title={`${formatPercent(timePercent)} of the time has passed`}
        />
      )}
    </div>
  );
}

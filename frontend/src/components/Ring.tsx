import type { ComponentChildren } from "preact";
import { formatPercent } from "../lib/format";
import { pressureTone, type PressureSteps } from "../lib/colors";
import "./Ring.css";

export interface RingPart {
  label: string;
  /** Percent used; null is unknown. */
  percent: number | null;
  color?: string;
  /** The reading is old: it is drawn paler, and said. */
  stale?: boolean;
}

export interface RingProps {
  /** Outer ring first; two at most are readable. */
  rings: readonly RingPart[];
  /** Name of what the rings belong to. */
  label: string;
  /** Pixels, or a length of the style sheet. */
  size?: number | string;
  steps?: PressureSteps;
  /** Text in the middle; the first ring's percent unless told. */
  children?: ComponentChildren;
}

const STROKE = 7;
const GAP = 3;

/** One or two rings around a written figure. */
export function Ring({ rings, label, size = 88, steps, children }: RingProps) {
  const spoken = rings.map((ring) => `${ring.label} ${formatPercent(ring.percent)}${ring.stale ? " (stale)" : ""}`).join(", ");
  const length = typeof size === "number" ? `${size}px` : size;
  return (
    <div class="td-ring" style={{ width: length, height: length }}>
      <svg viewBox="0 0 100 100" role="img" aria-label={`${label}: ${spoken}`}>
        {rings.map((ring, index) => (
          <RingArc key={index} ring={ring} radius={50 - STROKE / 2 - index * (STROKE + GAP)} steps={steps} />
        ))}
      </svg>
      <div class="td-ring__middle">{children ?? formatPercent(rings[0]?.percent ?? null)}</div>
    </div>
  );
}

function RingArc({ ring, radius, steps }: { ring: RingPart; radius: number; steps: PressureSteps | undefined }) {
  const length = 2 * Math.PI * radius;
  const tone = ring.percent === null ? "ok" : pressureTone(ring.percent, steps);
  const share = ring.percent === null ? 0 : Math.min(100, Math.max(0, ring.percent)) / 100;
  const color = tone === "ok" && ring.color ? ring.color : `var(--${tone}-fill)`;
  const track = ring.percent === null ? "td-ring__track td-ring__track--unknown" : "td-ring__track";
  return (
    <g>
      <title>{`${ring.label}: ${formatPercent(ring.percent)}`}</title>
      <circle class={track} cx="50" cy="50" r={radius} stroke-width={STROKE} />
      {share > 0 && (
        <circle
          class={ring.stale ? "td-ring__arc td-ring__arc--stale" : "td-ring__arc"}
          cx="50"
          cy="50"
          r={radius}
          stroke-width={STROKE}
          stroke-dasharray={`${length * share} ${length}`}
          style={{ stroke: color }}
        />
      )}
    </g>
  );
}

import { useLate } from "./useLate";
import "./Skeleton.css";

export interface SkeletonProps {
  /** The shape of what is to come. */
  shape?: "text" | "kpi" | "chart" | "table" | "meters" | "calendar" | "block";
  /** Rows for `text`, `table` and `meters`. */
  rows?: number;
  /** Height in pixels for `chart` and `block`. */
  height?: number;
  /** Height of a row of a `table` in pixels, so that nothing moves when the rows arrive. */
  pitch?: number;
  label?: string;
}

/** Where a panel will be: its outline in quiet bars, which pulse after a while, only for the first load. */
export function Skeleton({ shape = "text", rows = 3, height = 200, pitch, label = "Loading" }: SkeletonProps) {
  const classes = `td-skeleton td-skeleton--${shape}${useLate(true) ? " td-skeleton--late" : ""}`;
  return (
    <div class={classes} style={pitch === undefined ? undefined : { gap: `${pitch - 12}px` }} role="status" aria-label={label}>
      {shape === "chart" || shape === "block" ? (
        <span class="td-skeleton__bar" style={{ height: `${height}px` }} />
      ) : shape === "calendar" ? (
        <span class="td-skeleton__bar td-skeleton__bar--calendar" />
      ) : shape === "kpi" ? (
        ["40%", "65%", "85%", "100%"].map((width) => <span class="td-skeleton__bar" key={width} style={{ width }} />)
      ) : (
        Array.from({ length: rows }, (_, row) => (
          <span class="td-skeleton__bar" key={row} style={{ width: shape === "text" ? `${90 - (row % 3) * 18}%` : "100%" }} />
        ))
      )}
    </div>
  );
}

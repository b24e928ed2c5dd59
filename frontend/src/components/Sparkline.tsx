import { sparklinePath } from "../charts/sparkline";
import "./Sparkline.css";

const WIDTH = 100;
const HEIGHT = 26;

export interface SparklineProps {
  values: readonly number[];
  color?: string;
}

/** A line without axes, as one SVG path; decorative, since the figure beside it is written. */
export function Sparkline({ values, color = "var(--accent)" }: SparklineProps) {
  const { line, area } = sparklinePath(values, WIDTH, HEIGHT);
  if (line === "") return <div class="td-sparkline" aria-hidden="true" />;
  return (
    <svg class="td-sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <path class="td-sparkline__area" d={area} style={{ fill: color }} />
      <path class="td-sparkline__line" d={line} style={{ stroke: color }} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

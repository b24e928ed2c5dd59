import { useCallback } from "preact/hooks";
import type { Trends } from "../api/types";
import { Chart } from "./Chart";
import type { ChartColors } from "./spec";
import { trendSpec, type Metric } from "./trend";

export interface TrendChartProps {
  trends: Trends;
  metric: Metric;
  label: string;
  height?: number;
  asTable?: boolean;
  /** Keys of series that are switched off. */
  hidden?: ReadonlySet<string>;
  /** Click on a bar: its bucket, [startMs, endMs). */
  onBucket?: (startMs: number, endMs: number) => void;
}

/** The trend as stacked bars; a click on a bar tells its bucket. */
export function TrendChart({ trends, metric, label, height, asTable, hidden, onBucket }: TrendChartProps) {
  const build = useCallback((colors: ChartColors) => trendSpec({ trends, metric, hidden }, colors), [trends, metric, hidden]);
  const select = (index: number) => {
    const bucket = trends.buckets[index];
    if (bucket) onBucket?.(bucket.start_ms, bucket.end_ms);
  };
  return <Chart build={build} label={label} height={height} asTable={asTable} onSelect={onBucket ? select : undefined} />;
}

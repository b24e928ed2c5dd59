import { slotColor } from "../lib/colors";
import { exactTokens, formatPercent, formatTokensTick } from "../lib/format";
import { lineOptions } from "./options";
import { withAlpha } from "./palette";
import type { ChartColors, ChartSpec } from "./spec";

/** How full a context was at one response. */
export interface ContextPoint {
  /** Name of the place on the axis, such as "16:40". */
  label: string;
  /** Its full name for the hover, such as "18 Sep, 16:40:12". */
  title: string;
  used: number;
}

/** A session's context over its responses, against the size of its window where that is known. */
export function contextFillSpec(points: readonly ContextPoint[], window: number | null, colors: ChartColors): ChartSpec<"line"> {
  const line = colors.resolve(slotColor(1));
  const size = window !== null && window > 0 ? window : null;
  const top = size === null ? undefined : Math.max(size, ...points.map((point) => point.used));
  const share = (used: number) => (size === null ? "unknown" : formatPercent((used / size) * 100));
  return {
    type: "line",
    data: {
      labels: points.map((point) => point.label),
      datasets: [
        {
          label: "Context used",
          data: points.map((point) => point.used),
          borderColor: line,
          backgroundColor: withAlpha(line, 0.12),
          borderWidth: 1.6,
          pointRadius: points.length > 60 ? 0 : 2,
          pointHoverRadius: 3,
          pointBackgroundColor: line,
          fill: true,
          stepped: "before",
        },
      ],
    },
    options: lineOptions(colors, formatTokensTick, top),
    table: {
      columns: ["Response", "Context used", "Share of window"],
      rows: points.map((point) => [point.title, exactTokens(point.used), share(point.used)]),
      total: null,
    },
    description: `Context used over ${points.length} responses${size === null ? "" : `, of a window of ${exactTokens(size)} tokens`}.`,
    length: points.length,
    hover: (index) => {
      const point = points[index];
      if (!point) return null;
      const lines = [{ label: "Context used", value: exactTokens(point.used), color: slotColor(1) }];
      return { title: point.title, lines: size === null ? lines : [...lines, { label: "Share of window", value: share(point.used) }] };
    },
  };
}

import { slotColor } from "../lib/colors";
import { exactTokens, formatMoneyNumber, formatMoneyTick, formatTokensTick } from "../lib/format";
import { barOptions } from "./options";
import { withAlpha } from "./palette";
import type { ChartColors, ChartSpec } from "./spec";
import type { Metric } from "./trend";

/** Some responses of a session in a row. */
export interface ResponsePoint {
  /** Name of the place on the axis, such as "16:40". */
  label: string;
  /** Its full name for the hover, such as "18 Sep, 16:40 to 16:52". */
  title: string;
  responses: number;
  tokens: number;
  /** Dollars. */
  cost: number;
}

/** What a session's responses used one after the other, as bars. */
export function timelineSpec(points: readonly ResponsePoint[], metric: Metric, colors: ChartColors): ChartSpec<"bar"> {
  const color = slotColor(metric === "tokens" ? 1 : 2);
  const noun = metric === "tokens" ? "Tokens" : "Cost";
  const write = (point: ResponsePoint) => (metric === "tokens" ? exactTokens(point.tokens) : formatMoneyNumber(point.cost));
  const responses = points.reduce((sum, point) => sum + point.responses, 0);
  return {
    type: "bar",
    data: {
      labels: points.map((point) => point.label),
      datasets: [
        {
          label: noun,
          data: points.map((point) => point[metric]),
          backgroundColor: colors.resolve(color),
          hoverBackgroundColor: withAlpha(colors.resolve(color), 0.78),
          borderRadius: points.length > 60 ? 0 : 2,
          maxBarThickness: 40,
          categoryPercentage: points.length > 120 ? 1 : 0.9,
          barPercentage: 0.94,
        },
      ],
    },
    options: barOptions(colors, metric === "tokens" ? formatTokensTick : formatMoneyTick, metric === "tokens"),
    table: {
      columns: ["Time", "Responses", noun],
      rows: points.map((point) => [point.title, exactTokens(point.responses), write(point)]),
      total: null,
    },
    description: `${noun} of ${exactTokens(responses)} responses in ${points.length} bars.`,
    length: points.length,
    hover: (index) => {
      const point = points[index];
      if (!point) return null;
      const lines = [{ label: noun, value: write(point), color }];
      return { title: point.title, lines: point.responses === 1 ? lines : [...lines, { label: "Responses", value: exactTokens(point.responses) }] };
    },
  };
}

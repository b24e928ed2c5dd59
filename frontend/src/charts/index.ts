/** Charts, from one place. */
export { CalendarGrid, type CalendarGridProps } from "./CalendarGrid";
export { Chart, type ChartProps } from "./Chart";
export { contextFillSpec, type ContextPoint } from "./contextfill";
export type { ChartColors, ChartSpec, ChartTable, Hover, HoverLine } from "./spec";
export { TrendChart, type TrendChartProps } from "./TrendChart";
export { timelineSpec, type ResponsePoint } from "./timeline";
export { orderParts, trendParts, type Metric, type TrendPart } from "./trend";

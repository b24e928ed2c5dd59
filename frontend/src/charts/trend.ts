import type { ChartDataset } from "chart.js";
import type { Series, TrendBucket, Trends } from "../api/types";
import { colorBook, slotColor, type ColorBook } from "../lib/colors";
import { convertNumber } from "../lib/currency";
import { sumDecimals } from "../lib/decimal";
import { exactTokens, formatMoney, formatMoneyNumber, formatMoneyTick, formatTokensTick, UNPRICED } from "../lib/format";
import { pathLabels, visibleText } from "../lib/text";
import { barOptions } from "./options";
import { withAlpha } from "./palette";
import type { ChartColors, ChartSpec, ChartTable, Hover, HoverLine } from "./spec";

/** What the bars measure. */
export type Metric = "tokens" | "cost";

export interface TrendInput {
  trends: Trends;
  metric: Metric;
  /** Keys of series that are switched off. */
  hidden?: ReadonlySet<string>;
  book?: ColorBook;
}

/** A series of the trend with its colour, as the legend and the chart share it. */
export interface TrendPart {
  key: string;
  label: string;
  /** A CSS value that follows the theme. */
  color: string;
  series: Series;
}

/** The series with their colours; the colour of a key is the same in every chart of the page. */
export function trendParts(trends: Trends, book: ColorBook = colorBook): TrendPart[] {
  const slots = book.assign(trends.series.map((series) => series.key));
  const paths = trends.stack === "project" ? pathLabels(trends.series) : null;
  return trends.series.map((series) => ({
    key: series.key,
    label: visibleText(paths?.get(series.key) ?? series.label) || "unknown",
    color: trends.stack === "provider" && series.key !== "other" ? `var(--provider-${series.key}, ${slotColor(slots.get(series.key) ?? 0)})` : slotColor(slots.get(series.key) ?? 0),
    series,
  }));
}

/** The parts with the largest first by what is measured, the gathered rest last. */
export function orderParts(parts: readonly TrendPart[], metric: Metric): TrendPart[] {
  const amount = ({ key, series: { usage } }: TrendPart) => (key === "other" ? -1 : metric === "tokens" ? usage.tokens.total_tokens : Number(usage.cost.usd ?? 0));
  return [...parts].sort((left, right) => amount(right) - amount(left));
}

/** Stacked bars of tokens or cost by bucket, with hovers that name every part and a table of the same numbers. */
export function trendSpec({ trends, metric, hidden, book }: TrendInput, colors: ChartColors): ChartSpec<"bar"> {
  const parts = orderParts(trendParts(trends, book), metric).filter((part) => !hidden?.has(part.key));
  const noun = metric === "tokens" ? "Tokens" : "Cost";
  return {
    type: "bar",
    data: {
      labels: trends.buckets.map((bucket) => bucket.label),
      datasets: parts.map((part) => dataset(part, metric, trends.buckets.length, colors)),
    },
    options: barOptions(colors, metric === "tokens" ? formatTokensTick : formatMoneyTick, metric === "tokens"),
    table: trendTable(trends, parts, metric),
    description: `${noun} by ${trends.bucket}, stacked by ${trends.stack}: ${trends.buckets.length} bars, ${parts.length} parts.`,
    length: trends.buckets.length,
    hover: (index) => {
      const hover = trendHover(trends.buckets[index], index, parts, metric, hidden !== undefined && hidden.size > 0);
      return hover && trends.bucket === "hour" ? { ...hover, hint: "A click shows this whole day" } : hover;
    },
  };
}

/** The same numbers as a table: a row per bucket, a column per part, and the sums. */
export function trendTable(trends: Trends, parts: readonly TrendPart[], metric: Metric): ChartTable {
  const whole = parts.length === trends.series.length;
  const sum = (bucket: TrendBucket, index: number) =>
    whole ? bucketTotal(bucket, metric) : partSum(parts, index, metric);
  return {
    columns: [capital(trends.bucket), ...parts.map((part) => part.label), "Total"],
    rows: trends.buckets.map((bucket, index) => [
      bucket.title,
      ...parts.map((part) => partText(part, index, metric)),
      sum(bucket, index),
    ]),
    total: ["Total", ...parts.map((part) => seriesTotal(part, metric)), allTotal(trends, parts, metric)],
  };
}

function trendHover(bucket: TrendBucket | undefined, index: number, parts: readonly TrendPart[], metric: Metric, filtered: boolean): Hover | null {
  if (!bucket) return null;
  const lines: HoverLine[] = parts
    .filter((part) => (part.series.tokens[index] ?? 0) > 0 || (part.series.cost[index] ?? 0) > 0)
    .map((part) => ({ label: part.label, value: partText(part, index, metric), color: part.color }));
  const value = filtered ? partSum(parts, index, metric) : bucketTotal(bucket, metric);
  return { title: bucket.title, lines, total: { label: lines.length === 0 ? "Nothing used" : "Total", value } };
}

function dataset(part: TrendPart, metric: Metric, length: number, colors: ChartColors): ChartDataset<"bar", number[]> {
  const values = metric === "tokens" ? part.series.tokens : part.series.cost.map(convertNumber);
  return {
    label: part.label,
    data: Array.from({ length }, (_, index) => values[index] ?? 0),
    backgroundColor: colors.resolve(part.color),
    hoverBackgroundColor: withAlpha(colors.resolve(part.color), 0.78),
    borderColor: colors.panel,
    borderWidth: length > 120 ? 0 : { top: 1 },
    borderRadius: 2,
    borderSkipped: "middle",
    stack: "all",
    maxBarThickness: 62,
    categoryPercentage: length > 120 ? 1 : length > 30 ? 0.9 : 0.78,
    barPercentage: length > 60 ? 0.96 : 0.9,
  };
}

function partText(part: TrendPart, index: number, metric: Metric): string {
  if (metric === "tokens") return exactTokens(part.series.tokens[index] ?? 0);
  const cost = part.series.cost[index] ?? 0;
  return part.series.unpriced && cost === 0 && (part.series.tokens[index] ?? 0) > 0 ? UNPRICED : formatMoneyNumber(cost);
}

function bucketTotal(bucket: TrendBucket, metric: Metric): string {
  const { tokens, cost } = bucket.usage;
  if (metric === "tokens") return exactTokens(tokens.total_tokens);
  return formatMoney(cost.usd, tokens.total_tokens > 0 ? UNPRICED : formatMoney("0"));
}

function partSum(parts: readonly TrendPart[], index: number, metric: Metric): string {
  const sum = parts.reduce((total, { series }) => total + ((metric === "tokens" ? series.tokens : series.cost)[index] ?? 0), 0);
  return metric === "tokens" ? exactTokens(sum) : formatMoneyNumber(sum);
}

function seriesTotal({ series }: TrendPart, metric: Metric): string {
  return metric === "tokens" ? exactTokens(series.usage.tokens.total_tokens) : formatMoney(series.usage.cost.usd);
}

function allTotal(trends: Trends, parts: readonly TrendPart[], metric: Metric): string {
  const usages = parts.map((part) => part.series.usage);
  if (metric === "tokens") return exactTokens(usages.reduce((sum, usage) => sum + usage.tokens.total_tokens, 0));
  const priced = usages.map((usage) => usage.cost.usd).filter((usd) => usd !== null);
  return priced.length === 0 && trends.series.length > 0 ? UNPRICED : formatMoney(sumDecimals(priced));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

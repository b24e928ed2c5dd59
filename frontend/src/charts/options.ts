import type { ChartOptions } from "chart.js";
import type { ChartColors } from "./spec";

const FONT_SIZE = 11;

/** Writes a tick; `step` is how far the ticks are apart. */
export type TickWriter = (value: number, step: number) => string;

/** Options of stacked bars: hairline grid, quiet ticks, no animation, no built-in legend or hover. */
export function barOptions(colors: ChartColors, tick: TickWriter, whole: boolean): ChartOptions<"bar"> {
  return {
    ...shared(),
    scales: {
      x: { stacked: true, ...xAxis(colors) },
      y: { stacked: true, beginAtZero: true, ...yAxis(colors, tick), ticks: { ...yTicks(colors, tick), precision: whole ? 0 : undefined } },
    },
  };
}

/** Options of lines over numbered places. `max` pins the top of the axis. */
export function lineOptions(colors: ChartColors, tick: TickWriter, max?: number): ChartOptions<"line"> {
  return {
    ...shared(),
    scales: { x: xAxis(colors), y: { beginAtZero: true, max, ...yAxis(colors, tick) } },
  };
}

function shared() {
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false as const,
    layout: { padding: { top: 6, right: 2, bottom: 0, left: 0 } },
    interaction: { mode: "index" as const, axis: "x" as const, intersect: false },
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
  };
}

function xAxis(colors: ChartColors) {
  return {
    grid: { display: false },
    border: { color: colors.line },
    ticks: { color: colors.inkQuiet, font: font(colors), maxRotation: 0, autoSkipPadding: 16 },
  };
}

function yAxis(colors: ChartColors, tick: TickWriter) {
  return { grid: { color: colors.line, drawTicks: false }, border: { display: false }, ticks: yTicks(colors, tick) };
}

function yTicks(colors: ChartColors, tick: TickWriter) {
  return {
    color: colors.inkQuiet,
    font: font(colors),
    padding: 8,
    maxTicksLimit: 6,
    callback: (value: number | string, _index: number, ticks: readonly { value: number }[]) => tick(Number(value), (ticks[1]?.value ?? 0) - (ticks[0]?.value ?? 0)),
  };
}

function font(colors: ChartColors) {
  return { family: colors.font, size: FONT_SIZE };
}

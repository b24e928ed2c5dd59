import type { ChartData, ChartOptions } from "chart.js";

/** The numbers of a chart as text: the same values that are drawn, exact. */
export interface ChartTable {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** The sums, one cell per column. */
  total: readonly string[] | null;
}

/** One line of a hover. */
export interface HoverLine {
  label: string;
  value: string;
  /** The colour it is drawn in; none for plain facts. */
  color?: string;
}

/** What the hover over one place of the x axis says. */
export interface Hover {
  title: string;
  lines: readonly HoverLine[];
  total?: HoverLine;
  /** What a click does, where it is not plain. */
  hint?: string;
}

/** All that one chart needs: what Chart.js draws, the same as a table, its spoken name, and its hovers. */
export interface ChartSpec<Type extends "bar" | "line" = "bar" | "line"> {
  type: Type;
  data: ChartData<Type, number[], string>;
  options: ChartOptions<Type>;
  table: ChartTable;
  /** What the chart shows, in a sentence, for those who do not see it. */
  description: string;
  /** How many places can be pointed at. */
  length: number;
  hover: (index: number) => Hover | null;
}

/** The colours of the page as a canvas needs them: resolved, not as CSS properties. */
export interface ChartColors {
  ink: string;
  inkQuiet: string;
  line: string;
  panel: string;
  accent: string;
  font: string;
  /** Resolves a CSS value such as "var(--cat-3)". */
  resolve: (css: string) => string;
}

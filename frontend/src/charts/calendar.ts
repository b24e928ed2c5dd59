import type { Calendar, CalendarDay } from "../api/types";
import { exactTokens, formatCount, formatDay, formatMoneyNumber } from "../lib/format";
import { isDay, weekdayOf } from "../lib/time";
import { MONTH_NAMES, WEEKDAY_NAMES } from "../lib/timeformat";
import type { ChartTable } from "./spec";
import type { Metric } from "./trend";

/** 0 is nothing used, 4 the busiest quarter of the days that were used at all. */
export type Level = 0 | 1 | 2 | 3 | 4;

/** A day as it is drawn. */
export interface CalendarCell {
  day: string;
  /** null where nothing is known of the day: it is before the first event of the ledger. */
  level: Level | null;
  /** What hover and screen readers say. */
  text: string;
  /** The last day of the year shown. */
  today: boolean;
}

export interface CalendarGridData {
  /** Columns of seven days; places outside the year are null. */
  weeks: (CalendarCell | null)[][];
  /** Short month names with the column they begin at. */
  months: { label: string; column: number }[];
  /** Short weekday names from the first weekday on. */
  weekdays: string[];
  table: ChartTable;
  /** "Busiest: Thu 18 Sep 2025: $12.30, ..."; null where nothing was used. */
  busiest: string | null;
}

/** A year of days as columns of weeks that begin at `firstWeekday` (0 is Monday). */
export function calendarGrid(calendar: Calendar, firstWeekday: number, metric: Metric): CalendarGridData {
  const days = calendar.days.filter((day) => isDay(day.day));
  const limits = levelLimits(days.filter((day) => day.covered).map((day) => valueOf(day, metric)));
  const weeks: (CalendarCell | null)[][] = [];
  const last = days[days.length - 1];
  for (const day of days) {
    const row = (weekdayOf(day.day) - firstWeekday + 7) % 7;
    let week = weeks[weeks.length - 1];
    if (!week || row === 0) weeks.push((week = new Array<CalendarCell | null>(7).fill(null)));
    week[row] = { day: day.day, level: day.covered ? levelOf(valueOf(day, metric), limits) : null, text: dayText(day), today: day === last };
  }
  return {
    weeks,
    months: monthLabels(weeks),
    weekdays: Array.from({ length: 7 }, (_, index) => WEEKDAY_NAMES[(index + firstWeekday) % 7] ?? ""),
    table: calendarTable(days),
    busiest: busiestDay(days, metric),
  };
}

function busiestDay(days: readonly CalendarDay[], metric: Metric): string | null {
  const top = days.reduce<CalendarDay | null>((best, day) => (best === null || valueOf(day, metric) > valueOf(best, metric) ? day : best), null);
  return top === null || !(valueOf(top, metric) > 0) ? null : `Busiest day ${dayText(top)}`;
}

/** The quartiles of the values above zero: the levels' upper limits. */
export function levelLimits(values: readonly number[]): number[] {
  const used = values.filter((value) => value > 0).sort((left, right) => left - right);
  if (used.length === 0) return [];
  return [0.25, 0.5, 0.75].map((share) => used[Math.min(used.length - 1, Math.ceil(share * used.length) - 1)] ?? 0);
}

/** Which level a value is on, between `levelLimits`. */
export function levelOf(value: number, limits: readonly number[]): Level {
  if (!(value > 0)) return 0;
  return (1 + limits.filter((limit) => value > limit).length) as Level;
}

function valueOf(day: CalendarDay, metric: Metric): number {
  return metric === "tokens" ? day.tokens : day.cost;
}

/** Months are named where they begin, if there is room for the name before the next one. */
function monthLabels(weeks: readonly (readonly (CalendarCell | null)[])[]): { label: string; column: number }[] {
  const labels: { label: string; column: number }[] = [];
  let last = "";
  weeks.forEach((week, column) => {
    const first = week.find((cell) => cell !== null);
    const month = first?.day.slice(0, 7) ?? last;
    if (month === last) return;
    last = month;
    const before = labels[labels.length - 1];
    if (before && column - before.column < 3) labels.pop();
    labels.push({ label: MONTH_NAMES[Number(month.slice(5)) - 1] ?? "", column });
  });
  return labels;
}

function dayText(day: CalendarDay): string {
  const name = formatDay(day.day);
  if (!day.covered) return `${name}: not covered, before the first event in the ledger`;
  if (day.events === 0 && day.tokens === 0) return `${name}: nothing used`;
  return `${name}: ${formatMoneyNumber(day.cost)}, ${formatCount(day.tokens, "token")}, ${formatCount(day.events, "response")}`;
}

function calendarTable(days: readonly CalendarDay[]): ChartTable {
  const sum = (pick: (day: CalendarDay) => number) => days.reduce((total, day) => total + pick(day), 0);
  return {
    columns: ["Day", "Tokens", "Cost", "Responses"],
    rows: days.map((day) =>
      day.covered
        ? [formatDay(day.day), exactTokens(day.tokens), formatMoneyNumber(day.cost), exactTokens(day.events)]
        : [formatDay(day.day), "not covered", "not covered", "not covered"],
    ),
    total: ["Total", exactTokens(sum((day) => day.tokens)), formatMoneyNumber(sum((day) => day.cost)), exactTokens(sum((day) => day.events))],
  };
}

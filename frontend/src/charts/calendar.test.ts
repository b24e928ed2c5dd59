import { describe, expect, it } from "vitest";
import type { Calendar, CalendarDay } from "../api/types";
import { addDays } from "../lib/time";
import { makeCalendar } from "../../test/fixtures/charts";
import { calendarGrid, levelLimits, levelOf } from "./calendar";

const { usage } = makeCalendar();

function year(make: (index: number) => Partial<CalendarDay>, length = 365, first = "2024-09-20"): Calendar {
  const days = Array.from({ length }, (_, index) => ({ day: addDays(first, index), tokens: 0, cost: 0, events: 0, covered: true, ...make(index) }));
  return { days, usage, active_days: 0 };
}

describe("calendarGrid", () => {
  it("marks the last day and names the busiest", () => {
    const grid = calendarGrid(year((index) => ({ cost: index === 40 ? 9 : 1, tokens: 5, events: 1 })), 0, "cost");
    const cells = grid.weeks.flat().filter((cell) => cell !== null);
    expect(cells.filter((cell) => cell.today)).toEqual([cells[cells.length - 1]]);
    expect(grid.busiest).toBe(`Busiest day ${cells[40]?.text}`);
    expect(calendarGrid(year(() => ({})), 0, "cost").busiest).toBeNull();
  });

  it("puts every day in its weekday's row, in columns that begin on the first weekday", () => {
    const grid = calendarGrid(year(() => ({})), 0, "tokens"); // 2024-09-20 is a Friday
    expect(grid.weeks[0]?.map((cell) => cell?.day ?? null)).toEqual([null, null, null, null, "2024-09-20", "2024-09-21", "2024-09-22"]);
    expect(grid.weeks[1]?.[0]?.day).toBe("2024-09-23");
    expect(grid.weeks.flat().filter((cell) => cell !== null)).toHaveLength(365);
    expect(grid.weeks).toHaveLength(53);
    const sunday = calendarGrid(year(() => ({})), 6, "tokens");
    expect(sunday.weekdays[0]).toBe("Sun");
    expect(sunday.weeks[0]?.map((cell) => cell?.day ?? null)).toEqual([null, null, null, null, null, "2024-09-20", "2024-09-21"]);
  });

  it("tells days without coverage from days of zero", () => {
    const grid = calendarGrid(year((index) => (index < 10 ? { covered: false } : {})), 0, "cost");
    const cells = grid.weeks.flat().filter((cell) => cell !== null);
    expect(cells.slice(0, 10).every((cell) => cell.level === null && cell.text.includes("not covered"))).toBe(true);
    expect(cells.slice(10).every((cell) => cell.level === 0 && cell.text.endsWith("nothing used"))).toBe(true);
    expect([grid.table.rows[0]?.[1], grid.table.rows[10]?.[1]]).toEqual(["not covered", "0"]);
  });

  it("levels by quartiles of the days that were used, of the metric that is asked", () => {
    const calendar = year((index) => ({ tokens: index < 100 ? index + 1 : 0, cost: index < 100 ? 100 - index : 0, events: 1 }));
    const levels = (metric: "tokens" | "cost") => calendarGrid(calendar, 0, metric).weeks.flat().filter((cell) => cell !== null).map((cell) => cell.level);
    for (const level of [1, 2, 3, 4]) expect(levels("tokens").filter((each) => each === level)).toHaveLength(25);
    expect([levels("tokens")[0], levels("cost")[0], levels("tokens")[200]]).toEqual([1, 4, 0]);
  });

  it("names each month once, with room for its name", () => {
    const { months } = calendarGrid(year(() => ({})), 0, "tokens");
    expect(months.map((month) => month.label)).toEqual(["Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"]);
    months.forEach((month, index) => expect(month.column - (months[index - 1]?.column ?? -3)).toBeGreaterThanOrEqual(3));
  });

  it("has a table with every day and the sum", () => {
    const { table } = calendarGrid(year((index) => ({ tokens: index, cost: 0.5, events: 2 }), 4), 0, "tokens");
    expect(table.rows.map((row) => row[1])).toEqual(["0", "1", "2", "3"]);
    expect(table.total).toEqual(["Total", "6", "$2.00", "8"]);
  });

  it("stands a year without days and days that are none", () => {
    expect(calendarGrid({ days: [], usage, active_days: 0 }, 0, "cost").weeks).toEqual([]);
    expect(calendarGrid(year(() => ({ day: "rubbish" }), 3), 0, "cost").weeks).toEqual([]);
  });
});

describe("levels", () => {
  it.each([
    [[], []], [[0, 0], []], [[5], [5, 5, 5]], [[1, 2, 3, 4], [1, 2, 3]], [[4, 0, 1, 3, 2], [1, 2, 3]],
  ])("limits of %j", (values, limits) => expect(levelLimits(values)).toEqual(limits));
  it.each([[0, 0], [-1, 0], [1, 1], [1.5, 2], [3, 3], [9, 4], [Number.NaN, 0]])("%d is level %d", (value, level) => expect(levelOf(value, [1, 2, 3])).toBe(level));
  it("is never 0 for a day that was used", () => expect(levelOf(0.000001, levelLimits([0.000001]))).toBe(1));
});

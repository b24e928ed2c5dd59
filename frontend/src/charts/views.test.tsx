import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeCalendar, makeTrends } from "../../test/fixtures/charts";
import { shownTheme } from "../lib/theme";
import { CalendarGrid } from "./CalendarGrid";
import type { DrawnChart } from "./engine";
import * as engine from "./engine";
import { TrendChart } from "./TrendChart";

vi.mock("./engine", () => ({ drawChart: vi.fn() }));

const drawn = { show: vi.fn(), point: vi.fn(), indexAt: vi.fn(() => 2), xOf: () => 40, destroy: vi.fn() } satisfies DrawnChart;

beforeEach(() => {
  vi.mocked(engine.drawChart).mockReturnValue(drawn);
  drawn.indexAt.mockReturnValue(2);
});

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
  shownTheme.value = "light";
});

const trends = makeTrends();

describe("TrendChart", () => {
  const chart = () => screen.getByRole("group", { name: /Cost by day/ });

  it("draws once, then shows new numbers and new colours in place, and goes away", () => {
    const { rerender, unmount } = render(<TrendChart trends={trends} metric="cost" label="Cost by day" />);
    expect(engine.drawChart).toHaveBeenCalledTimes(1);
    rerender(<TrendChart trends={trends} metric="tokens" label="Cost by day" />);
    expect(drawn.show).toHaveBeenCalledTimes(1);
    act(() => {
      shownTheme.value = "dark";
    });
    expect(drawn.show).toHaveBeenCalledTimes(2);
    expect(engine.drawChart).toHaveBeenCalledTimes(1);
    unmount();
    expect(drawn.destroy).toHaveBeenCalledTimes(1);
  });

  it("is not shown anew by what only looks at it", () => {
    render(<TrendChart trends={trends} metric="cost" label="Cost by day" />);
    fireEvent.pointerMove(chart());
    expect(drawn.show).not.toHaveBeenCalled();
    expect(screen.getByRole("status").textContent).toContain(trends.buckets[2]?.title);
    fireEvent.pointerLeave(chart());
    expect(screen.queryByRole("status")).toBeNull();
  });

  it("tells the bucket of a click, and of Enter after the arrows", () => {
    const onBucket = vi.fn();
    render(<TrendChart trends={trends} metric="cost" label="Cost by day" onBucket={onBucket} />);
    fireEvent.click(chart());
    for (const key of ["Home", "ArrowRight", "Enter", "End", "ArrowRight", "Enter"]) fireEvent.keyDown(chart(), { key });
    const last = trends.buckets.length - 1;
    expect(onBucket.mock.calls).toEqual([2, 1, last].map((index) => [trends.buckets[index]?.start_ms, trends.buckets[index]?.end_ms]));
  });

  it("turns into its table", () => {
    render(<TrendChart trends={trends} metric="tokens" label="Tokens by day" asTable />);
    expect(screen.getAllByRole("row")).toHaveLength(trends.buckets.length + 2);
    expect(engine.drawChart).not.toHaveBeenCalled();
  });
});

describe("CalendarGrid", () => {
  const calendar = makeCalendar();
  const newest = calendar.days[calendar.days.length - 1]?.day ?? "";
  const before = calendar.days[calendar.days.length - 8]?.day ?? "";

  it("has one tab stop and goes by arrows over days and weeks", () => {
    const { container } = render(<CalendarGrid calendar={calendar} firstWeekday={0} metric="cost" label="Activity" />);
    const stops = () => [...container.querySelectorAll<HTMLElement>("[data-day][tabindex='0']")].map((day) => day.dataset["day"]);
    expect(stops()).toEqual([newest]);
    const day = container.querySelector<HTMLElement>(`[data-day="${newest}"]`);
    day?.focus();
    fireEvent.keyDown(day ?? container, { key: "ArrowLeft" });
    expect([stops(), document.activeElement?.getAttribute("data-day")]).toEqual([[before], before]);
  });

  it("says the day that is pointed at and tells the one that is chosen, if the ledger covers it", () => {
    const onDay = vi.fn();
    const { container } = render(<CalendarGrid calendar={calendar} firstWeekday={0} metric="cost" label="Activity" onDay={onDay} />);
    const day = container.querySelector<HTMLElement>(`[data-day="${newest}"]`);
    if (!day) throw new Error("no day");
    fireEvent.pointerOver(day);
    expect(screen.getByRole("status").textContent).toBe(day.title);
    fireEvent.click(day);
    fireEvent.keyDown(day, { key: "Enter" });
    const uncovered = container.querySelector<HTMLElement>(".td-calendar__day--uncovered[data-day]");
    if (uncovered) fireEvent.click(uncovered);
    expect(onDay.mock.calls).toEqual([[newest], [newest]]);
  });

  it("turns into its table", () => {
    render(<CalendarGrid calendar={calendar} firstWeekday={0} metric="cost" label="Activity" asTable />);
    expect(within(screen.getByRole("table")).getAllByRole("row")).toHaveLength(calendar.days.length + 2);
  });
});

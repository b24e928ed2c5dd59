import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Calendar } from "../api/types";
import { DataTable } from "../components/DataTable";
import { amountsHidden, currency } from "../lib/currency";
import { calendarGrid, type CalendarCell, type CalendarGridData } from "./calendar";
import type { Metric } from "./trend";
import "./CalendarGrid.css";

export interface CalendarGridProps {
  calendar: Calendar;
  /** 0 is Monday. */
  firstWeekday: number;
  metric: Metric;
  label: string;
  asTable?: boolean;
  /** Click or Enter on a day that the ledger covers. */
  onDay?: (day: string) => void;
}

/** A year of days, darker where more was used; the line under it says the day that is pointed at. */
export function CalendarGrid({ calendar, firstWeekday, metric, label, asTable = false, onDay }: CalendarGridProps) {
  const grid = useMemo(() => calendarGrid(calendar, firstWeekday, metric), [calendar, firstWeekday, metric, currency.value, amountsHidden.value]);
  const [pointed, setPointed] = useState<string | null>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const days = useMemo(() => <Days grid={grid} label={label} onPoint={(cell) => setPointed(cell?.day ?? null)} onDay={onDay} />, [grid, label, onDay]);

  // The newest days are what one looks for where the year does not fit.
  useLayoutEffect(() => {
    if (scroll.current) scroll.current.scrollLeft = scroll.current.scrollWidth;
  }, [asTable]);
  if (asTable) return <DataTable label={label} table={grid.table} />;
  return (
    <div class="td-calendar">
      <div class="td-calendar__scroll" ref={scroll}>
        {days}
      </div>
      <div class="td-calendar__foot">
        <span class="td-calendar__text" role="status">
          {grid.weeks.flat().find((cell) => cell !== null && cell.day === pointed)?.text ?? grid.busiest}
        </span>
        <span class="td-calendar__key" aria-hidden="true">
          <i class="td-calendar__day td-calendar__day--uncovered" /> not covered
          <span class="td-calendar__scale">
            less
            {[0, 1, 2, 3, 4].map((level) => (
              <i key={level} class={`td-calendar__day td-calendar__day--${level}`} />
            ))}
            more
          </span>
        </span>
      </div>
    </div>
  );
}

interface DaysProps {
  grid: CalendarGridData;
  label: string;
  onPoint: (cell: CalendarCell | null) => void;
  onDay: ((day: string) => void) | undefined;
}

function Days({ grid, label, onPoint, onDay }: DaysProps) {
  const root = useRef<HTMLDivElement>(null);
  const cells = useMemo(() => new Map(grid.weeks.flat().flatMap((cell) => (cell ? [[cell.day, cell] as const] : []))), [grid]);
  const days = [...cells.keys()];
  const [chosen, setChosen] = useState<string | null>(null);
  const focusable = chosen !== null && cells.has(chosen) ? chosen : days[days.length - 1];
  const cellOf = (target: EventTarget | null) =>
    target instanceof HTMLElement ? cells.get(target.dataset["day"] ?? "") : undefined;

  const onKeyDown = (event: KeyboardEvent) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    if (event.key === "Enter" && cell.level !== null) onDay?.(cell.day);
    const next = days[nextDay(event.key, days.indexOf(cell.day), days.length)];
    if (next === undefined) return;
    event.preventDefault();
    setChosen(next);
    root.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus();
  };

  return (
    <div
      ref={root}
      class={onDay ? "td-calendar__grid td-calendar__grid--active" : "td-calendar__grid"}
      role="group"
      aria-label={`${label}. Arrow keys go from day to day.`}
      style={{ "--weeks": String(grid.weeks.length) }}
      onKeyDown={onKeyDown}
      onPointerOver={(event) => onPoint(cellOf(event.target) ?? null)}
      onPointerLeave={() => onPoint(null)}
      onFocusIn={(event) => onPoint(cellOf(event.target) ?? null)}
      onFocusOut={() => onPoint(null)}
      onClick={(event) => {
        const cell = cellOf(event.target);
        if (cell && cell.level !== null) onDay?.(cell.day);
      }}
    >
      {grid.weekdays.map((name, row) => (
        <span key={name} class="td-calendar__weekday" style={{ gridRow: String(row + 2), gridColumn: "1" }} aria-hidden="true">
          {row % 2 === 0 ? name : ""}
        </span>
      ))}
      {grid.months.map((month) => (
        <span key={month.column} class="td-calendar__month" style={{ gridColumn: `${month.column + 2} / span 3` }} aria-hidden="true">
          {month.label}
        </span>
      ))}
      {grid.weeks.map((week, column) =>
        week.map(
          (cell, row) =>
            cell && (
              <span
                key={cell.day}
                class={`td-calendar__day td-calendar__day--${cell.level ?? "uncovered"}${cell.today ? " td-calendar__day--today" : ""}`}
                style={{ gridColumn: String(column + 2), gridRow: String(row + 2) }}
                data-day={cell.day}
                title={cell.text}
                aria-current={cell.today ? "date" : undefined}
                role={onDay ? "button" : "img"}
                aria-label={cell.text}
                tabIndex={cell.day === focusable ? 0 : -1}
              />
            ),
        ),
      )}
    </div>
  );
}

/** The index a key goes to; -1 for keys that go nowhere. */
function nextDay(key: string, index: number, length: number): number {
  const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7, Home: -length, End: length };
  const step = steps[key];
  return step === undefined ? -1 : Math.min(length - 1, Math.max(0, index + step));
}

import { useId, useState } from "preact/hooks";
import { isDay } from "../lib/time";
import "./Field.css";

/** Two days, both included. */
export interface DayRange {
  start: string;
  end: string;
}

export interface DateRangeProps {
  /** The range that holds; nulls are empty boxes. */
  start: string | null;
  end: string | null;
  /** Called with a whole, ordered range only. */
  onChange: (range: DayRange) => void;
  /** The last day that can be chosen. */
  max?: string;
}

/** Why two days do not make a range, in words; null where they do. */
export function rangeProblem(start: string, end: string): string | null {
  if (start === "" && end === "") return "Choose a first and a last day.";
  if (!isDay(start)) return "Choose a first day.";
  if (!isDay(end)) return "Choose a last day.";
  return start > end ? "The first day is after the last day." : null;
}

/** Two native date boxes; the end day is included; says what is missing or reversed instead of guessing. */
export function DateRange({ start, end, onChange, max }: DateRangeProps) {
  const [draft, setDraft] = useState<DayRange | null>(null);
  const messageId = useId();
  const shown = draft ?? { start: start ?? "", end: end ?? "" };
  const problem = rangeProblem(shown.start, shown.end);

  const edit = (part: Partial<DayRange>) => {
    const next = { ...shown, ...part };
    const whole = rangeProblem(next.start, next.end) === null;
    setDraft(whole ? null : next);
    if (whole) onChange(next);
  };

  return (
    <div class="td-dates" role="group" aria-label="Custom range">
      <input
        class="td-control"
        type="date"
        aria-label="First day"
        value={shown.start}
        max={max}
        aria-invalid={problem !== null}
        aria-describedby={messageId}
        onChange={(event) => edit({ start: event.currentTarget.value })}
      />
      <span class="td-dates__to">to</span>
      <input
        class="td-control"
        type="date"
        aria-label="Last day, included"
        value={shown.end}
        max={max}
        aria-invalid={problem !== null}
        aria-describedby={messageId}
        onChange={(event) => edit({ end: event.currentTarget.value })}
      />
      <span class="td-dates__message" id={messageId} role="status">
        {problem}
      </span>
    </div>
  );
}

/** What an alert says about itself beside its own words. */
import type { AlertEntry, SnoozeUntil } from "../../api/types";
import type { SelectOption } from "../../components";

/** How long one alert can be silent. */
export const SNOOZE_ONE: readonly SelectOption<SnoozeUntil | "">[] = [
  { value: "", label: "Snooze…" },
  { value: "hour", label: "For an hour" },
  { value: "tomorrow", label: "Until tomorrow" },
  { value: "reset", label: "Until it resets" },
];

/** How long all can be silent. */
export const SNOOZE_ALL: readonly SelectOption<SnoozeUntil | "">[] = [
  { value: "", label: "Silence all…" },
  { value: "hour", label: "For an hour" },
  { value: "tomorrow", label: "Until tomorrow" },
];

/** Which step it was. */
export function kindWords(entry: AlertEntry): string {
  if (entry.kind === "runs_out") return "forecast";
  return `step ${entry.step} %`;
}

/** Why it is past. */
export const statusWords = (entry: AlertEntry): string => (entry.status === "dismissed" ? "dismissed" : "over");

/** What it leads to: a provider's id, or the budgets. */
export const whereOf = (entry: AlertEntry): string => (entry.kind === "budget" || entry.provider === null ? "budgets" : entry.provider);

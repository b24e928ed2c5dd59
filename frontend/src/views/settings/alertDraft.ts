/** What is typed into the settings of alerts, and what it means. */
import type { AlertSettings, Budget, BudgetPeriod, BudgetStatus, BudgetUnit, WatchedWindow } from "../../api/types";
import { exactTokens, formatMoney, formatTokens } from "../../lib/format";
import { aliasOf, isPrivate } from "../../lib/privacy";
import { lastPathPart } from "../../lib/text";

/** The periods of a budget, and how each is spoken of. */
export const PERIODS: readonly { value: BudgetPeriod; label: string; now: string }[] = [
  { value: "day", label: "Day", now: "Today" },
  { value: "week", label: "Week", now: "This week" },
  { value: "month", label: "Month", now: "This month" },
  { value: "cycle", label: "Billing cycle", now: "This billing cycle" },
];

const STEP = /^\d{1,4}$/;

/** Reads "75, 90, 95"; nothing is no step at all. A string says why it cannot be. */
export function readSteps(text: string): number[] | string {
  const parts = text.replace(/%/g, "").split(/[\s,;]+/).filter((part) => part !== "");
  if (!parts.every((part) => STEP.test(part))) return "Write percents with commas between them, such as 75, 90, 95.";
  return [...new Set(parts.map(Number))].sort((left, right) => left - right);
}

/** Steps as they are typed. */
export const writeSteps = (steps: readonly number[]): string => steps.join(", ");

/** What a budget is for: the kind and the name, in one value of a select box. */
export type Scope = "all" | `provider:${string}` | `model:${string}` | `project:${string}`;

/** The scope of a budget. */
export function scopeOf(budget: Budget): Scope {
  if (budget.provider !== null) return `provider:${budget.provider}`;
  if (budget.model !== null) return `model:${budget.model}`;
  return budget.project !== null ? `project:${budget.project}` : "all";
}

/** A budget with another scope. */
export function withScope(budget: Budget, scope: Scope): Budget {
  const [kind, name] = [scope.slice(0, scope.indexOf(":")), scope.slice(scope.indexOf(":") + 1)];
  return { ...budget, provider: kind === "provider" ? name : null, model: kind === "model" ? name : null, project: kind === "project" ? name : null };
}

/** What a budget is for, in words; a project by its last folder, in privacy mode by its alias. */
export function scopeWords(budget: Budget, providerName: (id: string) => string): string {
  if (budget.provider !== null) return providerName(budget.provider);
  if (budget.model !== null) return budget.model;
  if (budget.project === null) return "Everything";
  return isPrivate.value ? aliasOf("Project", budget.project) : lastPathPart(budget.project);
}

/** An amount in its unit: "$50.00", "5M tokens". */
export function amountWords(unit: BudgetUnit, amount: string): string {
  if (unit === "usd") return formatMoney(amount);
  return `${formatTokens(Number(amount))} tokens`;
}

/** "Billing cycle from day 15", "Month". */
export function periodWords(budget: Budget): string {
  const label = PERIODS.find(({ value }) => value === budget.period)?.label ?? budget.period;
  return budget.period === "cycle" ? `${label} from day ${budget.start_day}` : label;
}

/** "This month so far: $20.10 of $50.00 (40 %)". */
export function soFarWords(budget: Budget, status: BudgetStatus): string {
  const now = PERIODS.find(({ value }) => value === budget.period)?.now ?? "";
  const used = budget.unit === "usd" ? formatMoney(status.used) : formatTokens(Number(status.used));
  return `${now} so far: ${used} of ${amountWords(budget.unit, status.amount)} (${Math.floor(status.percent)} %)`;
}

/** What is not in a budget's dollars; null where nothing is missing. */
export const unpricedWords = (status: BudgetStatus): string | null =>
  status.unpriced_tokens === 0 ? null : `${exactTokens(status.unpriced_tokens)} tokens have no price and are not in it.`;

/** A budget nobody has typed anything into. */
export const emptyBudget = (): Budget => ({
  id: crypto.randomUUID(),
  unit: "usd",
  amount: "",
  period: "month",
  start_day: 1,
  provider: null,
  model: null,
  project: null,
  steps: [80, 100],
});

/** The steps a window has of its own; null where it has the usual ones. */
export function ownSteps(settings: AlertSettings, window: WatchedWindow): number[] | null {
  return settings.windows.find((each) => isSame(each, window))?.steps ?? null;
}

/** The settings with other steps of one window; null gives it the usual ones again. */
export function withWindow(settings: AlertSettings, window: WatchedWindow, steps: number[] | null): AlertSettings {
  const rest = settings.windows.filter((each) => !isSame(each, window));
  const { provider, limit_id, window_minutes } = window;
  return { ...settings, windows: steps === null ? rest : [...rest, { provider, limit_id, window_minutes, steps }] };
}

type Named = Pick<WatchedWindow, "provider" | "limit_id" | "window_minutes">;

const isSame = (one: Named, other: Named): boolean => one.provider === other.provider && one.limit_id === other.limit_id && one.window_minutes === other.window_minutes;

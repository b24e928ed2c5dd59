import { signal } from "@preact/signals";

export type ToastTone = "info" | "ok" | "error" | "warn";

/** What a message offers to do, as to undo. */
export interface ToastAction {
  label: string;
  run: () => void;
}

export interface ToastItem {
  id: number;
  tone: ToastTone;
  message: string;
  /** How often the same message came while it was shown. */
  count: number;
  action?: ToastAction;
}

const SHOWN_AT_MOST = 4;
/** A message that offers something stays long enough to take it. */
const STAYS_WITH_ACTION_MS = 12_000;
const STAYS_MS: Record<ToastTone, number> = { info: 4000, ok: 4000, error: 9000, warn: 12_000 };

/** The messages that are on the screen, oldest first. */
export const toasts = signal<readonly ToastItem[]>([]);

const timers = new Map<number, ReturnType<typeof setTimeout>>();
let lastId = 0;

/** Shows a message for a few seconds; the same message again is counted, not stacked. Returns its id. */
export function showToast(message: string, tone: ToastTone = "info", action?: ToastAction): number {
  const same = toasts.value.find((item) => item.message === message && item.tone === tone);
  const id = same?.id ?? ++lastId;
  toasts.value = same
    ? toasts.value.map((item) => (item.id === id ? { ...item, count: item.count + 1, action } : item))
    : [...toasts.value, { id, tone, message, count: 1, action }].slice(-SHOWN_AT_MOST);
  holdToast(id);
  timers.set(id, setTimeout(() => dismissToast(id), action ? STAYS_WITH_ACTION_MS : STAYS_MS[tone]));
  return id;
}

/** Takes a message off the screen. */
export function dismissToast(id: number): void {
  holdToast(id);
  toasts.value = toasts.value.filter((item) => item.id !== id);
}

/** Keeps a message until it is dismissed, as while the pointer rests on it. */
export function holdToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

/** Takes all messages off the screen. */
export function clearToasts(): void {
  for (const item of toasts.value) dismissToast(item.id);
}

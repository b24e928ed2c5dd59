import { signal } from "@preact/signals";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const DAY_SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The time that ages and countdowns are read against; it ticks while the clock runs. */
export const now = signal(Date.now());

/** Lets `now` tick while the page is visible; returns how to stop it. */
export function startClock(everyMs: number = 10 * SECOND): () => void {
  const tick = () => {
    if (!document.hidden) now.value = Date.now();
  };
  const timer = setInterval(tick, everyMs);
  document.addEventListener("visibilitychange", tick);
  tick();
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}

/** True for a day of the calendar as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const ms = dayToUtc(text);
  return ms !== null && utcToDay(ms) === text;
}

/** The day `count` days later (or earlier, below zero); the text itself where it is not a day. */
export function addDays(day: string, count: number): string {
  const ms = dayToUtc(day);
  return ms === null ? day : utcToDay(ms + count * DAY);
}

/** Weekday of a day, 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: string): number {
  const ms = dayToUtc(day);
  return ms === null ? 0 : (new Date(ms).getUTCDay() + 6) % 7;
}

/** The day it is at a time in a zone. */
export function dayIn(ms: number, zone: string): string {
  const { year, month, day } = partsIn(ms, zone);
  return `${year.padStart(4, "0")}-${month}-${day}`;
}

export interface ZonedParts {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

/** A time taken apart in a zone, two digits each; an unknown zone is read as UTC, an impossible time gives dashes. */
export function partsIn(ms: number, zone: string): ZonedParts {
  const parts: ZonedParts = { year: "–", month: "–", day: "–", hour: "–", minute: "–", second: "–" };
  if (!isTime(ms)) return parts;
  for (const { type, value } of zonedFormat(zone).formatToParts(ms)) {
    if (type in parts) parts[type as keyof ZonedParts] = value;
  }
  return parts;
}

/** True for a time that a date can hold. */
export function isTime(ms: number | null | undefined): ms is number {
  return ms != null && Math.abs(ms) <= 8.64e15;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function zonedFormat(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const two = "2-digit";
  const made = (timeZone: string) =>
    new Intl.DateTimeFormat("en-US", {
      timeZone, year: "numeric", month: two, day: two, hour: two, minute: two, second: two, hourCycle: "h23",
    });
  let format: Intl.DateTimeFormat;
  try {
    format = made(zone);
  } catch {
    format = made("UTC");
  }
  formats.set(zone, format);
  return format;
}

function dayToUtc(text: string): number | null {
  const match = DAY_SHAPE.exec(text);
  if (!match) return null;
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return Number.isFinite(ms) ? ms : null;
}

function utcToDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

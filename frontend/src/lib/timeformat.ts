import { DAY, HOUR, MINUTE, SECOND, dayIn, isDay, isTime, partsIn, weekdayOf } from "./time";

const NONE = "–";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Short names of the months, January first. */
export const MONTH_NAMES: readonly string[] = MONTHS;
/** Short names of the weekdays, Monday first. */
export const WEEKDAY_NAMES: readonly string[] = WEEKDAYS;

/** A length of time in its two largest units: "380 ms", "45 s", "12 min", "2 h 14 min", "3 d 4 h". */
export function formatDuration(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) return NONE;
  const size = Math.abs(ms);
  const sign = ms < 0 ? "-" : "";
  if (size < SECOND) return `${sign}${Math.floor(size)} ms`;
  if (size < MINUTE) return `${sign}${Math.floor(size / SECOND)} s`;
  if (size < HOUR) return `${sign}${Math.floor(size / MINUTE)} min`;
  if (size < DAY) return sign + twoUnits(size, HOUR, "h", MINUTE, "min");
  return sign + twoUnits(size, DAY, "d", HOUR, "h");
}

/** A time as seen from `now`: "40 s ago", "just now", "in 3 d 4 h". */
export function formatRelative(ms: number | null | undefined, now: number): string {
  if (!isTime(ms)) return NONE;
  const distance = ms - now;
  if (Math.abs(distance) < 5 * SECOND) return distance > 0 ? "in a moment" : "just now";
  return distance > 0 ? `in ${formatDuration(distance)}` : `${formatDuration(-distance)} ago`;
}

/** An age in one unit, for rows: "40 s ago", "2 h ago", "3 d ago"; a time to come counts as now. */
export function formatAgo(ms: number | null | undefined, now: number): string {
  if (!isTime(ms)) return NONE;
  const age = now - ms;
  if (age < 5 * SECOND) return "just now";
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s ago`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  return age < DAY ? `${Math.floor(age / HOUR)} h ago` : `${Math.floor(age / DAY)} d ago`;
}

/** The time of day in a zone: "16:40". */
export function formatClock(ms: number | null | undefined, zone: string): string {
  if (!isTime(ms)) return NONE;
  const { hour, minute } = partsIn(ms, zone);
  return `${hour}:${minute}`;
}

/** Date and time in a zone: "18 Sep, 16:40", with the year where it is not the year of `now`. */
export function formatDateTime(ms: number | null | undefined, zone: string, now: number = Date.now()): string {
  if (!isTime(ms)) return NONE;
  const { year, month, day } = partsIn(ms, zone);
  const date = `${Number(day)} ${MONTHS[Number(month) - 1]}`;
  return `${partsIn(now, zone).year === year ? date : `${date} ${year}`}, ${formatClock(ms, zone)}`;
}

/** The shortest name of a time near `now`: "16:40" today, "Thu 09:12" within six days, else date and time. */
export function formatMoment(ms: number | null | undefined, zone: string, now: number): string {
  if (!isTime(ms)) return NONE;
  const day = dayIn(ms, zone);
  if (day === dayIn(now, zone)) return formatClock(ms, zone);
  if (Math.abs(ms - now) < 6 * DAY) return `${WEEKDAYS[weekdayOf(day)]} ${formatClock(ms, zone)}`;
  return formatDateTime(ms, zone, now);
}

/** A day as "Thu 18 Sep 2025"; text that is not a day stays as it is. */
export function formatDay(day: string): string {
  if (!isDay(day)) return day;
  const [year = "", month = "", date = ""] = day.split("-");
  return `${WEEKDAYS[weekdayOf(day)]} ${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  const head = `${Math.floor(ms / large)} ${largeName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

/** How long until a window resets, with a word for how near that is: never by colour alone. */
import { formatDuration } from "../../lib/format";
import { HOUR, MINUTE, SECOND } from "../../lib/time";

/** How near a reset is. */
export type Nearness = "unknown" | "due" | "minutes" | "hour" | "soon" | "later";

const MINUTES_LEFT = 15 * MINUTE;
const SOON = 6 * HOUR;
const WORDS: Record<Nearness, string> = { unknown: "reset unknown", due: "resetting now", minutes: "any minute", hour: "this hour", soon: "soon", later: "in" };

/** How near a moment is; null is unknown. */
export function nearness(at: number | null, now: number): Nearness {
  if (at === null) return "unknown";
  const left = at - now;
  if (left <= 0) return "due";
  if (left <= MINUTES_LEFT) return "minutes";
  if (left <= HOUR) return "hour";
  return left <= SOON ? "soon" : "later";
}

/** "in 3 d 4 h", "soon, 2 h 14 min", "this hour, 42 min", "any minute, 12:05", "resetting now". */
export function countdownWords(at: number | null, now: number): string {
  const near = nearness(at, now);
  if (at === null || near === "due") return WORDS[near];
  if (near === "minutes") return `${WORDS.minutes}, ${clock(at - now)}`;
  return near === "later" ? `${WORDS.later} ${formatDuration(at - now)}` : `${WORDS[near]}, ${formatDuration(at - now)}`;
}

/** The same for the ear: "resets soon, in 2 h 14 min". Its minutes change, its seconds do not. */
export function spokenReset(at: number | null, now: number): string {
  const near = nearness(at, now);
  if (at === null || near === "due") return WORDS[near];
  const left = formatDuration(Math.max(MINUTE, at - now));
  return near === "later" ? `resets in ${left}` : `resets ${WORDS[near]}, in ${left}`;
}

function clock(left: number): string {
  const seconds = Math.ceil(left / SECOND);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

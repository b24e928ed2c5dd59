/** What is said about a home: what was found in it, and what is wrong with it and what to do. */
import type { Home, HomeCheck } from "../../api/types";
import { formatAgo, formatBytes, formatCount, formatDay } from "../../lib/format";
import { dayIn } from "../../lib/time";

/** A state that needs words. */
export interface Advice {
  word: string;
  tone: "neutral" | "warn";
  text: string;
}

/** "64 log files, 12.3 MB, sessions from Thu 3 Jul 2025 to Tue 25 Nov 2026, last new 2 min ago". */
export function homeFacts(home: Home, zone: string, now: number): string {
  const parts = [`${formatCount(home.files, "log file")}, ${formatBytes(home.bytes)}`];
  if (home.first_ms !== null && home.last_ms !== null) parts.push(daysBetween(dayIn(home.first_ms, zone), dayIn(home.last_ms, zone)));
  if (home.files_gone > 0) parts.push(`${formatCount(home.files_gone, "file")} deleted since and still counted`);
  if (home.last_seen_ms !== null) parts.push(`last new ${formatAgo(home.last_seen_ms, now)}`);
  return parts.join(", ");
}

/** "Found 64 log files, 12.3 MB, sessions from ... to ...". */
export function foundWords(check: HomeCheck): string {
  const found = `Found ${formatCount(check.files, "log file")}, ${formatBytes(check.bytes)}`;
  return check.first_day && check.last_day ? `${found}, ${daysBetween(check.first_day, check.last_day)}` : found;
}

const daysBetween = (first: string, last: string): string => (first === last ? `sessions of ${formatDay(first)}` : `sessions from ${formatDay(first)} to ${formatDay(last)}`);

/** What is wrong with a home, or null. `off` is the name of its provider where that is switched off. */
export function homeAdvice(home: Home, off: string | null): Advice | null {
  switch (home.state) {
    case "missing":
      return { word: "not there", tone: "warn", text: "The folder is not there. If it is on another drive or was moved, bring it back or add its new place. What was counted stays." };
    case "unreadable":
      return { word: "cannot be read", tone: "warn", text: "The system does not let Tokendial read this folder. Change its permissions, and it is read again by itself. What was counted stays." };
    case "cleared":
      return { word: "cleared", tone: "neutral", text: "Cleared: nothing of it is counted, and nothing new is read. Rescan to read it again." };
    case "empty":
      return { word: "no logs yet", tone: "neutral", text: "No session log was found. Use the agent once, and its sessions appear here by themselves." };
    case "ok":
      return off === null ? null : { word: "provider off", tone: "neutral", text: `${off} is switched off in Providers, so this home is not read.` };
  }
}

/** Whether a provider's figures can be trusted to be new, in a word and a sentence. */
import type { Home, Limit, ScanStatus } from "../../api/types";
import { formatAgo, formatCount } from "../../lib/format";

/** How a provider's source is. */
export interface SourceState {
  word: "Reading" | "From logs" | "Waiting" | "Stale" | "Error" | "Off";
  tone: "ok" | "warn" | "bad" | "neutral";
  reason: string;
}

/** The state of a provider's logs, the worst that holds first. */
export function sourceState(homes: readonly Home[], limits: readonly Limit[], scan: ScanStatus, now: number): SourceState {
  const active = homes.filter((home) => home.active && home.state !== "cleared");
  if (active.length === 0) return { word: "Off", tone: "neutral", reason: homes.length === 0 ? "No folder of this provider is known." : "Every folder of this provider is switched off or cleared." };
  const broken = active.find((home) => home.state === "missing" || home.state === "unreadable");
  if (broken) return { word: "Error", tone: "bad", reason: broken.state === "missing" ? "A folder is not there any more. What was counted before stays." : "A folder cannot be read: the system refuses it." };
  if (scan.running) return { word: "Reading", tone: "neutral", reason: "The logs are being read now." };
  const files = active.reduce((sum, home) => sum + home.files, 0);
  const seen = Math.max(...active.map((home) => home.last_seen_ms ?? 0));
  if (files === 0) return { word: "Waiting", tone: "neutral", reason: "The folder is there, but no session has been written to it yet." };
  const read = seen === 0 ? `${formatCount(files, "log file")}.` : `${formatCount(files, "log file")}, looked at ${formatAgo(seen, now)}.`;
  if (limits.some((limit) => limit.windows.some((window) => window.state === "stale"))) return { word: "Stale", tone: "warn", reason: `${read} The last limit reading is old.` };
  return { word: "From logs", tone: "ok", reason: read };
}

/** The backend's status of a provider as the page shows it; only ages are worked out here, because they go on. */
import type { ProviderStatus } from "../../api/types";
import type { BadgeProps } from "../../components";
import { formatAgo } from "../../lib/format";

const TONES: Record<ProviderStatus["state"], NonNullable<BadgeProps["tone"]>> = { active: "ok", reading: "neutral", waiting: "neutral", error: "bad", off: "neutral" };

/** The tone of a status. */
export const statusTone = (status: ProviderStatus): NonNullable<BadgeProps["tone"]> => TONES[status.state];

/** How fresh it is; null where nothing was read. */
export function freshness(status: ProviderStatus, now: number): string | null {
  const parts = [
    status.last_response_ms !== null && `last response ${formatAgo(status.last_response_ms, now)}`,
    status.last_seen_ms !== null && `read ${formatAgo(status.last_seen_ms, now)}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? null : `${parts.join(", ").replace(/^./, (first) => first.toUpperCase())}.`;
}

/** The whole status in a line, for hovers and screen readers. */
export function statusLine(name: string, status: ProviderStatus, now: number): string {
  return [`${name}: ${status.word.toLowerCase()}.`, status.reason, status.folder, freshness(status, now)].filter(Boolean).join(" ");
}

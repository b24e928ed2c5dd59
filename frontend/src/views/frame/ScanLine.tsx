/** The quiet line under the top bar: what the last scan did, or how far the running one is. */
import type { ScanStatus } from "../../api/types";
import { Progress } from "../../components/Progress";
import { exactTokens, formatAgo, formatBytes, formatCount, formatDateTime, formatDuration } from "../../lib/format";
import { seenText } from "../../lib/privacy";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { CurrencyMark } from "./CurrencyMark";
import "./scanline.css";

const WATCHING: Record<ScanStatus["watching"], string> = {
  watching: "New log lines are noticed as they are written.",
  polling: "New log lines are looked for every few minutes.",
  off: "Log lines are only read on refresh.",
};

/** "Scanned 64 files, +12 events, 38 ms": the words of a scan that is over. */
export function scanWords(scan: ScanStatus): string {
  if (scan.finished_at_ms === null) return "Logs have not been read yet";
  const took = formatDuration(scan.seconds * 1000);
  return `Scanned ${formatCount(scan.files_total, "file")}, +${formatCount(scan.events_added, "event")}, ${took}`;
}

/** "511 of 1,284 files, 1 GB of 2.4 GB, about 8 s left". */
export function progressWords(scan: ScanStatus): string {
  const files = `${exactTokens(scan.files_done)} of ${formatCount(scan.files_total, "file")}`;
  const bytes = `${formatBytes(scan.bytes_done)} of ${formatBytes(scan.bytes_total)}`;
  return [files, bytes, scan.seconds_left !== null && `about ${formatDuration(scan.seconds_left * 1000)} left`].filter(Boolean).join(", ");
}

/** The state of the scan; the part about refused lines opens Diagnostics. */
export function ScanLine() {
  const { ingest, overlays, zone } = useStore();
  const scan = ingest.status.value;
  if (scan.running && scan.first) {
    const share = scan.bytes_total > 0 ? scan.bytes_done / scan.bytes_total : null;
    return (
      <div class="tv-scan tv-scan--running">
        <Progress label="Reading the logs for the first time" value={share} text={`Reading the logs: ${progressWords(scan)}`} />
      </div>
    );
  }
  const finished = scan.finished_at_ms === null ? "" : `Finished ${formatDateTime(scan.finished_at_ms, zone.value, now.value)}. `;
  return (
    <p class="tv-scan" title={finished + WATCHING[scan.watching]}>
      <span>{scan.message === null ? scanWords(scan) : seenText(scan.message)}</span>
      {scan.finished_at_ms !== null && <span class="tv-scan__age">{scan.running ? "reading now" : formatAgo(scan.finished_at_ms, now.value)}</span>}
      {scan.refused > 0 && (
        <button type="button" class="tv-scan__refused" onClick={() => overlays.openSettings("diagnostics")}>
          {formatCount(scan.refused, "line")} refused
        </button>
      )}
      <CurrencyMark />
    </p>
  );
}

/** The facts of Diagnostics in words. */
import type { Diagnostics, ScanStatus } from "../../api/types";
import { exactTokens, formatBytes, formatDuration } from "../../lib/format";

/** Name and value of each fact. */
export function facts(data: Diagnostics): [string, string][] {
  const { last_scan: scan } = data;
  return [
    ["Tokendial", data.version],
    ["Python", data.python],
    ["SQLite", data.sqlite_warning === null ? data.sqlite : `${data.sqlite} (${data.sqlite_warning})`],
    ["System", data.platform],
    ["Window", data.window],
    ["Ledger", `${formatBytes(data.database_bytes)}, ${exactTokens(data.events)} events, ${exactTokens(data.sessions)} sessions`],
    ["Log files", `${exactTokens(data.files)}, of which ${exactTokens(data.files_gone)} deleted since`],
    ["Last scan", `${exactTokens(scan.files_read)} of ${exactTokens(scan.files_total)} files read in ${formatDuration(scan.seconds * 1000)}${speed(scan)}, +${exactTokens(scan.events_added)} events`],
    ["New lines", scan.watching],
    ["Sums equal events", checked(data.rollup_ok)],
    ["Database intact", checked(data.integrity_ok)],
    ["Refused lines", exactTokens(data.refused_total)],
  ];
}

const checked = (ok: boolean | null): string => (ok === null ? "not checked yet" : ok ? "yes" : "NO");

/** How fast a scan read, where it read enough to tell. */
function speed({ bytes_done, seconds }: ScanStatus): string {
  return seconds > 0 && bytes_done > 0 ? ` (${formatBytes(bytes_done)}, ${formatBytes(bytes_done / seconds)}/s)` : "";
}

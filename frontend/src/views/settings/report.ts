/** The facts of Diagnostics as plain text, for a bug report. */
import type { Diagnostics } from "../../api/types";
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
    ["Last scan", `${exactTokens(scan.files_read)} of ${exactTokens(scan.files_total)} files read in ${formatDuration(scan.seconds * 1000)}, +${exactTokens(scan.events_added)} events`],
    ["New lines", scan.watching],
    ["Sums equal events", data.rollup_ok ? "yes" : "no"],
    ["Ledger intact", data.integrity_ok ? "yes" : "no"],
    ["Refused lines", exactTokens(data.refused_total)],
  ];
}

/** The whole report. Paths are left out: they can name people and projects. */
export function reportText(data: Diagnostics): string {
  const byReason = new Map<string, number>();
  for (const line of data.refused) byReason.set(line.label, (byReason.get(line.label) ?? 0) + line.count);
  const refused = [...byReason].map(([label, count]) => `  ${label}: ${exactTokens(count)}`);
  return [...facts(data).map(([name, value]) => `${name}: ${value}`), ...refused, ""].join("\n");
}

/** The windows that ran before, newest first; the change compares complete windows only and has no colour. */
import { useState } from "preact/hooks";
import type { LimitWindow, PastWindow } from "../../api/types";
import { Badge, Segmented, Table, type Column } from "../../components";
import { exactTokens, formatDateTime, formatMoney, formatPercent } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { useTokenFormat } from "../shared/figures";

/** Percents are rounded in the logs: a smaller change is none. */
const ALIKE_PERCENT = 3;

/** "+20.1 %", always with its sign. */
export function signedPercent(percent: number | null): string {
  if (percent === null) return "–";
  return `${percent > 0 ? "+" : percent < 0 ? "−" : ""}${Math.abs(percent).toFixed(1)} %`;
}

/** "One percent was 12.7K tokens, $0.1274": what a percent of a window was worth; null where too little was used. */
export function worthWords(row: PastWindow, tokens: (count: number) => string): string | null {
  if (row.tokens_per_percent === null) return null;
  const money = row.usd_per_percent === null ? "" : `, ${formatMoney(row.usd_per_percent)}`;
  return `One percent was ${tokens(row.tokens_per_percent)} tokens${money}`;
}

/** "20.5 % less than before": whether the limit shrank; null where it cannot be told. */
export function shrinkWords(row: PastWindow): string | null {
  const change = row.worth_change_percent;
  if (change === null) return null;
  if (Math.abs(change) < ALIKE_PERCENT) return "about as much as before";
  return `${Math.abs(change).toFixed(1)} % ${change < 0 ? "less" : "more"} than before`;
}

/** A table of past windows, of one length at a time. */
export function LimitHistory({ windows }: { windows: readonly LimitWindow[] }) {
  const withHistory = windows.filter((window) => window.history.length > 0);
  const [minutes, setMinutes] = useState(String(withHistory[withHistory.length - 1]?.window_minutes ?? ""));
  const chosen = withHistory.find((window) => String(window.window_minutes) === minutes) ?? withHistory[0];
  const columns = useColumns();
  if (!chosen) return null;
  return (
    <div class="tv-history">
      {withHistory.length > 1 && (
        <div class="tv-history__head">
          <Segmented
            label="Window length"
            size="small"
            value={String(chosen.window_minutes)}
            options={withHistory.map((window) => ({ value: String(window.window_minutes), label: window.label }))}
            onChange={setMinutes}
          />
        </div>
      )}
      <Table label={`Past windows: ${chosen.label}`} dense columns={columns} rows={chosen.history} rowKey={(row) => String(row.window.start_ms)} maxHeight="240px" />
      <Worth rows={chosen.history} />
    </div>
  );
}

/** What one percent of the limit was worth in the last complete window, and whether that is less than before. */
function Worth({ rows }: { rows: readonly PastWindow[] }) {
  const format = useTokenFormat();
  const last = rows.find((row) => row.complete && row.tokens_per_percent !== null);
  const words = last ? worthWords(last, format) : null;
  if (last === undefined || words === null) return null;
  const change = shrinkWords(last);
  return (
    <p class="tv-history__worth" title="From what these logs tell: what was used elsewhere on the same account makes a percent look smaller">
      {words} in the last complete window{change === null ? "." : `: ${change}.`}
    </p>
  );
}

function useColumns(): Column<PastWindow>[] {
  const zone = useStore().zone.value;
  const format = useTokenFormat();
  const moment = (ms: number) => formatDateTime(ms, zone, now.value);
  return [
    {
      key: "window",
      header: "Window",
      cell: (row) => (
        <span class="tv-num tv-history__span">
          <span>{moment(row.window.start_ms)} –</span>
          <span>
            {moment(row.window.end_ms)} {row.current && <Badge>now</Badge>}
            {!row.current && !row.complete && <Badge title="Part of this window is not covered by the logs">partial</Badge>}
          </span>
        </span>
      ),
    },
    { key: "used", header: "Used", align: "right", cell: (row) => formatPercent(row.used_percent, "–"), title: (row) => worthWords(row, format) ?? undefined },
    {
      key: "tokens",
      header: "Tokens",
      align: "right",
      hideWhen: "tiny",
      cell: (row) => format(row.window.usage.tokens.total_tokens),
      title: (row) => exactTokens(row.window.usage.tokens.total_tokens),
    },
    { key: "cost", header: "Cost", align: "right", cell: (row) => formatMoney(row.window.usage.cost.usd) },
    { key: "messages", header: "Messages", align: "right", hideWhen: "tiny", cell: (row) => exactTokens(row.window.messages) },
    {
      key: "change",
      header: "Change",
      headerTitle: "Tokens against the complete window before",
      align: "right",
      cell: (row) => signedPercent(row.change_percent),
    },
  ];
}

/** The windows that ran before, newest first; the change compares complete windows only and has no colour. */
import { useState } from "preact/hooks";
import type { LimitWindow, PastWindow } from "../../api/types";
import { Badge, Segmented, Table, type Column } from "../../components";
import { exactTokens, formatDateTime, formatMoney, formatPercent } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { useTokenFormat } from "../shared/figures";

/** "+20.1 %", always with its sign. */
export function signedPercent(percent: number | null): string {
  if (percent === null) return "–";
  return `${percent > 0 ? "+" : percent < 0 ? "−" : ""}${Math.abs(percent).toFixed(1)} %`;
}

/** "18.4K · $0.12 (−12.0 %)": what one percent was worth. */
export function worthWords(row: PastWindow, tokens: string): string {
  const money = row.usd_per_percent === null ? [] : [formatMoney(row.usd_per_percent)];
  const change = row.worth_change_percent === null ? "" : ` (${signedPercent(row.worth_change_percent)})`;
  return `${[tokens, ...money].join(" · ")}${change}`;
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
    </div>
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
    { key: "used", header: "Used", align: "right", cell: (row) => formatPercent(row.used_percent, "–") },
    {
      key: "tokens",
      header: "Tokens",
      align: "right",
      hideWhen: "tiny",
      cell: (row) => format(row.window.usage.tokens.total_tokens),
      title: (row) => exactTokens(row.window.usage.tokens.total_tokens),
    },
    { key: "cost", header: "Cost", align: "right", cell: (row) => formatMoney(row.window.usage.cost.usd) },
    {
      key: "worth",
      header: "One percent",
      headerTitle: "Tokens and cost for each percent of the limit, where enough of it was used; the change is to the complete window before",
      align: "right",
      hideWhen: "tiny",
      cell: (row) => (row.tokens_per_percent === null ? "–" : worthWords(row, format(row.tokens_per_percent))),
      title: (row) => (row.tokens_per_percent === null ? undefined : `${exactTokens(row.tokens_per_percent)} tokens for each percent`),
    },
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

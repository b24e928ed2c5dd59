/** The columns of the list of sessions. */
import type { SessionRow } from "../../api/types";
import type { Column } from "../../components";
import { exactMoney, exactTokens, formatDateTime, formatDuration, formatMoney } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { tokenParts, useTokenFormat } from "../shared/figures";
import { ModelCell } from "../shared/ModelCell";
import { SessionCell } from "../shared/SessionCell";
import type { SessionsOptions } from "../shared/usePaged";

type Sort = SessionsOptions["sort"];

const SORTS: Record<Sort, string> = {
  last_seen: "Last response",
  started: "Started",
  duration: "Lasted",
  events: "Responses",
  tokens: "Tokens",
  cost: "Cost",
  title: "Title",
  model: "Model",
  project: "Project",
  parent: "Parent",
};

/** Whether the backend can order by a column. */
export const isSort = (key: string): key is Sort => Object.hasOwn(SORTS, key);

/** Every order, also of what has no column of its own. */
export const ORDERS: readonly { value: Sort; label: string }[] = Object.entries(SORTS).flatMap(([value, label]) => (isSort(value) ? [{ value, label: `By ${label.toLowerCase()}` }] : []));

/** Orders that begin with A. */
export const TEXTS: ReadonlySet<Sort> = new Set<Sort>(["title", "model", "project", "parent"]);

/** Columns; those that the backend can order are sortable. */
export function useSessionColumns(): Column<SessionRow>[] {
  const zone = useStore().zone.value;
  const format = useTokenFormat();
  const moment = (ms: number) => formatDateTime(ms, zone, now.value);
  return [
    { key: "title", header: "Session", maxWidth: "320px", sortable: true, cell: (row) => <SessionCell session={row} /> },
    { key: "model", header: "Model", maxWidth: "180px", hideWhen: "tiny", sortable: true, cell: (row) => <ModelCell model={row.model} effort={row.effort} extra={row.originator} /> },
    { key: "started", header: "Started", align: "right", hideWhen: "narrow", sortable: true, cell: (row) => <span class="tv-num">{moment(row.started_at_ms)}</span> },
    { key: "last_seen", header: "Last response", align: "right", hideWhen: "tiny", sortable: true, cell: (row) => <span class="tv-num">{moment(row.last_seen_ms)}</span> },
    { key: "duration", header: "Lasted", align: "right", hideWhen: "narrow", sortable: true, cell: (row) => formatDuration(row.last_seen_ms - row.started_at_ms) },
    { key: "events", header: "Responses", align: "right", hideWhen: "narrow", sortable: true, cell: (row) => exactTokens(row.usage.events) },
    { key: "tokens", header: "Tokens", align: "right", sortable: true, cell: (row) => format(row.usage.tokens.total_tokens), title: (row) => tokenParts(row.usage.tokens) },
    { key: "cost", header: "Cost", align: "right", sortable: true, cell: (row) => formatMoney(row.usage.cost.usd), title: (row) => exactMoney(row.usage.cost.usd) },
  ];
}

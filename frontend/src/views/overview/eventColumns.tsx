/** The columns of the list of responses. */
import type { EventRow } from "../../api/types";
import { Ellipsis, type Column } from "../../components";
import { exactMoney, exactTokens, formatDateTime, formatMoney, shortSessionId } from "../../lib/format";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { ProjectName } from "../shared/ProjectName";
import { cacheWritten, tokenParts, useTokenFormat } from "../shared/figures";
import { ModelCell } from "../shared/ModelCell";

/** Columns; inside a session its own name is left out. */
export function useEventColumns(inSession: boolean): Column<EventRow>[] {
  const zone = useStore().zone.value;
  const format = useTokenFormat();
  const tokens = (key: string, header: string, value: (row: EventRow) => number, hideWhen?: "narrow" | "tiny"): Column<EventRow> => ({
    key,
    header,
    align: "right",
    cell: (row) => format(value(row)),
    title: (row) => exactTokens(value(row)),
    ...(hideWhen ? { hideWhen } : {}),
  });
  return [
    { key: "time", header: "Time", cell: (row) => <span class="tv-num">{formatDateTime(row.time_ms, zone, now.value)}</span> },
    ...(inSession ? [] : [sessionColumn]),
    { key: "model", header: "Model", maxWidth: "180px", cell: (row) => <ModelCell model={row.model} effort={row.effort} extra={notes(row)} />, title: (row) => modelTitle(row) },
    { ...tokens("total", "Tokens", (row) => row.tokens.total_tokens), title: (row) => tokenParts(row.tokens) },
    tokens("input", "Input", (row) => row.tokens.input_tokens, "narrow"),
    { ...tokens("cached", "Cached", (row) => row.tokens.cache_read_tokens, "narrow"), title: cachedTitle },
    tokens("output", "Output", (row) => row.tokens.output_tokens, "tiny"),
    { key: "cost", header: "Cost", align: "right", cell: (row) => formatMoney(row.cost_usd), title: (row) => exactMoney(row.cost_usd) },
  ];
}

const sessionColumn: Column<EventRow> = {
  key: "session",
  header: "Session",
  maxWidth: "230px",
  hideWhen: "tiny",
  cell: (row) => <EventSession row={row} />,
};

function EventSession({ row }: { row: EventRow }) {
  const { router } = useStore();
  return (
    <div class="tv-session">
      <span class="td-dot" style={{ backgroundColor: providerColor(row.provider) }} aria-hidden="true" />
      <div class="tv-two">
        <a class="tv-link" href={router.href({ name: "session", id: row.session })}>
          <Ellipsis text={row.session_title ?? shortSessionId(row.session)} />
        </a>
        <span class="tv-sub">
          <ProjectName folder={row.project} fallback="no project" />
        </span>
      </div>
    </div>
  );
}

/** What is special about a response: its tier, a long context, a model that was not written in the log. */
function notes(row: EventRow): string {
  return [row.tier, row.long_context && "long context", row.model_assumed && "model assumed"].filter(Boolean).join(" · ");
}

function modelTitle(row: EventRow): string | undefined {
  const parts = [row.model_assumed && "The log does not name the model of this response", row.originator && `From ${row.originator}`];
  return parts.filter(Boolean).join("\n") || undefined;
}

function cachedTitle(row: EventRow): string {
  const written = cacheWritten(row.tokens);
  return `${exactTokens(row.tokens.cache_read_tokens)} read from cache${written > 0 ? `, ${exactTokens(written)} written` : ""}`;
}

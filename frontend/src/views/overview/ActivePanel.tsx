/** The sessions that run now, and how full their context is. */
import type { ActiveSession, ActiveSessions } from "../../api/types";
import { contextPercent, EmptyState, Skeleton, Table, type Column } from "../../components";
import { exactTokens, formatAgo, formatDateTime, formatMoment, formatPercent } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { useTokenFormat } from "../shared/figures";
import { ModelCell } from "../shared/ModelCell";
import { Panel } from "../shared/panel";
import { ContextCell, SessionCell } from "../shared/SessionCell";

/** Active sessions; a click opens one. */
export function ActivePanel() {
  const { dashboard, prefs } = useStore();
  const minutes = dashboard.data.value?.active_sessions?.minutes ?? prefs.settings.value.active_minutes;
  return (
    <Panel name="active_sessions" title="Active sessions" actions={`last ${minutes} min`} skeleton={<Skeleton shape="table" rows={4} />}>
      {(active) => <Body active={active} />}
    </Panel>
  );
}

function Body({ active }: { active: ActiveSessions }) {
  const { router, zone } = useStore();
  return (
    <>
      {active.sessions.length === 0 ? (
        <EmptyState compact title="No session is active">
          No agent has answered in the last {active.minutes} minutes. The window is set under Settings, Display.
        </EmptyState>
      ) : (
        <Table
          label="Active sessions"
          columns={columnsFor(zone.value)}
          rows={active.sessions}
          rowKey={(row) => row.id}
          onRow={(row) => router.go({ name: "session", id: row.id })}
          maxHeight="480px"
        />
      )}
      <Average active={active} />
    </>
  );
}

function columnsFor(zone: string): Column<ActiveSession>[] {
  const moment = (ms: number) => formatMoment(ms, zone, now.value);
  return [
    { key: "session", header: "Session", maxWidth: "320px", cell: (row) => <SessionCell session={row} />, sortValue: (row) => row.title ?? row.id },
    { key: "model", header: "Model", maxWidth: "190px", cell: (row) => <ModelCell model={row.model} effort={row.effort} />, sortValue: (row) => row.model },
    {
      key: "started",
      header: "Started",
      hideWhen: "narrow",
      cell: (row) => <span class="tv-num">{moment(row.started_at_ms)}</span>,
      title: (row) => formatDateTime(row.started_at_ms, zone, now.value),
      sortValue: (row) => row.started_at_ms,
    },
    {
      key: "seen",
      header: "Last seen",
      hideWhen: "tiny",
      cell: (row) => <span class="tv-num">{formatAgo(row.last_seen_ms, now.value)}</span>,
      title: (row) => formatDateTime(row.last_seen_ms, zone, now.value),
      sortValue: (row) => row.last_seen_ms,
    },
    {
      key: "context",
      header: "Context",
      align: "right",
      cell: (row) => <ContextCell session={row} />,
      sortValue: (row) => contextPercent(row.context_used, row.context_window),
    },
  ];
}

function Average({ active }: { active: ActiveSessions }) {
  const format = useTokenFormat();
  const { average_context_tokens: tokens, average_context_percent: percent, samples } = active;
  if (tokens === null || samples === 0) return null;
  return (
    <p class="tv-average" title={`${exactTokens(tokens)} tokens over ${exactTokens(samples)} responses of the range`}>
      Average context in this range: {format(Math.round(tokens))} tokens
      {percent !== null && ` (${formatPercent(percent)})`}, {exactTokens(samples)} responses
    </p>
  );
}

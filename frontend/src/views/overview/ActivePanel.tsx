/** The sessions that run now, and how full their context is. */
import type { ActiveSessions, SessionFacts } from "../../api/types";
import { Card, contextPercent, Ellipsis, Skeleton, Table, type Column } from "../../components";
import { exactTokens, formatAgo, formatCount, formatDateTime, formatMoment, formatPercent } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { useTokenFormat } from "../shared/figures";
import { ModelCell } from "../shared/ModelCell";
import { Panel } from "../shared/panel";
import { ContextCell, SessionCell } from "../shared/SessionCell";
import "./active.css";

/** Active sessions; a click opens one. `slim` leaves out a column where the panel stands beside another. */
export function ActivePanel({ slim = false }: { slim?: boolean }) {
  const { dashboard, prefs } = useStore();
  const active = dashboard.data.value?.active_sessions;
  const minutes = active?.minutes ?? prefs.settings.value.active_minutes;
  if (active?.sessions.length === 0) return <NoneActive active={active} />;
  return (
    <Panel name="active_sessions" title="Active sessions" class="tv-active" note={<OneModel sessions={active?.sessions ?? []} />} actions={`last ${minutes} min`} skeleton={<Skeleton shape="table" rows={3} pitch={50} />}>
      {(sessions) => <Body active={sessions} slim={slim} />}
    </Panel>
  );
}

/** The model that all of several sessions have, effort included; null where they differ. */
function oneModel(sessions: readonly SessionFacts[]): SessionFacts | null {
  const [first] = sessions;
  if (!first?.model || sessions.length < 2) return null;
  return sessions.every((one) => one.model === first.model && one.effort === first.effort) ? first : null;
}

/** Says it once instead of in every row. */
function OneModel({ sessions }: { sessions: readonly SessionFacts[] }) {
  const one = oneModel(sessions);
  return one && <Ellipsis text={[`all on ${one.model}`, one.effort].filter(Boolean).join(", ")} />;
}

/** One quiet line: that nobody works is no news. */
function NoneActive({ active }: { active: ActiveSessions }) {
  return (
    <Card
      title="Active sessions"
      class="tv-active tv-active--none"
      note={<span title="The window is set under Settings, Display">none in the last {active.minutes} min</span>}
      actions={<Average active={active} />}
    />
  );
}

function Body({ active, slim }: { active: ActiveSessions; slim: boolean }) {
  const { router, zone } = useStore();
  return (
    <>
      <Table
        label="Active sessions"
        columns={columnsFor(zone.value, slim, oneModel(active.sessions) !== null)}
        rows={active.sessions}
        rowKey={(row) => row.id}
        onRow={(row) => router.go({ name: "session", id: row.id })}
        maxHeight={slim ? "320px" : "480px"}
      />
      <Average active={active} />
    </>
  );
}

function columnsFor(zone: string, slim: boolean, sameModel: boolean): Column<SessionFacts>[] {
  const moment = (ms: number) => formatMoment(ms, zone, now.value);
  const exact = (ms: number) => formatDateTime(ms, zone, now.value);
  const started: Column<SessionFacts> = {
    key: "started",
    header: "Started",
    hideWhen: "narrow",
    cell: (row) => <span class="tv-num">{moment(row.started_at_ms)}</span>,
    title: (row) => exact(row.started_at_ms),
    sortValue: (row) => row.started_at_ms,
  };
  return [
    { key: "session", header: "Session", maxWidth: slim ? "216px" : "320px", cell: (row) => <SessionCell session={row} slim={slim} />, sortValue: (row) => row.title ?? row.id },
    ...(sameModel ? [] : [modelColumn(slim)]),
    ...(slim ? [] : [started]),
    {
      key: "seen",
      header: "Last seen",
      hideWhen: "tiny",
      cell: (row) => (
        <div class="tv-two">
          <span class="tv-num">{formatAgo(row.last_seen_ms, now.value)}</span>
          {slim && <span class="tv-sub tv-num">since {moment(row.started_at_ms)}</span>}
        </div>
      ),
      title: (row) => `Last seen ${exact(row.last_seen_ms)}\nStarted ${exact(row.started_at_ms)}`,
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

const modelColumn = (slim: boolean): Column<SessionFacts> => ({
  key: "model",
  header: "Model",
  maxWidth: slim ? "130px" : "190px",
  cell: (row) => <ModelCell model={row.model} effort={row.effort} />,
  sortValue: (row) => row.model,
});

function Average({ active }: { active: ActiveSessions }) {
  const format = useTokenFormat();
  const { average_context_tokens: tokens, average_context_percent: percent, samples } = active;
  if (tokens === null || samples === 0) return null;
  return (
    <p class="tv-average" title={`${exactTokens(tokens)} tokens over ${exactTokens(samples)} responses of the range`}>
      Average context in this range {format(Math.round(tokens))}
      {percent !== null && ` (${formatPercent(percent)})`}, {formatCount(samples, "response")}
    </p>
  );
}

/** The sessions that run now, for the widget. */
import type { SessionFacts } from "../../api/types";
import { contextPercent, Ellipsis, EmptyState, ErrorState, Late, MeterBar, Skeleton } from "../../components";
import { formatAgo, formatPercent, shortSessionId } from "../../lib/format";
import { lastPathPart } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { leaveWidget } from "../../state/widget";
import { usePanel } from "../shared/panel";

/** A line per session; each opens its session in the full window. */
export function ActiveNow() {
  const { reloader } = useStore();
  const state = usePanel("active_sessions");
  if (state.kind === "loading") return <Late><Skeleton shape="table" rows={3} pitch={40} /></Late>;
  if (state.kind === "error") return <ErrorState compact message={state.message} retrying={state.retrying} onRetry={() => void reloader.now()} />;
  const { sessions, minutes } = state.value;
  if (sessions.length === 0) return <EmptyState compact title="No session is active">None had a response in the last {minutes} minutes.</EmptyState>;
  return (
    <section aria-label="Active sessions">
      <h2 class="tv-recent__title">Active sessions</h2>
      <ul class="tv-recent__list">
        {sessions.map((session) => (
          <Line key={`${session.provider} ${session.id}`} session={session} />
        ))}
      </ul>
    </section>
  );
}

function Line({ session }: { session: SessionFacts }) {
  const store = useStore();
  const percent = contextPercent(session.context_used, session.context_window);
  const under = [session.project && lastPathPart(session.project), session.model].filter(Boolean).join(" · ");
  return (
    <li>
      <button type="button" class="tv-recent__line" onClick={() => void leaveWidget(store, { name: "session", id: session.id })}>
        <span class="td-dot" style={{ backgroundColor: providerColor(session.provider) }} aria-hidden="true" />
        <span class="tv-recent__main">
          <span class="tv-recent__name">
            <Ellipsis text={session.title} fallback={shortSessionId(session.id)} />
          </span>
          <span class="tv-recent__under">
            <Ellipsis text={under} fallback="no project" />
          </span>
        </span>
        <span class="tv-recent__side">
          <span class="tv-recent__age">{formatAgo(session.last_seen_ms, now.value)}</span>
          <span class="tv-recent__context" title="How full its context is">
            {percent !== null && <MeterBar label="Context" percent={percent} thin />}
            {formatPercent(percent, "context unknown")}
          </span>
        </span>
      </button>
    </li>
  );
}

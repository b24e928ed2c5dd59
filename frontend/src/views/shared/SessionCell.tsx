/** Cells that name a session and say how full it is. */
import type { SessionName } from "../../api/types";
import { ContextBar, CopyButton, Ellipsis } from "../../components";
import { shortSessionId } from "../../lib/format";
import { clipText, visibleText } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { useStore } from "../../state/context";
import { ProjectName } from "./ProjectName";
import "./cells.css";

interface Named {
  id: string;
  provider: string;
  title: string | null;
  project: string | null;
  agent?: string | null;
  parent_id?: string | null;
  parent?: SessionName | null;
}

/** Title, or the short id where there is none; project and id under it; the full id can be copied. `slim` leaves the id to hover. */
export function SessionCell({ session, slim = false }: { session: Named; slim?: boolean }) {
  const short = shortSessionId(session.id);
  const kind = session.agent ?? (session.parent_id ? "fork" : null);
  return (
    <div class="tv-session">
      <span class="td-dot" style={{ backgroundColor: providerColor(session.provider) }} aria-hidden="true" />
      <div class="tv-two">
        <span class="tv-session__name">
          {session.title ? <Ellipsis text={session.title} title={slim ? `${visibleText(session.title)}\n${session.id}` : undefined} /> : <span class="tv-session__id" title={session.id}>{short}</span>}
          {kind && <Kind kind={kind} session={session} />}
        </span>
        <span class="tv-session__under">
          <ProjectName folder={session.project} fallback="no project" />
          {session.title && !slim && (
            <span class="tv-session__id td-mono" title={session.id}>
              · {short}
            </span>
          )}
          <CopyButton text={session.id} label="Copy session id" />
        </span>
      </div>
    </div>
  );
}

/** What a session is of another one, with the way to it; the list of sessions knows the other's name. */
function Kind({ kind, session }: { kind: string; session: Named }) {
  const { router } = useStore();
  const what = clipText(visibleText(kind), 80);
  if (!session.parent_id) return <span class="tv-session__kind">{what}</span>;
  const whole = `${what} of ${clipText(visibleText(session.parent?.title ?? shortSessionId(session.parent_id)), 200)}`;
  return (
    <a class="tv-session__kind tv-session__kind--of" href={router.href({ name: "session", id: session.parent_id })} title={whole}>
      {session.parent === undefined ? what : whole}
    </a>
  );
}

/** The context of a session, written and as a bar. */
export function ContextCell({ session }: { session: { context_used: number | null; context_window: number | null } }) {
  return <ContextBar used={session.context_used} window={session.context_window} />;
}

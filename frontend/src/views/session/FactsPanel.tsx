/** What a session is: its title, where it ran, when, and how to go on with it. */
import type { ComponentChildren } from "preact";
import type { SessionDetail } from "../../api/types";
import { Badge, Card, ContextBar, CopyButton, Ellipsis } from "../../components";
import { formatCount, formatDateTime, formatDuration, formatRelative, shortSessionId } from "../../lib/format";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { ProjectName } from "../shared/ProjectName";

/** The head of the session's page. */
export function FactsPanel({ detail }: { detail: SessionDetail }) {
  const { provider } = useStore();
  const { session } = detail;
  return (
    <Card
      dot={providerColor(session.provider)}
      title={<Ellipsis text={session.title ?? shortSessionId(session.id)} />}
      note={<Badge>{provider(session.provider)?.name ?? session.provider}</Badge>}
      actions={
        <div class="tv-facts__context">
          <ContextBar used={session.context_used} window={session.context_window} />
        </div>
      }
    >
      <Facts detail={detail} />
      {detail.resume_command !== null && <Resume command={detail.resume_command} />}
    </Card>
  );
}

function Facts({ detail }: { detail: SessionDetail }) {
  const zone = useStore().zone.value;
  const { session } = detail;
  const moment = (ms: number) => `${formatDateTime(ms, zone, now.value)} (${formatRelative(ms, now.value)})`;
  const client = [session.originator, detail.client_version].filter(Boolean).join(" ");
  return (
    <dl class="tv-facts">
      <Fact name="Project">
        <ProjectName folder={session.project} fallback="unknown" />
      </Fact>
      <Fact name="Folder" copy={detail.cwd}>
        <Ellipsis text={detail.cwd} keep="end" mono fallback="unknown" />
      </Fact>
      <Fact name="Branch">
        <Ellipsis text={detail.branch} mono fallback="unknown" />
      </Fact>
      <Fact name="Model">
        <Ellipsis text={[session.model, session.effort].filter(Boolean).join(", ")} fallback="unknown" />
      </Fact>
      <Fact name="Started">{moment(session.started_at_ms)}</Fact>
      <Fact name="Last response">{moment(session.last_seen_ms)}</Fact>
      <Fact name="Lasted">{formatDuration(session.last_seen_ms - session.started_at_ms)}</Fact>
      <Fact name="Written by">
        <Ellipsis text={client} fallback="unknown" />
      </Fact>
      <Fact name="Prompts">
        {formatCount(detail.prompts, "prompt")}, {formatCount(detail.compactions, "compaction")}
      </Fact>
      <Fact name="Session id" copy={session.id}>
        <Ellipsis text={session.id} mono />
      </Fact>
    </dl>
  );
}

function Fact({ name, copy, children }: { name: string; copy?: string | null; children: ComponentChildren }) {
  return (
    <div class="tv-facts__item">
      <dt>{name}</dt>
      <dd>
        <span class="tv-facts__value">{children}</span>
        {copy && <CopyButton text={copy} label={`Copy ${name.toLowerCase()}`} />}
      </dd>
    </div>
  );
}

function Resume({ command }: { command: string }) {
  return (
    <div class="tv-resume">
      <span class="tv-sub">Go on with it in a terminal</span>
      <span class="tv-resume__line">
        <code class="tv-resume__command">
          <Ellipsis text={command} mono />
        </code>
        <CopyButton text={command} label="Copy command" />
      </span>
    </div>
  );
}

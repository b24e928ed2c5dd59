/** Where a session comes from and what came from it: parent, itself, forks and sub-agents, as a tree. */
import type { SessionDetail, SessionRow } from "../../api/types";
import { Card, Ellipsis } from "../../components";
import { formatMoney, formatMoment, shortSessionId } from "../../lib/format";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { useTokenFormat } from "../shared/figures";

/** The family; left out for a session without relatives. */
export function FamilyPanel({ detail }: { detail: SessionDetail }) {
  const { session, parent, children } = detail;
  if (parent === null && children.length === 0) return null;
  const own = (
    <li>
      <Member session={session} kind="this session" current />
      {children.length > 0 && (
        <ul>
          {children.map((child) => (
            <li key={child.id}>
              <Member session={child} kind={child.agent ?? "fork"} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
  return (
    <Card title="Family" note="each response is counted once, under the oldest">
      <ul class="tv-tree">
        {parent === null ? (
          own
        ) : (
          <li>
            <Member session={parent} kind="parent" />
            <ul>{own}</ul>
          </li>
        )}
      </ul>
    </Card>
  );
}

function Member({ session, kind, current = false }: { session: SessionRow; kind: string; current?: boolean }) {
  const { router, zone } = useStore();
  const format = useTokenFormat();
  const name = <Ellipsis text={session.title ?? shortSessionId(session.id)} />;
  return (
    <div class="tv-member">
      <span class="td-dot" style={{ backgroundColor: providerColor(session.provider) }} aria-hidden="true" />
      {current ? (
        <b class="tv-member__name">{name}</b>
      ) : (
        <a class="tv-link tv-member__name" href={router.href({ name: "session", id: session.id })}>
          {name}
        </a>
      )}
      <span class="tv-session__kind">{kind}</span>
      <span class="tv-member__figures">
        {format(session.usage.tokens.total_tokens)} · {formatMoney(session.usage.cost.usd)} · {formatMoment(session.last_seen_ms, zone.value, now.value)}
      </span>
    </div>
  );
}

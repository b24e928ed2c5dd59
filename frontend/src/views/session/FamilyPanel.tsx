/** Where a session comes from and what came from it: the whole family as a tree, from the eldest down. */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { FamilyMember, SessionDetail, SessionRow } from "../../api/types";
import { Badge, Card, Ellipsis, keyUnder, Table, type Column } from "../../components";
import { exactMoney, exactTokens, formatCount, formatDateTime, formatMoment, formatMoney, shortSessionId } from "../../lib/format";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { tokenParts, useTokenFormat } from "../shared/figures";
import { ModelCell } from "../shared/ModelCell";

/** A member with those that came from it. */
export interface FamilyNode {
  session: SessionRow;
  children: FamilyNode[];
}

/** The tree of lines that say how deep they stand, and the keys of the rows above and at one session. */
export function familyTree(members: readonly FamilyMember[], own: string): { roots: FamilyNode[]; open: string[] } {
  const roots: FamilyNode[] = [];
  const path: { node: FamilyNode; key: string }[] = [];
  let open: string[] = [];
  for (const { session, depth } of members) {
    path.length = Math.min(depth, path.length);
    const above = path[path.length - 1];
    const node: FamilyNode = { session, children: [] };
    (above ? above.node.children : roots).push(node);
    path.push({ node, key: keyUnder(above ? above.key : null, session.id) });
    if (session.id === own) open = path.map((one) => one.key);
  }
  return { roots, open };
}

/** The family; left out for a session without relatives. */
export function FamilyPanel({ detail }: { detail: SessionDetail }) {
  const { session, family, family_cut } = detail;
  const { router } = useStore();
  const { roots, open } = useMemo(() => familyTree(family, session.id), [family, session.id]);
  const columns = useFamilyColumns(session.id);
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => showOwn(list.current), [session.id, family.length]);
  if (family.length === 0) return null;
  const size = family_cut ? `the first ${exactTokens(family.length)} sessions` : formatCount(family.length, "session");
  return (
    <Card title="Family" note={`${size}; each response is counted once, under the oldest`}>
      <div ref={list}>
        <Table
          key={session.id}
          label="Family"
          dense
          columns={columns}
          rows={roots}
          rowKey={(node) => node.session.id}
          childrenOf={(node) => node.children}
          defaultOpen={open}
          onRow={(node) => router.go({ name: "session", id: node.session.id })}
          rowClass={(node) => (node.session.id === session.id ? "tv-family__own" : undefined)}
          maxHeight="420px"
        />
      </div>
    </Card>
  );
}

/** Scrolls the tree, and nothing else, to the session itself. */
function showOwn(list: HTMLElement | null): void {
  const own = list?.querySelector("[aria-current]")?.closest("tr");
  const scroller = own?.closest(".td-table-scroll");
  if (!own || !scroller) return;
  const below = own.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom;
  if (below > 0) scroller.scrollTop += below + scroller.clientHeight / 2;
}

function useFamilyColumns(own: string): Column<FamilyNode>[] {
  const zone = useStore().zone.value;
  const format = useTokenFormat();
  return [
    { key: "session", header: "Session", maxWidth: "min(420px, 50vw)", cell: (node) => <Member node={node} own={own} /> },
    { key: "model", header: "Model", maxWidth: "180px", hideWhen: "narrow", cell: ({ session }) => <ModelCell model={session.model} effort={session.effort} /> },
    { key: "tokens", header: "Tokens", align: "right", cell: ({ session }) => format(session.usage.tokens.total_tokens), title: ({ session }) => tokenParts(session.usage.tokens) },
    { key: "cost", header: "Cost", align: "right", cell: ({ session }) => formatMoney(session.usage.cost.usd), title: ({ session }) => exactMoney(session.usage.cost.usd) },
    {
      key: "seen",
      header: "Last response",
      align: "right",
      hideWhen: "tiny",
      cell: ({ session }) => <span class="tv-num">{formatMoment(session.last_seen_ms, zone, now.value)}</span>,
      title: ({ session }) => formatDateTime(session.last_seen_ms, zone, now.value),
    },
  ];
}

function Member({ node, own }: { node: FamilyNode; own: string }) {
  const { router } = useStore();
  const { session, children } = node;
  const kind = session.agent ?? (session.parent_id === null ? null : "fork");
  const name = <Ellipsis text={session.title ?? shortSessionId(session.id)} title={`${session.title ?? ""}\n${session.id}`.trim()} />;
  return (
    <span class="tv-member">
      <span class="td-dot" style={{ backgroundColor: providerColor(session.provider) }} aria-hidden="true" />
      {session.id === own ? (
        <b class="tv-member__name" aria-current="true">
          {name}
        </b>
      ) : (
        <a class="tv-link tv-member__name" href={router.href({ name: "session", id: session.id })}>
          {name}
        </a>
      )}
      {kind !== null && (
        <span class="tv-session__kind">
          <Ellipsis text={kind} />
        </span>
      )}
      {session.id === own && <Badge tone="accent">this one</Badge>}
      {children.length > 0 && <span class="tv-sub tv-member__count">{children.length} from it</span>}
    </span>
  );
}

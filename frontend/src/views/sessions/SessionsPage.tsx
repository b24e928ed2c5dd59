/** Every session in the range: searched, sorted and paged by the backend. */
import { useEffect, useState } from "preact/hooks";
import type { SessionsPage as Page } from "../../api/types";
import { Button, Card, Ellipsis, EmptyState, ErrorState, IconButton, Late, Pager, Segmented, Select, Skeleton, Table, TextField } from "../../components";
import { formatCount } from "../../lib/format";
import { aliasOf, isPrivate } from "../../lib/privacy";
import { useStore } from "../../state/context";
import { useSessions, type SessionList } from "../shared/usePaged";
import { isSort, ORDERS, TEXTS, useSessionColumns } from "./sessionColumns";
import "./sessions.css";

const SEARCH_AFTER_MS = 250;

const TIMES: { value: Time; label: string; title: string }[] = [
  { value: "range", label: "In range", title: "Sessions with a response in the range above, with what they used in it" },
  { value: "all", label: "All time", title: "Every session that the ledger knows" },
];
type Time = "range" | "all";

/** The list of sessions. */
export function SessionsPage() {
  const sessions = useSessions();
  const page = sessions.data.value;
  const range = useStore().filter.value?.range;
  const all = sessions.everything.value || range === "alltime";
  return (
    <Card
      title={all ? "All sessions" : "Sessions in the range"}
      note={page ? formatCount(page.total, "session") : "… sessions"}
      actions={<Choices sessions={sessions} />}
      stale={sessions.outdated.value}
      busy={page === null}
    >
      <Body sessions={sessions} page={page} />
    </Card>
  );
}

function Choices({ sessions }: { sessions: SessionList }) {
  const { sort, descending } = sessions.options.value;
  const turn = descending ? "Sorted down; sort up" : "Sorted up; sort down";
  return (
    <>
      <OfProject sessions={sessions} />
      <Search initial={sessions.options.peek().search} onSearch={(search) => sessions.options.peek().search !== search && sessions.choose({ search })} />
      <span class="tv-order">
        <Select label="Order" value={sort} options={ORDERS} onChange={(next) => sessions.choose({ sort: next, descending: !TEXTS.has(next) })} />
        <IconButton icon="chevron" class={descending ? "tv-order__down" : "tv-order__up"} label={turn} bordered onClick={() => sessions.choose({ descending: !descending })} />
      </span>
      <Segmented label="Time" size="small" value={sessions.everything.value ? "all" : "range"} options={TIMES} onChange={(time) => (sessions.everything.value = time === "all")} />
    </>
  );
}

/** The project that the list is of, with the way to all. */
function OfProject({ sessions }: { sessions: SessionList }) {
  const { projects } = useStore();
  const { project } = sessions.options.value;
  if (project === null) return null;
  const name = isPrivate.value ? aliasOf("Project", project) : project === "" ? "No folder" : projects.nameOf(project);
  return (
    <span class="tv-chip">
      <Ellipsis text={name} />
      <IconButton icon="close" size="small" label={`Show the sessions of every project, not only of ${name}`} onClick={() => sessions.choose({ project: null })} />
    </span>
  );
}

function Search({ initial, onSearch }: { initial: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(initial);
  useEffect(() => {
    const timer = setTimeout(() => onSearch(text.trim()), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
    // The newest search counts; the callback is new on every drawing and must not restart the wait.
  }, [text]);
  return <TextField label="Search" hideLabel type="search" placeholder="Search title, id, project, model" value={text} onInput={setText} class="tv-search" />;
}

function Body({ sessions, page }: { sessions: SessionList; page: Page | null }) {
  const { router } = useStore();
  const columns = useSessionColumns();
  const { sort, descending } = sessions.options.value;
  const failed = sessions.error.value;
  if (failed && !sessions.loading.value && (page === null || sessions.outdated.value)) {
    return <ErrorState message={failed.message} onRetry={() => void sessions.reload()} />;
  }
  if (page === null) {
    return (
      <Late>
        <Skeleton shape="table" rows={12} pitch={49} />
      </Late>
    );
  }
  if (page.total === 0) return <Nothing sessions={sessions} />;
  return (
    <>
      <Table
        label="Sessions"
        columns={columns}
        rows={page.rows}
        rowKey={(row) => row.id}
        sort={{ key: sort, descending }}
        onSort={(next) => isSort(next.key) && sessions.choose({ sort: next.key, descending: next.descending })}
        sortedElsewhere
        onRow={(row) => router.go({ name: "session", id: row.id })}
      />
      <Pager page={page} limit={sessions.limit} unit="sessions" busy={sessions.loading.value && sessions.outdated.value} onPage={sessions.goTo} />
    </>
  );
}

function Nothing({ sessions }: { sessions: SessionList }) {
  const { search } = sessions.options.value;
  const { everything } = sessions;
  const other = everything.value ? null : (
    <Button onClick={() => (everything.value = true)}>
      {search ? "Search all time" : "Show all time"}
    </Button>
  );
  const where = everything.value ? "of every session" : "of the sessions in the chosen range";
  return (
    <EmptyState icon="search" title={search ? "No session fits the search" : `No session ${everything.value ? "yet" : "in this range"}`} actions={other ?? undefined}>
      {search ? `The search looks at title, id, project and model ${where}.` : "Choose a longer range, another provider or another home."}
    </EmptyState>
  );
}

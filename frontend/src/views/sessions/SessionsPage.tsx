/** Every session in the range: searched, sorted and paged by the backend. */
import { useEffect, useState } from "preact/hooks";
import type { SessionsPage as Page } from "../../api/types";
import { Card, EmptyState, ErrorState, Pager, Skeleton, Table, TextField } from "../../components";
import { formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import type { Paged } from "../../state/paging";
import { useSessions, type SessionsOptions } from "../shared/usePaged";
import { isSort, useSessionColumns } from "./sessionColumns";
import "./sessions.css";

const SEARCH_AFTER_MS = 250;

/** The list of sessions. */
export function SessionsPage() {
  const sessions = useSessions();
  const page = sessions.data.value;
  return (
    <Card
      title="All sessions"
      note={page ? formatCount(page.total, "session") : undefined}
      actions={<Search first={sessions.options.value.search} onSearch={(search) => sessions.choose({ search })} />}
      stale={sessions.outdated.value}
      busy={page === null}
    >
      <Body sessions={sessions} page={page} />
    </Card>
  );
}

function Search({ first, onSearch }: { first: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(first);
  useEffect(() => {
    const timer = setTimeout(() => onSearch(text.trim()), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
    // The newest search counts; the callback is new on every drawing and must not restart the wait.
  }, [text]);
  return <TextField label="Search" hideLabel type="search" placeholder="Search title, id, project, model" value={text} onInput={setText} class="tv-search" />;
}

function Body({ sessions, page }: { sessions: Paged<SessionsOptions, Page>; page: Page | null }) {
  const { router } = useStore();
  const columns = useSessionColumns();
  const { sort, descending, search } = sessions.options.value;
  const failed = sessions.error.value;
  if (failed && !sessions.loading.value && (page === null || sessions.outdated.value)) {
    return <ErrorState message={failed.message} onRetry={() => void sessions.reload()} />;
  }
  if (page === null) {
    return (
      <div class="tv-late">
        <Skeleton shape="table" rows={12} pitch={49} />
      </div>
    );
  }
  if (page.total === 0) {
    return (
      <EmptyState icon="search" title={search ? "No session fits the search" : "No session in this range"}>
        {search ? "The search looks at title, id, project and model of the chosen range." : "Choose a longer range, another provider or another home."}
      </EmptyState>
    );
  }
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
      <Pager offset={page.offset} limit={sessions.limit} total={page.total} unit="sessions" busy={sessions.loading.value && sessions.outdated.value} onPage={sessions.goTo} />
    </>
  );
}

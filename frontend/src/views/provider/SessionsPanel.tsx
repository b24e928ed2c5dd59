/** The latest sessions of a provider. */
import { Button, Card, EmptyState, ErrorState, Pager, Skeleton, Table } from "../../components";
import { formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import { useSessionColumns } from "../sessions/sessionColumns";
import { useLatestSessions } from "../shared/usePaged";

/** Sessions of the range, latest first; all of them are a page away. */
export function SessionsPanel({ id }: { id: string }) {
  const { router, prefs } = useStore();
  const sessions = useLatestSessions();
  const columns = useSessionColumns().map((column) => ({ ...column, sortable: false }));
  const page = sessions.data.value;
  const failed = sessions.error.value;
  const showAll = () => {
    prefs.change({ provider: id, home: null });
    router.go({ name: "sessions" });
  };
  return (
    <Card
      title="Sessions"
      note={page ? formatCount(page.total, "session") : undefined}
      stale={sessions.outdated.value}
      busy={page === null}
      actions={
        <Button kind="link" onClick={showAll}>
          Search and sort
        </Button>
      }
    >
      {page === null ? (
        failed && !sessions.loading.value ? <ErrorState compact message={failed.message} onRetry={() => void sessions.reload()} /> : <Skeleton shape="table" rows={5} pitch={49} />
      ) : page.total === 0 ? (
        <EmptyState compact title="No session in this range">
          Choose a longer range or another home.
        </EmptyState>
      ) : (
        <>
          <Table label="Sessions of the provider" columns={columns} rows={page.rows} rowKey={(row) => row.id} onRow={(row) => router.go({ name: "session", id: row.id })} />
          {page.total > sessions.limit && <Pager page={page} limit={sessions.limit} unit="sessions" busy={sessions.loading.value && sessions.outdated.value} onPage={sessions.goTo} />}
        </>
      )}
    </Card>
  );
}

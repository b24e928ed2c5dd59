/** Every response, newest first, paged by the backend. */
import type { EventsPage } from "../../api/types";
import { Card, EmptyState, ErrorState, Late, Pager, Select, Skeleton, Table } from "../../components";
import type { Paged } from "../../state/paging";
import { Removed } from "../shared/Removed";
import { useEvents, type EventsOptions } from "../shared/usePaged";
import { useEventColumns } from "./eventColumns";

/** Recent responses of the page, or all of one session. */
export function EventsPanel({ session = null }: { session?: string | null }) {
  const events = useEvents(session);
  const page = events.data.value;
  return (
    <Card
      title={session === null ? "Recent events" : "Responses"}
      note={session === null ? "one line per billed response" : undefined}
      actions={session === null && page && <ModelFilter events={events} page={page} />}
      stale={events.outdated.value}
      busy={page === null}
    >
      <Body events={events} page={page} inSession={session !== null} />
    </Card>
  );
}

type Events = Paged<EventsOptions, EventsPage>;

function ModelFilter({ events, page }: { events: Events; page: EventsPage }) {
  const chosen = events.options.value.model ?? "";
  const models = chosen === "" || page.models.includes(chosen) ? page.models : [...page.models, chosen];
  const options = [{ value: "", label: "All models" }, ...models.map((model) => ({ value: model, label: model }))];
  return <Select label="Model" value={chosen} options={options} onChange={(value) => events.choose({ model: value === "" ? null : value })} />;
}

function Body({ events, page, inSession }: { events: Events; page: EventsPage | null; inSession: boolean }) {
  const columns = useEventColumns(inSession);
  const failed = events.error.value;
  if (failed && !events.loading.value && (page === null || events.outdated.value)) {
    return <ErrorState message={failed.message} onRetry={() => void events.reload()} />;
  }
  if (page === null) {
    return (
      <Late>
        <Skeleton shape="table" rows={inSession ? 8 : 20} pitch={45} />
      </Late>
    );
  }
  if (page.total === 0 && page.removed > 0) return <Removed {...page} />;
  if (page.total === 0) {
    return (
      <EmptyState compact title="No response in this range">
        {events.options.value.model ? "Choose another model or a longer range." : "Responses appear here as the agents write them to their logs."}
      </EmptyState>
    );
  }
  return (
    <>
      <Table label="Responses" dense columns={columns} rows={page.rows} rowKey={(row) => String(row.id)} />
      <Pager page={page} limit={events.limit} unit="responses" busy={events.loading.value && events.outdated.value} onPage={events.goTo} />
      <Removed {...page} />
    </>
  );
}

/** One session: what it used, how full it is, its family, its files and its responses. */
import type { SessionDetail } from "../../api/types";
import { Button, Card, ErrorState, Skeleton } from "../../components";
import { useStore } from "../../state/context";
import { RecentPrompts } from "../activity/RecentPrompts";
import { EventsPanel } from "../overview/EventsPanel";
import { AuditPanel } from "./AuditPanel";
import { FactsPanel } from "./FactsPanel";
import { FamilyPanel } from "./FamilyPanel";
import { TimelinePanel } from "./TimelinePanel";
import { UsageCards } from "./UsageCards";
import { useDetail } from "./useDetail";
import "./session.css";

/** The page of the session with this id. */
export function SessionPage({ id }: { id: string }) {
  const { router } = useStore();
  const detail = useDetail(id);
  const { value } = detail.data;
  const failed = detail.error.value;
  return (
    <div class="tv-stack">
      <div>
        <Button kind="quiet" class="tv-back" onClick={() => router.go({ name: "sessions" })}>
          ‹ All sessions
        </Button>
      </div>
      {value !== null && <Parts detail={value} id={id} />}
      {value === null && failed !== null && (
        <Card>
          <ErrorState title="This session could not be read" message={failed.message} retrying={detail.loading.value} onRetry={() => void detail.load({ id })} />
        </Card>
      )}
      {value === null && failed === null && (
        <Card>
          <Skeleton shape="table" rows={6} />
        </Card>
      )}
    </div>
  );
}

function Parts({ detail, id }: { detail: SessionDetail; id: string }) {
  return (
    <>
      <FactsPanel detail={detail} />
      <UsageCards detail={detail} />
      <TimelinePanel id={id} window={detail.session.context_window} />
      <RecentPrompts session={id} limit={10} />
      <FamilyPanel detail={detail} />
      <AuditPanel detail={detail} />
      <EventsPanel session={id} />
    </>
  );
}

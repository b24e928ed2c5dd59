/** The newest prompts of a provider, home, project or session, as a panel of another page. */
import { Button, Card, EmptyState, ErrorState, Skeleton } from "../../components";
import { useStore } from "../../state/context";
import { More } from "./ActivityPage";
import { PromptItem } from "./PromptItem";
import type { PromptList } from "./promptList";
import { PromptsOff } from "./PromptsOff";
import { usePrompts } from "./usePrompts";
import "./activity.css";

export interface RecentPromptsProps {
  provider?: string;
  home?: number;
  /** A folder, with all below it. */
  project?: string;
  /** All prompts of a session; the panel is left out where it has none. */
  session?: string;
  limit?: number;
}

/** Prompts over all time, whatever the range of the page. */
export function RecentPrompts({ provider, home, project, session, limit = 5 }: RecentPromptsProps) {
  const { router } = useStore();
  const list = usePrompts(limit, { range: "alltime", provider: provider ?? null, home: home ?? null, project: project ?? null, session: session ?? null });
  const rows = list.rows.value;
  const inSession = session !== undefined;
  if (inSession && rows !== null && rows.length === 0 && list.on.value) return null;
  return (
    <Card
      title={inSession ? "Prompts" : "Recent prompts"}
      stale={list.outdated.value}
      busy={rows === null}
      actions={
        !inSession && (
          <Button kind="link" onClick={() => router.go({ name: "activity" })}>
            All activity
          </Button>
        )
      }
    >
      <Body list={list} inSession={inSession} limit={limit} />
    </Card>
  );
}

function Body({ list, inSession, limit }: { list: PromptList; inSession: boolean; limit: number }) {
  const rows = list.rows.value;
  const failed = list.error.value;
  if (rows === null && failed !== null && !list.loading.value) return <ErrorState compact message={failed.message} onRetry={() => void list.reload()} />;
  if (rows === null) return <Skeleton shape="table" rows={Math.min(limit, 3)} pitch={72} />;
  if (!list.on.value) return <PromptsOff compact />;
  if (rows.length === 0) {
    return (
      <EmptyState compact title="No prompt yet">
        Prompts appear here as the agents write them to their logs.
      </EmptyState>
    );
  }
  return (
    <>
      <ul class="tv-prompts">
        {rows.map((row) => (
          <PromptItem key={row.id} row={row} inSession={inSession} dated />
        ))}
      </ul>
      {inSession && <More list={list} />}
    </>
  );
}

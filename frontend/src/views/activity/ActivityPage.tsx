/** What was asked, of all providers, newest first, by day. Texts are read from the logs as the page is shown. */
import type { PromptRow } from "../../api/types";
import { Button, Card, EmptyState, ErrorState, Late, Skeleton } from "../../components";
import { formatCount, formatDay } from "../../lib/format";
import { dayIn, now } from "../../lib/time";
import { useStore } from "../../state/context";
import { PromptItem } from "./PromptItem";
import type { PromptList } from "./promptList";
import { PromptsOff } from "./PromptsOff";
import { usePrompts } from "./usePrompts";
import "./activity.css";

const PER_PAGE = 50;
const DAY_MS = 86_400_000;

/** The page of all prompts in the range and filter above. */
export function ActivityPage() {
  const list = usePrompts(PER_PAGE);
  const rows = list.rows.value;
  const note = rows !== null && list.on.value && rows.length > 0 ? formatCount(rows.length, "prompt") + (list.hasMore.value ? " so far" : "") : undefined;
  return (
    <Card title="Prompts" note={note} stale={list.outdated.value} busy={rows === null}>
      <Body list={list} rows={rows} />
    </Card>
  );
}

function Body({ list, rows }: { list: PromptList; rows: readonly PromptRow[] | null }) {
  const failed = list.error.value;
  if (failed !== null && !list.loading.value && (rows === null || list.outdated.value)) return <ErrorState message={failed.message} onRetry={() => void list.reload()} />;
  if (rows === null) {
    return (
      <Late>
        <Skeleton shape="table" rows={10} pitch={72} />
      </Late>
    );
  }
  if (!list.on.value) return <PromptsOff />;
  if (rows.length === 0) {
    return (
      <EmptyState icon="activity" title="No prompt in this range">
        Choose a longer range, another provider or another home. Prompts appear here as the agents write them to their logs.
      </EmptyState>
    );
  }
  return (
    <>
      <Days rows={rows} />
      <More list={list} />
    </>
  );
}

function Days({ rows }: { rows: readonly PromptRow[] }) {
  const zone = useStore().zone.value;
  const days = new Map<string, PromptRow[]>();
  for (const row of rows) {
    const day = dayIn(row.time_ms, zone);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return (
    <>
      {[...days].map(([day, held]) => (
        <section class="tv-prompts__day" key={day} aria-label={dayName(day, zone)}>
          <h3 class="tv-prompts__heading">{dayName(day, zone)}</h3>
          <ul class="tv-prompts">
            {held.map((row) => (
              <PromptItem key={row.id} row={row} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function dayName(day: string, zone: string): string {
  if (day === dayIn(now.value, zone)) return "Today";
  return day === dayIn(now.value - DAY_MS, zone) ? "Yesterday" : formatDay(day);
}

/** The way to older prompts. */
export function More({ list }: { list: PromptList }) {
  if (!list.hasMore.value) return null;
  const failed = list.error.value;
  return (
    <div class="tv-prompts__more">
      <Button busy={list.loading.value} disabled={list.loading.value} onClick={() => void list.loadMore()}>
        Show older prompts
      </Button>
      {failed !== null && <span role="alert">{failed.message}</span>}
    </div>
  );
}

/** What is told of a provider alone: 30 days, models and projects; one call, so they fail together. */
import { Card, ErrorState, Skeleton } from "../../components";
import { HistoryPanel } from "./HistoryPanel";
import { ModelsPanel } from "./ModelsPanel";
import { ProjectsPanel } from "./ProjectsPanel";
import { useProvider } from "./useProvider";

/** The panels in whichever state they are. */
export function DetailPanels({ id }: { id: string }) {
  const { data, error, loading, outdated, reload } = useProvider(id);
  const detail = data.value;
  if (detail === null) {
    return (
      <Card title="30 days" busy={error.value === null}>
        {error.value !== null && !loading.value ? <ErrorState compact message={error.value.message} onRetry={reload} /> : <Skeleton shape="chart" height={190} />}
      </Card>
    );
  }
  const stale = outdated.value || error.value !== null;
  return (
    <>
      {error.value !== null && <ErrorState compact message={error.value.message} retrying={loading.value} onRetry={reload} />}
      <HistoryPanel detail={detail} stale={stale} />
      <div class="tv-halves">
        <ModelsPanel detail={detail} stale={stale} />
        <ProjectsPanel detail={detail} stale={stale} />
      </div>
    </>
  );
}

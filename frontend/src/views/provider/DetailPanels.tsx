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
    if (error.value !== null && !loading.value) {
      return (
        <Card title="30 days">
          <ErrorState compact message={error.value.message} onRetry={reload} />
        </Card>
      );
    }
    return (
      <>
        <Card title="Cost of 30 days" busy>
          <Skeleton shape="chart" height={265} />
        </Card>
        <div class="tv-halves">
          {["Models, today and in the range", "Projects"].map((title) => (
            <Card key={title} title={title} busy>
              <Skeleton shape="table" rows={5} pitch={27} />
            </Card>
          ))}
        </div>
      </>
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

/** The overview, top to bottom. */
import { useEffect, useState } from "preact/hooks";
import { Card, ErrorState } from "../../components";
import { useStore } from "../../state/context";
import { useMedia } from "../frame/useMedia";
import { ActivePanel } from "./ActivePanel";
import { BreakdownPanel } from "./BreakdownPanel";
import { CalendarPanel } from "./CalendarPanel";
import { CardsPanel } from "./CardsPanel";
import { EventsPanel } from "./EventsPanel";
import { FirstRun } from "./FirstRun";
import { LimitsPanel } from "./LimitsPanel";
import { ProviderCards } from "./ProviderCards";
import { TrendsPanel } from "./TrendsPanel";

/** All panels, or the first-run page while the ledger is empty. */
export function OverviewPage() {
  const { dashboard, ingest, reloader } = useStore();
  const beside = useBeside();
  const late = useLate();
  const data = dashboard.data.value;
  const reading = ingest.status.value.running;
  if (data?.ledger_empty && !data.demo && !reading) return <FirstRun />;
  const failed = dashboard.error.value;
  if (data === null && failed !== null && !dashboard.loading.value) {
    return (
      <Card>
        <ErrorState title="The figures could not be read" message={failed.message} onRetry={() => void reloader.now()} />
      </Card>
    );
  }
  return (
    <div class="tv-stack">
      <CardsPanel />
      <ProviderCards />
      {beside ? (
        <div class="tv-now">
          <LimitsPanel stacked />
          <ActivePanel slim />
        </div>
      ) : (
        <LimitsPanel />
      )}
      <TrendsPanel />
      {late && (
        <>
          <BreakdownPanel />
          {!beside && <ActivePanel />}
          <CalendarPanel />
          <EventsPanel />
        </>
      )}
    </div>
  );
}

/** Whether the first figures have been painted: what lies below the first screen is not drawn before. */
function useLate(): boolean {
  const { dashboard } = useStore();
  const [late, setLate] = useState(false);
  const shown = dashboard.data.value !== null;
  useEffect(() => {
    if (shown) setLate(true);
  }, [shown]);
  return late;
}

/** Whether there is room for the active sessions beside the limits, and something to show in both; at first it is taken for granted. */
function useBeside(): boolean {
  const data = useStore().dashboard.data.value;
  const wide = useMedia("(min-width: 1200px)");
  const cards = data?.limits?.length ?? 0;
  return wide && (data === null || (cards >= 1 && cards <= 2 && (data.active_sessions?.sessions.length ?? 0) > 0));
}

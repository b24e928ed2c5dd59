/** A provider's own page: where its figures come from, its limits in full, its cost and its models. */
import { Card, EmptyState, Button } from "../../components";
import { useStore } from "../../state/context";
import { RecentPrompts } from "../activity/RecentPrompts";
import { ActivePanel } from "../overview/ActivePanel";
import { BreakdownPanel } from "../overview/BreakdownPanel";
import { CardsPanel } from "../overview/CardsPanel";
import { EventsPanel } from "../overview/EventsPanel";
import { LimitsPanel } from "../overview/LimitsPanel";
import { TrendsPanel } from "../overview/TrendsPanel";
import { DetailPanels } from "./DetailPanels";
import { SessionsPanel } from "./SessionsPanel";
import { SourcePanel } from "./SourcePanel";

/** All about one provider, for the range that is chosen. */
export function ProviderPage({ id }: { id: string }) {
  const store = useStore();
  const info = store.provider(id);
  if (info === null) {
    return (
      <Card>
        <EmptyState title="This provider is not known" actions={<Button onClick={() => store.router.go({ name: "overview" })}>Open the overview</Button>}>
          The page that was open last belongs to a provider that this version of Tokendial does not read.
        </EmptyState>
      </Card>
    );
  }
  // Nothing was ever read: where was looked is what there is to say, and eight empty panels would only repeat it.
  if (info.status.state === "waiting" && info.status.last_response_ms === null) {
    return (
      <div class="tv-stack">
        <SourcePanel id={id} />
        <LimitsPanel full />
        <CardsPanel />
      </div>
    );
  }
  return (
    <div class="tv-stack">
      <SourcePanel id={id} />
      <LimitsPanel full />
      <DetailPanels key={id} id={id} />
      <CardsPanel />
      <TrendsPanel />
      <BreakdownPanel />
      <ActivePanel />
      <RecentPrompts provider={id} limit={5} />
      <SessionsPanel key={`sessions ${id}`} id={id} />
      <EventsPanel />
    </div>
  );
}

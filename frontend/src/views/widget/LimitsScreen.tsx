/** The first screen of the widget: a dial per provider. */
import { useRef } from "preact/hooks";
import { EmptyState, ErrorState, Late, Skeleton } from "../../components";
import { useStore } from "../../state/context";
import { dialsOf, type Dial } from "./dials";
import { useLayout } from "./layout";
import { ProviderDial } from "./ProviderDial";

/** All dials, or why there are none. */
export function LimitsScreen() {
  const { app, dashboard, reloader } = useStore();
  const data = dashboard.data.value;
  const failed = dashboard.error.value;
  if (data === null) return failed && !dashboard.loading.value ? <ErrorState compact message={failed.message} onRetry={() => void reloader.now()} /> : <Awaited />;
  const failure = data.errors["limits"] ?? data.errors["breakdown"];
  if (failure) return <ErrorState compact message={failure.message} retrying={dashboard.loading.value} onRetry={() => void reloader.now()} />;
  if (data.ledger_empty) return <EmptyState compact title="Nothing was used yet">Limits and costs show here with the first response of an agent.</EmptyState>;
  const dials = dialsOf(data, app.value.providers, app.value.homes);
  if (dials.length === 0) return <EmptyState compact title="Every provider is switched off">Switch one on under Settings, Providers, in the full window.</EmptyState>;
  return <Dials dials={dials} />;
}

function Dials({ dials }: { dials: readonly Dial[] }) {
  const element = useRef<HTMLDivElement>(null);
  const layout = useLayout(element, dials.length);
  return (
    <div class={`tv-dials tv-dials--${layout}`} ref={element}>
      {dials.map((dial) => (
        <ProviderDial key={dial.id} dial={dial} />
      ))}
    </div>
  );
}

function Awaited() {
  return (
    <Late class="tv-dials tv-dials--columns">
      <Skeleton shape="block" height={120} />
      <Skeleton shape="block" height={120} />
    </Late>
  );
}

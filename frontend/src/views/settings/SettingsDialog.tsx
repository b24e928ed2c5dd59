/** The settings, on top of any page. */
import { Dialog } from "../../components";
import { useStore } from "../../state/context";
import type { SettingsTab } from "../../state/overlays";
import { AboutTab } from "./AboutTab";
import { DiagnosticsTab } from "./DiagnosticsTab";
import { DisplayTab } from "./DisplayTab";
import { HomesTab } from "./HomesTab";
import { PricingTab } from "./PricingTab";
import { ProvidersTab } from "./ProvidersTab";
import "./settings.css";

const TABS: readonly { id: SettingsTab; label: string }[] = [
  { id: "homes", label: "Homes" },
  { id: "pricing", label: "Pricing" },
  { id: "providers", label: "Providers" },
  { id: "display", label: "Display" },
  { id: "diagnostics", label: "Diagnostics" },
  { id: "about", label: "About" },
];

/** A dialog with tabs; it opens on the one that was open last. */
export function SettingsDialog() {
  const { overlays } = useStore();
  const tab = overlays.settings.value;
  return (
    <Dialog open={tab !== null} size="large" title="Settings" onClose={() => (overlays.settings.value = null)}>
      {tab !== null && (
        <div class="tv-settings">
          <TabList tab={tab} onChoose={overlays.openSettings} />
          <div class="tv-settings__panel" role="tabpanel" id="settings-panel" aria-labelledby={`settings-${tab}`}>
            <Content tab={tab} />
          </div>
        </div>
      )}
    </Dialog>
  );
}

function TabList({ tab, onChoose }: { tab: SettingsTab; onChoose: (tab: SettingsTab) => void }) {
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" || event.key === "ArrowRight" ? 1 : event.key === "ArrowUp" || event.key === "ArrowLeft" ? -1 : 0;
    const next = TABS[(TABS.findIndex((each) => each.id === tab) + step + TABS.length) % TABS.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`settings-${next.id}`)?.focus();
  };
  return (
    <div class="tv-settings__tabs" role="tablist" aria-label="Settings" onKeyDown={move}>
      {TABS.map(({ id, label }) => (
        <button
          key={id}
          id={`settings-${id}`}
          type="button"
          role="tab"
          class="tv-settings__tab"
          aria-selected={id === tab}
          aria-controls="settings-panel"
          tabIndex={id === tab ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function Content({ tab }: { tab: SettingsTab }) {
  switch (tab) {
    case "homes":
      return <HomesTab />;
    case "pricing":
      return <PricingTab />;
    case "providers":
      return <ProvidersTab />;
    case "display":
      return <DisplayTab />;
    case "diagnostics":
      return <DiagnosticsTab />;
    case "about":
      return <AboutTab />;
  }
}

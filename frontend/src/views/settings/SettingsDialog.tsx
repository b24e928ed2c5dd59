/** The settings, on top of any page. */
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "../../components";
import { Icon, type IconName } from "../../components/Icon";
import { useStore } from "../../state/context";
import type { SettingsTab } from "../../state/overlays";
import { AboutTab } from "./AboutTab";
import { AlertsTab } from "./AlertsTab";
import { DiagnosticsTab } from "./DiagnosticsTab";
import { DisplayTab } from "./DisplayTab";
import { HomesTab } from "./HomesTab";
import { PricingTab } from "./PricingTab";
import { ProvidersTab } from "./ProvidersTab";
import { StartupTab } from "./StartupTab";
import { StorageTab } from "./StorageTab";
import "./settings.css";

interface Tab {
  id: SettingsTab;
  label: string;
  icon: IconName;
  View: ComponentType;
  /** Begins a group: a hairline stands before it. */
  group?: boolean;
}

const TABS: readonly Tab[] = [
  { id: "homes", label: "Homes", icon: "folder", View: HomesTab },
  { id: "pricing", label: "Pricing", icon: "tag", View: PricingTab },
  { id: "providers", label: "Providers", icon: "layers", View: ProvidersTab },
  { id: "display", label: "Display", icon: "display", View: DisplayTab, group: true },
  { id: "alerts", label: "Alerts", icon: "bell", View: AlertsTab },
  { id: "startup", label: "Startup", icon: "power", View: StartupTab },
  { id: "storage", label: "Storage", icon: "database", View: StorageTab, group: true },
  { id: "diagnostics", label: "Diagnostics", icon: "activity", View: DiagnosticsTab },
  { id: "about", label: "About", icon: "info", View: AboutTab },
];

/** A dialog with tabs; it opens on the one that was open last. */
export function SettingsDialog() {
  const { overlays } = useStore();
  const tab = overlays.settings.value;
  return (
    <Dialog open={tab !== null} size="settings" title="Settings" onClose={() => (overlays.settings.value = null)}>
      {tab !== null && <Tabs tab={tab} />}
    </Dialog>
  );
}

function Tabs({ tab }: { tab: SettingsTab }) {
  const { overlays } = useStore();
  const View = TABS.find((each) => each.id === tab)?.View;
  return (
    <div class="tv-settings">
      <TabList tab={tab} onChoose={overlays.openSettings} />
      {/* A key of its own, so that each tab begins at its top. */}
      <div key={tab} class="tv-settings__panel" role="tabpanel" id="settings-panel" aria-labelledby={`settings-${tab}`}>
        {View && <View />}
      </div>
    </div>
  );
}

function TabList({ tab, onChoose }: { tab: SettingsTab; onChoose: (tab: SettingsTab) => void }) {
  const list = useRef<HTMLDivElement>(null);
  // Where the tabs stand in a row that scrolls, the open one is brought into view.
  useEffect(() => {
    const row = list.current;
    const open = row?.querySelector<HTMLElement>("[aria-selected=true]");
    if (!row || !open || row.scrollWidth <= row.clientWidth) return;
    row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
  }, [tab]);
  const move = (event: KeyboardEvent) => {
    const next = nextTab(event.key, TABS.findIndex((each) => each.id === tab));
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`settings-${next.id}`)?.focus();
  };
  return (
    <div ref={list} class="tv-settings__tabs" role="tablist" aria-label="Settings" onKeyDown={move}>
      {TABS.map(({ id, label, icon, group }) => (
        <button
          key={id}
          id={`settings-${id}`}
          type="button"
          role="tab"
          class={group ? "tv-settings__tab tv-settings__tab--group" : "tv-settings__tab"}
          aria-selected={id === tab}
          aria-controls="settings-panel"
          tabIndex={id === tab ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          <Icon name={icon} />
          {label}
        </button>
      ))}
    </div>
  );
}

/** The tab that a key goes to from one; undefined for keys that go nowhere. */
function nextTab(key: string, at: number): Tab | undefined {
  if (key === "ArrowDown" || key === "ArrowRight") return TABS[(at + 1) % TABS.length];
  if (key === "ArrowUp" || key === "ArrowLeft") return TABS[(at - 1 + TABS.length) % TABS.length];
  if (key === "Home") return TABS[0];
  return key === "End" ? TABS[TABS.length - 1] : undefined;
}

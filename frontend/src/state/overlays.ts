/** What lies on top of the page: settings and the list of shortcuts. */
import { signal, type Signal } from "@preact/signals";

/** The tabs of the settings. */
export const SETTINGS_TABS = [
  "homes",
  "pricing",
  "providers",
  "display",
  "alerts",
  "startup",
  "storage",
  "diagnostics",
  "about",
] as const;
/** A tab of the settings. */
export type SettingsTab = (typeof SETTINGS_TABS)[number];

/** What is open on top. */
export interface Overlays {
  /** The open tab of the settings; null while they are closed. */
  settings: Signal<SettingsTab | null>;
  /** The tab that was open last. */
  lastTab: Signal<SettingsTab>;
  shortcuts: Signal<boolean>;
  /** The list of alerts. */
  alerts: Signal<boolean>;
  openSettings(tab?: SettingsTab): void;
}

/** Makes the overlays, all closed; `remember` stores each tab that is opened. */
export function createOverlays(saved: string, remember: (tab: SettingsTab) => void): Overlays {
  const settings = signal<SettingsTab | null>(null);
  const lastTab = signal<SettingsTab>(SETTINGS_TABS.find((tab) => tab === saved) ?? "homes");
  return {
    settings,
    lastTab,
    shortcuts: signal(false),
    alerts: signal(false),
    openSettings(tab) {
      const next = tab ?? lastTab.value;
      if (next !== lastTab.value) remember(next);
      lastTab.value = next;
      settings.value = next;
    },
  };
}

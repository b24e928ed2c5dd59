/** What lies on top of the page: settings and the list of shortcuts. */
import { signal, type Signal } from "@preact/signals";

/** A tab of the settings. */
export type SettingsTab = "homes" | "pricing" | "providers" | "display" | "diagnostics" | "about";

/** What is open on top. */
export interface Overlays {
  /** The open tab of the settings; null while they are closed. */
  settings: Signal<SettingsTab | null>;
  /** The tab that was open last. */
  lastTab: Signal<SettingsTab>;
  shortcuts: Signal<boolean>;
  openSettings(tab?: SettingsTab): void;
}

/** Makes the overlays, all closed. */
export function createOverlays(): Overlays {
  const settings = signal<SettingsTab | null>(null);
  const lastTab = signal<SettingsTab>("homes");
  return {
    settings,
    lastTab,
    shortcuts: signal(false),
    openSettings(tab) {
      lastTab.value = tab ?? lastTab.value;
      settings.value = lastTab.value;
    },
  };
}

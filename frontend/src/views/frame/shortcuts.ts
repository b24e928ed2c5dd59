/** The keys of the whole page. */
import { installKeyboard, registerShortcuts, type Shortcut } from "../../lib/keyboard";
import type { Store } from "../../state/store";
import { leaveWidget, openWidget } from "../../state/widget";
import { listPages } from "./pages";

const MOST_PAGES = 9;
/** The one key of privacy mode. */
export const PRIVACY_KEYS = "Mod+Shift+P";
/** Into the widget and back: no browser keeps these keys for itself. */
export const WIDGET_KEYS = "Mod+Shift+M";

/** What each key does. */
export function shortcutsOf(store: Store): Shortcut[] {
  const pages = listPages(store.app.value.providers).slice(0, MOST_PAGES);
  return [
    { keys: "Mod+R", label: "Refresh", run: () => void store.ingest.refresh() },
    { keys: "F5", label: "Refresh", hidden: true, run: () => void store.ingest.refresh() },
    { keys: "Mod+L", label: "Open logs", run: () => void store.openLogs() },
    { keys: "Mod+,", label: "Settings", run: () => store.overlays.openSettings() },
    { keys: PRIVACY_KEYS, label: "Privacy mode", inDialogs: true, run: () => togglePrivacy(store) },
    { keys: WIDGET_KEYS, label: "Widget and back", run: () => void openWidget(store) },
    { keys: "?", label: "Show shortcuts", run: () => (store.overlays.shortcuts.value = true) },
    ...pages.map(({ route, label }, at): Shortcut => ({ keys: `Mod+${at + 1}`, label, group: "Pages", run: () => store.router.go(route) })),
  ];
}

function togglePrivacy({ prefs, notify }: Store): void {
  const privacy = !prefs.settings.peek().privacy;
  prefs.change({ privacy });
  notify(privacy ? "Privacy mode is on: names, paths and money are hidden." : "Privacy mode is off.");
}

/** The keys of the widget, which has no dialogs. */
function widgetShortcutsOf(store: Store): Shortcut[] {
  const kept = new Set(["Mod+R", "F5", PRIVACY_KEYS]);
  return [
    ...shortcutsOf(store).filter(({ keys }) => kept.has(keys)),
    { keys: WIDGET_KEYS, label: "Full window", run: () => void leaveWidget(store) },
  ];
}

/** Starts listening; the answer stops it. */
export const installShortcuts = (store: Store): (() => void) => install(shortcutsOf(store));

/** The same for the widget. */
export const installWidgetShortcuts = (store: Store): (() => void) => install(widgetShortcutsOf(store));

function install(shortcuts: readonly Shortcut[]): () => void {
  const stopKeyboard = installKeyboard();
  const remove = registerShortcuts(shortcuts);
  return () => {
    remove();
    stopKeyboard();
  };
}

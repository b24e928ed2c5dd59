/** The keys of the whole page. */
import { installKeyboard, registerShortcuts, type Shortcut } from "../../lib/keyboard";
import type { Store } from "../../state/store";
import { listPages } from "./pages";

const MOST_PAGES = 9;
/** The one key of privacy mode. */
export const PRIVACY_KEYS = "Mod+Shift+P";

/** What each key does. */
export function shortcutsOf(store: Store): Shortcut[] {
  const pages = listPages(store.app.value.providers).slice(0, MOST_PAGES);
  return [
    { keys: "Mod+R", label: "Refresh", run: () => void store.ingest.refresh() },
    { keys: "F5", label: "Refresh", hidden: true, run: () => void store.ingest.refresh() },
    { keys: "Mod+L", label: "Open logs", run: () => void store.openLogs() },
    { keys: "Mod+,", label: "Settings", run: () => store.overlays.openSettings() },
    { keys: PRIVACY_KEYS, label: "Privacy mode", inDialogs: true, run: () => togglePrivacy(store) },
    { keys: "?", label: "Show shortcuts", run: () => (store.overlays.shortcuts.value = true) },
    ...pages.map(({ route, label }, at): Shortcut => ({ keys: `Mod+${at + 1}`, label, group: "Pages", run: () => store.router.go(route) })),
  ];
}

function togglePrivacy({ prefs, notify }: Store): void {
  const privacy = !prefs.settings.peek().privacy;
  prefs.change({ privacy });
  notify(privacy ? "Privacy mode is on: names, paths and money are hidden." : "Privacy mode is off.");
}

/** Starts listening; the answer stops it. */
export function installShortcuts(store: Store): () => void {
  const stopKeyboard = installKeyboard();
  const remove = registerShortcuts(shortcutsOf(store));
  return () => {
    remove();
    stopKeyboard();
  };
}

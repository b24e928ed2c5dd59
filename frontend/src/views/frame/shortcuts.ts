/** The keys of the whole page. */
import { installKeyboard, registerShortcuts, type Shortcut } from "../../lib/keyboard";
import type { Store } from "../../state/store";
import { listPages } from "./pages";

const MOST_PAGES = 9;

/** What each key does. */
export function shortcutsOf(store: Store): Shortcut[] {
  const pages = listPages(store.app.value.providers).slice(0, MOST_PAGES);
  return [
    { keys: "Mod+R", label: "Refresh", run: () => void store.ingest.refresh() },
    { keys: "Mod+L", label: "Open logs", run: () => void store.openLogs() },
    { keys: "Mod+,", label: "Settings", run: () => store.overlays.openSettings() },
    { keys: "?", label: "Show shortcuts", run: () => (store.overlays.shortcuts.value = true) },
    ...pages.map(({ route, label }, at): Shortcut => ({ keys: `Mod+${at + 1}`, label, group: "Pages", run: () => store.router.go(route) })),
  ];
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

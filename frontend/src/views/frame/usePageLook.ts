/** How the whole page looks: its theme and the providers' colours, by the settings. */
import { useSignalEffect } from "@preact/signals";
import { applyProviderColors, applyTheme } from "../../lib/theme";
import { useStore } from "../../state/context";

/** Keeps the page in the chosen theme. */
export function usePageLook(): void {
  const { app, prefs } = useStore();
  useSignalEffect(() => applyTheme(prefs.settings.value.theme));
  useSignalEffect(() => applyProviderColors(app.value.providers));
}

/** The saved settings of alerts, and how a part of them is changed. */
import type { AlertSettings } from "../../api/types";
import { useStore } from "../../state/context";

/** `save` answers what cannot be, in words; null once it holds. */
export function useAlertSettings(): { settings: AlertSettings; save: (part: Partial<AlertSettings>) => Promise<string | null> } {
  const { prefs } = useStore();
  const settings = prefs.saved.value.alerts;
  return {
    settings,
    async save(part) {
      // What another page saved in the meantime stays.
      const error = await prefs.save({ alerts: { ...prefs.saved.peek().alerts, ...part } });
      return error?.message ?? null;
    },
  };
}

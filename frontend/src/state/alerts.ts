/** The alerts: what holds now, what was told, and what its owner does with it. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { toApiError, type Transport } from "../api/client";
import type { AlertEntry, Alerts, Empty, Settings, SnoozeUntil } from "../api/types";
import { seen } from "../lib/privacy";
import type { Notify } from "./notify";
import { createResource, type Resource } from "./resource";

/** The alerts and what can be done with them. */
export interface AlertsState {
  all: Resource<Empty, Alerts>;
  /** Those that want to be seen: they hold, and are not snoozed. */
  active: ReadonlySignal<readonly AlertEntry[]>;
  load(): Promise<void>;
  /** Silence for one alert, or for all where none is named. */
  snooze(id: string | null, until: SnoozeUntil): Promise<void>;
  /** Ends a snooze, or takes a dismissal back. */
  wake(id: string | null): Promise<void>;
  dismiss(id: string | null): Promise<void>;
  stop(): void;
}

/** Makes the state, which nothing is loaded into yet; `notify` shows each new alert. */
export function createAlerts(transport: Transport, notify: Notify): AlertsState {
  const all = createResource<Empty, Alerts>({ fetch: () => transport.invoke("alerts.get", {}) });
  const load = () => all.load({});
  const change = (answer: Promise<Alerts>) =>
    answer.then(all.take, (thrown: unknown) => {
      notify(toApiError(thrown).message, "error");
      return load();
    });
  let meaning: string | null = null;
  const ends = [
    transport.onEvent("alert", (alert) => {
      const { title, message } = seen(alert);
      notify(message === "" ? title : `${title}. ${message}`, "warn");
      void load();
    }),
    transport.onEvent("alerts-updated", () => void load()),
    transport.onEvent("settings-changed", (settings) => {
      const key = meaningOf(settings);
      if (key !== meaning) void load();
      meaning = key;
    }),
  ];
  return {
    all,
    active: computed(() => (all.data.value?.current ?? []).filter((entry) => entry.status === "active")),
    load,
    snooze: (id, until) => change(transport.invoke("alerts.snooze", { id, until })),
    wake: (id) => change(transport.invoke("alerts.wake", { id })),
    dismiss: (id) => change(transport.invoke("alerts.dismiss", { id })),
    stop: () => ends.forEach((end) => end()),
  };
}

/** What of the settings the answer depends on. */
const meaningOf = ({ alerts, timezone, first_weekday, disabled_providers }: Settings): string => JSON.stringify([alerts, timezone, first_weekday, disabled_providers]);

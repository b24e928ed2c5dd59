/** Reading of the logs: its progress, asking for it, and asking for it again and again. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { toApiError, type Transport } from "../api/client";
import type { ScanStatus, Settings } from "../api/types";
import type { Notify } from "./notify";
import type { Reloader } from "./reload";

/** How often a running scan is looked at, should its events be lost. */
const WATCH_MS = 3_000;

/** The scan and how to start one. */
export interface Ingest {
  status: ReadonlySignal<ScanStatus>;
  /** True while a refresh runs that the user asked for. */
  busy: ReadonlySignal<boolean>;
  /** Reads the logs and then the figures of whatever is selected when the reading is done. */
  refresh(): Promise<void>;
  /** Takes over a status that came with another answer. */
  take(status: ScanStatus): void;
  stop(): void;
}

interface Parts {
  transport: Transport;
  reloader: Reloader;
  notify: Notify;
  settings: ReadonlySignal<Settings>;
  initial: ScanStatus;
}

/** Runs `action` every `everyMs` while the page can be seen; on return at once when a turn was missed. */
function whileVisible(everyMs: number, action: () => void): () => void {
  let last = Date.now();
  const turn = () => {
    if (document.hidden || Date.now() - last < everyMs - 50) return;
    last = Date.now();
    action();
  };
  const timer = setInterval(turn, everyMs);
  document.addEventListener("visibilitychange", turn);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", turn);
  };
}

/** Makes the scan's state and starts the auto refresh. */
export function createIngest({ transport, reloader, notify, settings, initial }: Parts): Ingest {
  const status = signal(initial);
  const busy = signal(false);
  let running: Promise<void> | null = null;

  const take = (next: ScanStatus) => {
    const ended = status.value.running && !next.running;
    status.value = next;
    if (ended || (next.running && next.first)) reloader.request();
  };
  const scan = async (quiet: boolean) => {
    try {
      take(await transport.invoke("ingest.refresh", { wait: true }));
      await reloader.now();
    } catch (thrown) {
      if (!quiet) notify(toApiError(thrown).message, "error");
    }
  };
  const start = (quiet: boolean): Promise<void> => {
    running ??= scan(quiet).finally(() => {
      running = null;
    });
    return running;
  };
  const look = () => transport.invoke("ingest.status", {}).then(take, () => undefined);

  const seconds = computed(() => settings.value.auto_refresh_seconds);
  const ends = [
    transport.onEvent("ingest-progress", take),
    effect(() => (seconds.value > 0 ? whileVisible(seconds.value * 1000, () => void start(true)) : undefined)),
    effect(() => (status.value.running ? whileVisible(WATCH_MS, () => void look()) : undefined)),
  ];
  return {
    status,
    busy,
    take,
    async refresh() {
      busy.value = true;
      // Only the user's own refresh asks the network; what is wrong with it is said where live limits are shown.
      if (settings.value.live_sources.length > 0) void transport.invoke("live.refresh", {}).catch(() => undefined);
      await start(false);
      busy.value = false;
    },
    stop: () => ends.forEach((end) => end()),
  };
}

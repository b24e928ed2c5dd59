/** Everything the page knows, put together once per start. */
import { computed, effect, signal, untracked, type ReadonlySignal } from "@preact/signals";
import { toApiError, type Transport } from "../api/client";
import type { AppState, Filter, Home, ProviderInfo, Settings } from "../api/types";
import { applyCurrency } from "../lib/currency";
import { applyPrivacy, seen } from "../lib/privacy";
import { createAlerts, type AlertsState } from "./alerts";
import { createDashboard, pageFilter, type DashboardState } from "./dashboard";
import { startClock } from "../lib/time";
import { createFilters, zoneOf, type Filters } from "./filters";
import { createIngest, type Ingest } from "./ingest";
import { createJobs, type Jobs } from "./jobs";
import type { Notify } from "./notify";
import { createOverlays, SETTINGS_TABS, type Overlays } from "./overlays";
import { createPrefs, type Prefs } from "./prefs";
import { createProjectNames, type ProjectNames } from "./projects";
import { createReloader, type Reloader } from "./reload";
import { createRouter, parseRoute, type Router } from "./routes";

const CLOCK_MS = 5_000;

/** The page's state and what can be done with it. */
export interface Store {
  transport: Transport;
  app: ReadonlySignal<AppState>;
  connected: ReadonlySignal<boolean>;
  prefs: Prefs;
  filters: Filters;
  /** The filter of the open page. */
  filter: ReadonlySignal<Filter | null>;
  router: Router;
  reloader: Reloader;
  dashboard: DashboardState;
  ingest: Ingest;
  jobs: Jobs;
  alerts: AlertsState;
  /** The zone of everything that is shown. */
  zone: ReadonlySignal<string>;
  overlays: Overlays;
  projects: ProjectNames;
  notify: Notify;
  provider(id: string): ProviderInfo | null;
  /** Shows another list of homes and reads the figures again. */
  setHomes(homes: Home[]): void;
  /** Enters or leaves the sample data. */
  setDemo(on: boolean): Promise<void>;
  /** Switches a provider on or off. */
  switchProvider(id: string, on: boolean): Promise<void>;
  /** Opens the folder of a home, else that of the one that is looked at. */
  openLogs(home?: number): Promise<void>;
  /** Shows a log file of a session in its folder. */
  revealLog(session: string, file: number): Promise<void>;
  stop(): void;
}

/** Reads everything again when the connection comes back. */
function followConnection(transport: Transport, onBack: () => void): { connected: ReadonlySignal<boolean>; end: () => void } {
  const connected = signal(true);
  const end = transport.onConnection((now) => {
    const back = now && !connected.value;
    connected.value = now;
    if (back) onBack();
  });
  return { connected, end };
}

/** Makes the state from the first answer of the backend; `notify` shows a passing message. */
export function createStore(transport: Transport, initial: AppState, notify: Notify): Store {
  const raw = signal(initial);
  const app = computed(() => seen(raw.value));
  const complain = (thrown: unknown) => notify(toApiError(thrown).message, "error");
  const prefs = createPrefs(transport, initial.settings, complain);
  const homeProvider = (id: number) => raw.value.homes.find((home) => home.id === id)?.provider ?? null;
  const filters = createFilters(prefs, homeProvider);
  const router = createRouter(firstPage(initial.settings), (page) => page !== "widget" && prefs.change({ page }));
  const reloader = createReloader();
  const { settings } = prefs;
  const ingest = createIngest({ transport, reloader, notify, settings, initial: initial.scan });
  const filter = computed(() => pageFilter(filters.filter.value, router.route.value, homeProvider));
  const dashboard = createDashboard({ transport, reloader, settings, filter, route: router.route });
  const projects = createProjectNames(transport, reloader);
  const overlays = createOverlays(initial.settings.settings_tab, (settings_tab) => prefs.change({ settings_tab }));
  const alerts = createAlerts(transport, notify);
  // They are worked out from the same days: beside the first figures they would only take their time.
  void dashboard.first.then(alerts.load);
  const connection = followConnection(transport, () => {
    reloader.request();
    void alerts.load();
  });

  // An answer that was asked for before a newer one was taken over says nothing any more.
  let version = 0;
  const adopt = (state: AppState) => {
    version += 1;
    raw.value = state;
    prefs.restore(state.settings);
    ingest.take(state.scan);
    dashboard.clear();
    void reloader.now();
    void alerts.load();
  };
  let newest = 0;
  const changeApp = async (write: () => Promise<AppState>) => {
    const mine = ++newest;
    // Of several quick clicks the last one is shown; those before it are only written.
    await prefs.inTurn(write).then((state) => mine === newest && adopt(state), complain);
  };
  // A backup holds what was just chosen, and a restore is not overruled by it.
  const jobs = createJobs(transport, prefs.flush, (job) => {
    if ((job.kind === "restore" || job.kind === "erase") && job.state === "done") void transport.invoke("app.state", {}).then(adopt, complain);
    // Its own tab shows it already.
    if (job.state === "cancelled" || overlays.settings.peek() === (job.kind === "check" ? "diagnostics" : "storage")) return;
    if (job.error) notify(job.error.message, "error");
    else if (job.result) notify(job.result.message, "ok");
  });
  // What a scan found in the folders: how many files, whether they are there at all, and what that means for a provider.
  let looks = 0;
  const lookAt = async () => {
    if (raw.value.demo) return;
    const asked = version;
    const mine = ++looks;
    const [{ homes }, { providers: sources }] = await Promise.all([transport.invoke("homes.list", {}), transport.invoke("providers.list", {})]);
    // Of several looks the newest is right.
    if (asked !== version || mine !== looks || raw.value.demo) return;
    const providers = raw.value.providers.map((info) => ({ ...info, status: sources.find((source) => source.id === info.id)?.status ?? info.status }));
    raw.value = { ...raw.value, homes, providers };
  };
  const look = () => void lookAt().catch(() => undefined);
  let wasReading = initial.scan.running;
  const ends = [
    transport.onEvent("ingest-progress", (scan) => {
      // The figures come first: a line that was just written is waited for.
      if (!scan.running) void reloader.settled().then(look);
      else if (scan.first && !wasReading) look();
      wasReading = scan.running;
    }),
    transport.onEvent("usage-updated", () => reloader.request()),
    transport.onEvent("limits-updated", () => reloader.request()),
    transport.onEvent("settings-changed", prefs.restore),
    effect(() => applyShown(settings.value)),
    () => applyShown({ ...settings.peek(), currency_sign: "$", currency_rate: "1", privacy: false }),
    transport.onEvent("navigate", ({ page, settings: tab }) => {
      const asked = page === null ? null : parseRoute(page);
      if (asked) {
        overlays.settings.value = null;
        router.go(asked);
      }
      if (tab !== null) overlays.openSettings(SETTINGS_TABS.find((known) => known === tab));
    }),
    alerts.stop,
    saveOnLeaving(prefs),
    watchRereads(prefs, () => reloader.request()),
    connection.end,
    ingest.stop,
    jobs.stop,
    dashboard.stop,
    router.stop,
    projects.stop,
    reloader.stop,
    startClock(CLOCK_MS),
  ];
  return {
    transport,
    app,
    connected: connection.connected,
    prefs,
    filters,
    filter,
    router,
    reloader,
    dashboard,
    ingest,
    jobs,
    alerts,
    zone: computed(() => dashboard.data.value?.range.timezone ?? zoneOf(settings.value)),
    overlays,
    projects,
    notify,
    provider: (id) => app.value.providers.find((provider) => provider.id === id) ?? null,
    setHomes(homes) {
      version += 1;
      raw.value = { ...raw.value, homes };
      look(); // a scan may have ended before the list was taken over that came with the change
      const { home } = prefs.settings.value;
      if (home !== null && !homes.some((each) => each.id === home && each.active)) prefs.change({ home: null });
      reloader.request();
    },
    async switchProvider(id, on) {
      await changeApp(() => transport.invoke("providers.switch", { id, on }));
      const route = router.route.value;
      if (route.name === "provider" && route.id === id && app.value.providers.some((info) => info.id === id && !info.on)) router.go({ name: "overview" });
    },
    async setDemo(on) {
      await changeApp(() => transport.invoke("demo.set", { on }));
    },
    async openLogs(chosen) {
      const tell = (path: string, opened: boolean) => {
        if (!opened) notify(`No file manager was found. The logs are in ${path}`);
      };
      const home = chosen ?? prefs.settings.value.home;
      await transport.invoke("logs.open", { home }).then((answer) => tell(answer.path, answer.opened), complain);
    },
    async revealLog(session, file) {
      const tell = (folder: string, opened: boolean) => {
        if (!opened) notify(`No file manager was found. The folder is ${folder}`);
      };
      await transport.invoke("session.reveal", { session, file }).then((answer) => tell(answer.path, answer.opened), complain);
    },
    stop: () => ends.forEach((end) => end()),
  };
}

/** How amounts and names are shown is a matter of the whole page. */
function applyShown(settings: Settings): void {
  applyCurrency(settings.currency_sign, settings.currency_rate);
  applyPrivacy(settings.privacy);
}

const firstPage = (settings: Settings): string => (settings.start_page === "last" ? settings.page : "overview");

/** Saves what waits when the page is left, or loses the focus. */
function saveOnLeaving({ flush, leave }: Prefs): () => void {
  const save = () => void flush();
  window.addEventListener("blur", save);
  window.addEventListener("pagehide", leave);
  return () => {
    window.removeEventListener("blur", save);
    window.removeEventListener("pagehide", leave);
  };
}

/** Reads the figures again when a saved setting changes what they mean. */
function watchRereads(prefs: Prefs, reload: () => void): () => void {
  let last: string | null = null;
  return effect(() => {
    const { active_minutes, timezone, first_weekday } = prefs.saved.value;
    const now = JSON.stringify([active_minutes, timezone, first_weekday]);
    if (last !== null && last !== now) untracked(reload);
    last = now;
  });
}

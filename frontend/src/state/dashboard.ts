/** The figures of the overview or of a provider's page: one call, asked again whenever what is selected changes. */
import { computed, effect, untracked, type ReadonlySignal } from "@preact/signals";
import type { Transport } from "../api/client";
import type { Dashboard, DashboardRequest, Filter, Settings } from "../api/types";
import { bucketOf, dimensionOf } from "./filters";
import type { Reloader } from "./reload";
import { createResource, type Resource } from "./resource";
import type { Route } from "./routes";

/** The page's figures. */
export interface DashboardState extends Omit<Resource<DashboardRequest, Dashboard>, "load"> {
  /** Asks again for what is selected now. */
  reload(): Promise<void>;
  /** When the first figures are there, or what is wrong with them; at once on a page without any. */
  first: Promise<void>;
  stop(): void;
}

interface Parts {
  transport: Transport;
  reloader: Reloader;
  settings: ReadonlySignal<Settings>;
  filter: ReadonlySignal<Filter | null>;
  route: ReadonlySignal<Route>;
}

const REMEMBERED = 12;

/** The filter of the open page: on a provider's page it is that provider's, with a home only if it is its own; the widget's is today. */
export function pageFilter(filter: Filter | null, route: Route, homeProvider: (id: number) => string | null): Filter | null {
  if (route.name === "widget") return { range: "today", provider: null, home: null };
  if (filter === null || route.name !== "provider") return filter;
  const home = filter.home ?? null;
  return { ...filter, provider: route.id, home: home !== null && homeProvider(home) === route.id ? home : null };
}

/** What a page asks for; null where it shows no dashboard or the range is not complete. */
export function dashboardRequest(settings: Settings, filter: Filter | null, route: Route): DashboardRequest | null {
  if (filter !== null && route.name === "widget") return { ...filter, bucket: null, stack: "provider", breakdown: "provider" };
  if (filter === null || (route.name !== "overview" && route.name !== "provider")) return null;
  const breakdown = dimensionOf(settings.breakdown);
  return { ...filter, bucket: bucketOf(settings), stack: dimensionOf(settings.stack), breakdown };
}

/** Makes the figures and keeps them to what is selected. */
export function createDashboard(parts: Parts): DashboardState {
  const { transport, reloader, settings, filter, route } = parts;
  const resource = createResource<DashboardRequest, Dashboard>({
    fetch: (request) => transport.invoke("dashboard.get", request),
    scope: (request) => JSON.stringify([request.provider ?? null, request.home ?? null]),
    remember: REMEMBERED,
  });
  const request = computed(() => dashboardRequest(settings.value, filter.value, route.value));
  const key = computed(() => (request.value === null ? null : JSON.stringify(request.value)));
  const reload = async () => {
    const wanted = request.peek();
    if (wanted !== null) await resource.load(wanted);
  };
  let first = Promise.resolve();
  const ends = [
    reloader.add(reload),
    effect(() => {
      if (key.value !== null) first = untracked(reload);
    }),
  ];
  return { ...resource, reload, first, stop: () => ends.forEach((end) => end()) };
}

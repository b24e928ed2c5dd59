/** Paged lists whose life is that of a view. */
import { computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { EventsPage, Filter, SessionsPage, SessionsRequest } from "../../api/types";
import { useStore } from "../../state/context";
import { createPaged, type Paged } from "../../state/paging";
import type { Store } from "../../state/store";

/** What can be chosen for a list of responses. */
export interface EventsOptions {
  model: string | null;
  session: string | null;
}

/** What can be chosen for a list of sessions. */
export type SessionsOptions = Required<Pick<SessionsRequest, "search" | "sort" | "descending" | "project">>;

const EVENTS_PER_PAGE = 20;
const SESSIONS_PER_PAGE = 50;
const ALL_TIME: ReadonlySignal<Filter> = computed(() => ({ range: "alltime" }));

function useStopped<P extends { stop(): void }>(paged: P): P {
  useEffect(() => () => paged.stop(), [paged]);
  return paged;
}

/** What the settings keep of a model's name, at most. */
const LONGEST_KEPT = 400;

/** The responses of the page's filter, or all of one session. */
export function useEvents(session: string | null): Paged<EventsOptions, EventsPage> {
  const { transport, reloader, filter, prefs } = useStore();
  return useStopped(
    useMemo(
      () =>
        createPaged<EventsOptions, EventsPage>({
          filter: session === null ? filter : ALL_TIME,
          reloader,
          options: { model: session === null ? prefs.settings.peek().events_model : null, session },
          remember: ({ model }) => session === null && prefs.change({ events_model: model !== null && model.length > LONGEST_KEPT ? null : model }),
          limit: EVENTS_PER_PAGE,
          fetch: (request) => transport.invoke("events.list", request),
        }),
      [transport, reloader, filter, prefs, session],
    ),
  );
}

/** The list of sessions, and whether it goes over all time instead of the page's range. */
export interface SessionList extends Paged<SessionsOptions, SessionsPage> {
  everything: Signal<boolean>;
}

interface Kept {
  options: SessionsOptions;
  everything: boolean;
  at: string | null;
}

/** Where each store's list was left, for the way back from a session. */
const kept = new WeakMap<Store, Kept>();

/** How the list begins: all of it, in the order of the settings. */
const fresh = ({ prefs }: Store): Kept => {
  const { sessions_sort: sort, sessions_descending: descending } = prefs.settings.peek();
  return { options: { search: "", sort, descending, project: null }, everything: false, at: null };
};

function createSessionList(store: Store): SessionList {
  const left = kept.get(store) ?? fresh(store);
  const everything = signal(left.everything);
  const filter = computed<Filter | null>(() => {
    const one = store.filter.value;
    return one !== null && everything.value ? { ...one, range: "alltime", start: null, end: null } : one;
  });
  const paged = createPaged<SessionsOptions, SessionsPage>({
    filter,
    reloader: store.reloader,
    options: left.options,
    remember: ({ sort, descending }) => store.prefs.change({ sessions_sort: sort, sessions_descending: descending }),
    at: left.at,
    limit: SESSIONS_PER_PAGE,
    fetch: (request) => store.transport.invoke("sessions.list", request),
  });
  const end = effect(() => void kept.set(store, { options: paged.options.value, everything: everything.value, at: paged.at.value }));
  const stop = () => [end, paged.stop].forEach((one) => one());
  return { ...paged, everything, stop };
}

/** Has the list of sessions begin with those of one project. */
export function chooseProject(store: Store, project: string): void {
  const left = kept.get(store) ?? fresh(store);
  kept.set(store, { ...left, options: { ...left.options, search: "", project }, at: null });
}

/** The sessions of the page's filter. */
export function useSessions(): SessionList {
  const store = useStore();
  return useStopped(useMemo(() => createSessionList(store), [store]));
}

const LATEST = 6;

/** The latest sessions of the page's filter, a few at a time. */
export function useLatestSessions(): Paged<SessionsOptions, SessionsPage> {
  const store = useStore();
  return useStopped(
    useMemo(
      () =>
        createPaged<SessionsOptions, SessionsPage>({
          filter: store.filter,
          reloader: store.reloader,
          options: { search: "", sort: "last_seen", descending: true, project: null },
          limit: LATEST,
          fetch: (request) => store.transport.invoke("sessions.list", request),
        }),
      [store],
    ),
  );
}

/** Paged lists whose life is that of a view. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { EventsPage, Filter, SessionsPage, SessionsRequest } from "../../api/types";
import { useStore } from "../../state/context";
import { createPaged, type Paged } from "../../state/paging";

/** What can be chosen for a list of responses. */
export interface EventsOptions {
  model: string | null;
  session: string | null;
}

/** What can be chosen for a list of sessions. */
export type SessionsOptions = Required<Pick<SessionsRequest, "search" | "sort" | "descending">>;

const EVENTS_PER_PAGE = 20;
const SESSIONS_PER_PAGE = 50;
const ALL_TIME: ReadonlySignal<Filter> = computed(() => ({ range: "alltime" }));

function useStopped<P extends { stop(): void }>(paged: P): P {
  useEffect(() => () => paged.stop(), [paged]);
  return paged;
}

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
          remember: ({ model }) => session === null && prefs.change({ events_model: model }),
          limit: EVENTS_PER_PAGE,
          fetch: (request) => transport.invoke("events.list", request),
        }),
      [transport, reloader, filter, prefs, session],
    ),
  );
}

/** The sessions of the page's filter. */
export function useSessions(): Paged<SessionsOptions, SessionsPage> {
  const { transport, reloader, filter, prefs, search } = useStore();
  return useStopped(
    useMemo(
      () =>
        createPaged<SessionsOptions, SessionsPage>({
          filter,
          reloader,
          options: { search: search.peek(), sort: prefs.settings.peek().sessions_sort, descending: prefs.settings.peek().sessions_descending },
          remember(options) {
            search.value = options.search;
            prefs.change({ sessions_sort: options.sort, sessions_descending: options.descending });
          },
          limit: SESSIONS_PER_PAGE,
          fetch: (request) => transport.invoke("sessions.list", request),
        }),
      [transport, reloader, filter, prefs, search],
    ),
  );
}

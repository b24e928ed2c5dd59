/** The answers that a session's page needs, read again with everything else. */
import { useEffect, useMemo } from "preact/hooks";
import type { EventsPage, EventsRequest, SessionDetail, SessionRequest } from "../../api/types";
import { useStore } from "../../state/context";
import { createResource, type Resource } from "../../state/resource";

function useLoaded<R, T>(resource: Resource<R, T>, request: R): void {
  const { reloader } = useStore();
  const key = JSON.stringify(request);
  useEffect(() => {
    const load = () => resource.load(request);
    void load();
    return reloader.add(load);
    // The key stands for the request, which is a new object on every drawing.
  }, [resource, reloader, key]);
}

/** All about a session. */
export function useDetail(id: string): Resource<SessionRequest, SessionDetail> {
  const { transport } = useStore();
  const resource = useMemo(() => createResource<SessionRequest, SessionDetail>({ fetch: (request) => transport.invoke("session.get", request) }), [transport]);
  useLoaded(resource, { id });
  return resource;
}

/** How many responses the context chart looks at. */
export const CHART_RESPONSES = 200;

/** The newest responses of a session, for the chart of its context. */
export function useResponses(id: string): Resource<EventsRequest, EventsPage> {
  const { transport } = useStore();
  const resource = useMemo(() => createResource<EventsRequest, EventsPage>({ fetch: (request) => transport.invoke("events.list", request) }), [transport]);
  useLoaded(resource, { range: "alltime", session: id, offset: 0, limit: CHART_RESPONSES });
  return resource;
}

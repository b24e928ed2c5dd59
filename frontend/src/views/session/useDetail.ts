/** The answers that a session's page needs, read again with everything else. */
import { useEffect, useMemo } from "preact/hooks";
import type { SessionDetail, SessionRequest, Timeline } from "../../api/types";
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

/** All responses of a session over time, few enough to draw. */
export function useTimeline(id: string): Resource<SessionRequest, Timeline> {
  const { transport } = useStore();
  const resource = useMemo(() => createResource<SessionRequest, Timeline>({ fetch: (request) => transport.invoke("session.timeline", request) }), [transport]);
  useLoaded(resource, { id });
  return resource;
}

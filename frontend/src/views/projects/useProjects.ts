/** The projects of the page's filter, asked again whenever it or the figures change. */
import { useEffect, useMemo } from "preact/hooks";
import type { Projects, ProjectsRequest } from "../../api/types";
import { useStore } from "../../state/context";
import { createResource, type Resource } from "../../state/resource";

/** The answer, its state, and how to ask again. */
export type ProjectList = Resource<ProjectsRequest, Projects> & { reload: () => void };

/** Loads the projects. */
export function useProjects(): ProjectList {
  const { transport, reloader, filter } = useStore();
  const resource = useMemo(() => createResource<ProjectsRequest, Projects>({ fetch: (request) => transport.invoke("projects.list", request) }), [transport]);
  const wanted = filter.value;
  const key = JSON.stringify(wanted);
  const load = () => (wanted === null ? Promise.resolve() : resource.load(wanted));
  useEffect(() => {
    void load();
    return reloader.add(load);
  }, [resource, reloader, key]);
  return { ...resource, reload: () => void load() };
}

/** One provider by itself, asked again whenever the page's filter or the figures change. */
import { useEffect, useMemo } from "preact/hooks";
import type { ProviderDetail, ProviderRequest } from "../../api/types";
import { useStore } from "../../state/context";
import { createResource, type Resource } from "../../state/resource";

/** The detail of a provider and its state. */
export function useProvider(id: string): Pick<Resource<ProviderRequest, ProviderDetail>, "data" | "error" | "loading" | "outdated"> & { reload: () => void } {
  const { transport, reloader, filter, prefs } = useStore();
  const resource = useMemo(
    () =>
      createResource<ProviderRequest, ProviderDetail>({
        fetch: (request) => transport.invoke("provider.get", request),
        scope: (request) => JSON.stringify([request.provider, request.home ?? null]),
      }),
    [transport],
  );
  const wanted = filter.value;
  const key = JSON.stringify([id, wanted]);
  const load = () => (wanted === null ? Promise.resolve() : resource.load({ ...wanted, provider: id }));
  useEffect(() => {
    void load();
    return reloader.add(load);
  }, [resource, reloader, prefs, key]);
  return { ...resource, reload: () => void load() };
}

/** The program's page: loads the first answer, then draws the frame and the page that is open. */
import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { toApiError, type ApiError, type Transport } from "./api/client";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { showToast } from "./components/toaster";
import { StoreContext } from "./state/context";
import { createStore, type Store } from "./state/store";
import { BootState } from "./views/frame/BootState";
import { Frame } from "./views/frame/Frame";

/** What is known at the start. */
interface Boot {
  store: Store | null;
  error: ApiError | null;
}

function createBoot(transport: Transport) {
  const boot = signal<Boot>({ store: null, error: null });
  const load = async () => {
    boot.value = { store: null, error: null };
    try {
      const state = await transport.invoke("app.state", {});
      boot.value = { store: createStore(transport, state, showToast), error: null };
    } catch (thrown) {
      boot.value = { store: null, error: toApiError(thrown) };
    }
  };
  return { boot, load };
}

/** The whole page over one transport. */
export function App({ transport }: { transport: Transport }) {
  const { boot, load } = useMemo(() => createBoot(transport), [transport]);
  useEffect(() => {
    void load();
    return () => boot.peek().store?.stop();
  }, [boot, load]);

  const { store, error } = boot.value;
  if (store === null) return <BootState error={error} onRetry={() => void load()} />;
  return (
    <StoreContext.Provider value={store}>
      <ErrorBoundary title="Tokendial could not be drawn">
        <Frame />
      </ErrorBoundary>
    </StoreContext.Provider>
  );
}

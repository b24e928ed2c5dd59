/** Gives every view the one store of the page. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Store } from "./store";

/** Where the store is found. */
export const StoreContext = createContext<Store | null>(null);

/** The store of the page. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("A view was drawn outside of the store's context.");
  return store;
}

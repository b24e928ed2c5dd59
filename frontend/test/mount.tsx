/** Draws the page or a view on fixtures. */
import { render, type RenderResult } from "@testing-library/preact";
import type { ComponentChildren } from "preact";
import { vi } from "vitest";
import { App } from "../src/app";
import type { AppState } from "../src/api/types";
import { StoreContext } from "../src/state/context";
import { createStore, type Store } from "../src/state/store";
import { createFakeTransport, type FakeTransport } from "./fake";
import { appState } from "./fixtures/app";

/** A drawn view with what it stands on. */
export interface Mounted extends RenderResult {
  store: Store;
  transport: FakeTransport;
}

/** Lets answers arrive and drawings happen. */
export const settle = async (turns = 6): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
};

/** Draws a view within a store of its own. */
export async function mount(view: ComponentChildren, setUp: (transport: FakeTransport) => void = () => undefined, part: Partial<AppState> = {}): Promise<Mounted> {
  const transport = createFakeTransport();
  setUp(transport);
  const store = createStore(transport, { ...appState, ...part }, vi.fn());
  const result = render(<StoreContext.Provider value={store}>{view}</StoreContext.Provider>);
  await settle();
  return { ...result, store, transport };
}

/** Draws the whole page. */
export async function mountApp(setUp: (transport: FakeTransport) => void = () => undefined): Promise<RenderResult & { transport: FakeTransport }> {
  const transport = createFakeTransport();
  setUp(transport);
  const result = render(<App transport={transport} />);
  await settle();
  return { ...result, transport };
}

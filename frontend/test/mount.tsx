/** Draws the page or a view on fixtures. */
import { render, type RenderResult } from "@testing-library/preact";
import type { ComponentChildren, VNode } from "preact";
import { onTestFinished, vi } from "vitest";
import { App } from "../src/app";
import type { AppState } from "../src/api/types";
import { StoreContext } from "../src/state/context";
import { createStore, type Store } from "../src/state/store";
import { createFakeTransport, type FakeTransport } from "./fake";
import { appState, NOW } from "./fixtures/app";

/** A drawn view with what it stands on. */
export interface Mounted extends RenderResult {
  store: Store;
  transport: FakeTransport;
  /** The same store around another drawing of the view. */
  Again: (props: { children: ComponentChildren }) => VNode;
}

const TURNS = 6;
const TURN_MS = 8;

/** Lets answers arrive, drawings happen, and effects that follow a drawing run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setTimeout(resolve, TURN_MS));
}

/** The fixtures' moment is the present; timers stay real. */
const stopClock = () => vi.useFakeTimers({ toFake: ["Date"], now: NOW });

/** Draws a view within a store of its own. */
export async function mount(view: ComponentChildren, setUp: (transport: FakeTransport) => void = () => undefined, part: Partial<AppState> = {}): Promise<Mounted> {
  stopClock();
  const transport = createFakeTransport();
  setUp(transport);
  const store = createStore(transport, { ...appState, ...part }, vi.fn());
  onTestFinished(store.stop);
  const Again = ({ children }: { children: ComponentChildren }) => <StoreContext.Provider value={store}>{children}</StoreContext.Provider>;
  const result = render(<Again>{view}</Again>);
  await settle();
  return { ...result, store, transport, Again };
}

/** Draws the whole page. */
export async function mountApp(setUp: (transport: FakeTransport) => void = () => undefined): Promise<RenderResult & { transport: FakeTransport }> {
  stopClock();
  const transport = createFakeTransport();
  setUp(transport);
  const result = render(<App transport={transport} />);
  onTestFinished(async () => {
    result.unmount();
    await settle();
  });
  await settle();
  return { ...result, transport };
}

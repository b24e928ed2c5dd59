import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeTransport, type FakeTransport } from "../../test/fake";
import { appState, scanDone } from "../../test/fixtures/app";
import { makeDashboard } from "../../test/fixtures/dashboard";
import type { Dashboard, ScanStatus, Settings } from "../api/types";
import { createStore, type Store } from "./store";

let transport: FakeTransport;
let store: Store;

const start = (part: Partial<Settings> = {}): Store => {
  let settings: Settings = { ...appState.settings, ...part };
  transport.answer("settings.set", ({ values }) => (settings = { ...settings, ...values }));
  store = createStore(transport, { ...appState, settings: { ...appState.settings, ...part } }, vi.fn());
  return store;
};
const loads = () => transport.requests("dashboard.get").length;
const hide = (hidden: boolean) => {
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.useFakeTimers();
  transport = createFakeTransport();
});
afterEach(() => {
  store.stop();
  hide(false);
});

describe("the dashboard", () => {
  it("is asked for once at the start, with the stored choice", async () => {
    start({ range: "thismonth", bucket: "week", stack: "project" });
    await vi.advanceTimersByTimeAsync(5000);
    expect(transport.requests("dashboard.get")).toEqual([
      { range: "thismonth", provider: null, home: null, bucket: "week", stack: "project", breakdown: "model" },
    ]);
  });

  it("is asked for again at once when the choice changes, and not for what only looks different", async () => {
    start();
    store.prefs.change({ range: "today" });
    store.prefs.change({ theme: "dark", trend_metric: "tokens" });
    expect(loads()).toBe(2);
  });

  it("is that of the provider on a provider's page, with its own home only", async () => {
    start({ home: 2, provider: null });
    store.router.go({ name: "provider", id: "codex" });
    expect(transport.requests("dashboard.get").at(-1)).toMatchObject({ provider: "codex", home: null });
    store.router.go({ name: "provider", id: "claude" });
    expect(transport.requests("dashboard.get").at(-1)).toMatchObject({ provider: "claude", home: 2 });
  });
});

describe("alerts", () => {
  const alerts = () => transport.requests("alerts.get").length;

  it("are asked for when the first figures are there, whatever comes of them", async () => {
    let refuse = (_: Error) => {};
    transport.answer("dashboard.get", () => new Promise<Dashboard>((_, reject) => (refuse = reject)));
    start();
    await vi.advanceTimersByTimeAsync(1000);
    expect(alerts()).toBe(0);
    refuse(new Error("no"));
    await vi.advanceTimersByTimeAsync(0);
    expect(alerts()).toBe(1);
  });

  it("are asked for at once where no figures are", async () => {
    start({ page: "sessions" });
    await vi.advanceTimersByTimeAsync(0);
    expect(loads()).toBe(0);
    expect(alerts()).toBe(1);
  });
});

describe("refresh", () => {
  it("reads the figures of the range that is chosen when it is done (W34)", async () => {
    start();
    let finish = (_: ScanStatus) => {};
    transport.answer("ingest.refresh", () => new Promise((resolve) => (finish = resolve)));
    const done = store.ingest.refresh();
    store.prefs.change({ range: "today" });
    finish(scanDone);
    await done;
    expect(transport.requests("dashboard.get").map((request) => (request as { range: string }).range)).toEqual(["last7days", "today", "today"]);
  });

  it("never lets a reload of the old range replace the new one (W34)", async () => {
    const answers: ((data: Dashboard) => void)[] = [];
    transport.answer("dashboard.get", () => new Promise((resolve) => answers.push(resolve)));
    start();
    store.prefs.change({ range: "today" });
    answers[1]?.(makeDashboard({ generated_at_ms: 2 }));
    await vi.advanceTimersByTimeAsync(0);
    answers[0]?.(makeDashboard({ generated_at_ms: 1 }));
    await vi.advanceTimersByTimeAsync(0);
    expect(store.dashboard.data.value?.generated_at_ms).toBe(2);
  });

  it("runs once however often it is asked for, and spins only for the user", async () => {
    start({ auto_refresh_seconds: 15 });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(transport.requests("ingest.refresh")).toHaveLength(1);
    let finish = (_: ScanStatus) => {};
    transport.answer("ingest.refresh", () => new Promise((resolve) => (finish = resolve)));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(store.ingest.busy.value).toBe(false);
    const done = store.ingest.refresh();
    expect(store.ingest.busy.value).toBe(true);
    finish(scanDone);
    await done;
    expect(transport.requests("ingest.refresh")).toHaveLength(2);
    expect(store.ingest.busy.value).toBe(false);
  });

  it("keeps its rhythm when other settings change, and stops when it is off", async () => {
    start({ auto_refresh_seconds: 30 });
    await vi.advanceTimersByTimeAsync(20_000);
    store.prefs.change({ range: "today" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(transport.requests("ingest.refresh")).toHaveLength(1);
    store.prefs.change({ auto_refresh_seconds: 0 });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(transport.requests("ingest.refresh")).toHaveLength(1);
  });
});

describe("pushed events", () => {
  it("reload at once when idle, then at most once a second", async () => {
    start();
    await vi.advanceTimersByTimeAsync(2000);
    for (let turn = 0; turn < 10; turn += 1) transport.push("usage-updated", {});
    expect(loads()).toBe(2);
    await vi.advanceTimersByTimeAsync(3000);
    expect(loads()).toBe(3);
  });

  it("wait while the page is hidden", async () => {
    start({ auto_refresh_seconds: 15 });
    await vi.advanceTimersByTimeAsync(0);
    hide(true);
    transport.push("usage-updated", {});
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loads()).toBe(1);
    expect(transport.requests("ingest.refresh")).toHaveLength(0);
    hide(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(loads()).toBeGreaterThan(1);
    expect(transport.requests("ingest.refresh")).toHaveLength(1);
  });

  it("show a scan's progress and read the figures when it ends", async () => {
    start();
    await vi.advanceTimersByTimeAsync(2000);
    transport.push("ingest-progress", { ...scanDone, running: true });
    expect(store.ingest.status.value.running).toBe(true);
    expect(loads()).toBe(1);
    transport.push("ingest-progress", scanDone);
    expect(loads()).toBe(2);
  });

  it("are replaced by looking when a running scan's end is never told", async () => {
    start();
    transport.push("ingest-progress", { ...scanDone, running: true });
    await vi.advanceTimersByTimeAsync(3100);
    expect(transport.requests("ingest.status")).toHaveLength(1);
    expect(store.ingest.status.value.running).toBe(false);
  });
});

describe("leaving the page", () => {
  it.each(["pagehide", "blur"])("saves what was chosen a moment ago (%s)", (name) => {
    start();
    store.prefs.change({ range: "today" });
    expect(transport.requests("settings.set")).toEqual([]);
    window.dispatchEvent(new Event(name));
    return Promise.resolve().then(() => expect(transport.requests("settings.set")).toEqual([{ values: { range: "today" } }]));
  });
});

describe("connection and sample data", () => {
  it("reads everything again when the connection comes back", async () => {
    start();
    await vi.advanceTimersByTimeAsync(2000);
    transport.setConnected(false);
    expect(store.connected.value).toBe(false);
    transport.setConnected(true);
    expect(loads()).toBe(2);
  });

  it("enters and leaves the sample data with one call each", async () => {
    start();
    await store.setDemo(true);
    expect(store.app.value.demo).toBe(true);
    await store.setDemo(false);
    expect(store.app.value.demo).toBe(false);
    expect(transport.requests("demo.set")).toEqual([{ on: true }, { on: false }]);
  });

  it("reads again after a setting that changes what figures mean was saved", async () => {
    start();
    await vi.advanceTimersByTimeAsync(2000);
    await store.prefs.save({ timezone: "Asia/Tokyo" });
    expect(loads()).toBe(2);
  });
});

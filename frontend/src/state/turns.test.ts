/** Quick clicks on settings: written in their order, and the last one is what the page shows. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeTransport, type FakeTransport } from "../../test/fake";
import { appState, homes, makeStatus } from "../../test/fixtures/app";
import type { AppState, Settings } from "../api/types";
import { createStore, type Store } from "./store";

let transport: FakeTransport;
let store: Store;
const settle = () => vi.advanceTimersByTimeAsync(0);
const on = (id: string) => store.provider(id)?.on;
const switched = (id: string, value: boolean): AppState => ({
  ...appState,
  providers: appState.providers.map((info) => (info.id === id ? { ...info, on: value } : info)),
  settings: { ...appState.settings, disabled_providers: value ? [] : [id] },
});

beforeEach(() => {
  vi.useFakeTimers();
  transport = createFakeTransport();
  store = createStore(transport, appState, vi.fn());
});
afterEach(() => store.stop());

describe("quick clicks on a provider's switch", () => {
  it("are sent one after the other, and the last one holds", async () => {
    const waiting: (() => void)[] = [];
    transport.answer("providers.switch", ({ id, on: value }) => new Promise((resolve) => waiting.push(() => resolve(switched(id, value)))));
    const done = [store.switchProvider("codex", false), store.switchProvider("codex", true), store.switchProvider("codex", false)];
    await settle();
    expect(transport.requests("providers.switch")).toHaveLength(1);
    for (let turn = 0; turn < 3; turn += 1) {
      waiting[turn]?.();
      await settle();
      // Between the clicks nothing of an older one is shown.
      expect(on("codex")).toBe(turn < 2);
    }
    await Promise.all(done);
    expect(transport.requests("providers.switch")).toEqual([
      { id: "codex", on: false },
      { id: "codex", on: true },
      { id: "codex", on: false },
    ]);
    expect(store.prefs.settings.value.disabled_providers).toEqual(["codex"]);
  });

  it("goes on after one that failed", async () => {
    let fail = true;
    transport.answer("providers.switch", ({ id, on: value }) => {
      if (fail) throw new Error("no");
      return switched(id, value);
    });
    await store.switchProvider("codex", false);
    fail = false;
    await store.switchProvider("claude", false);
    expect([on("codex"), on("claude")]).toEqual([true, false]);
  });

  it("leaves the page of another provider open", async () => {
    store.router.go({ name: "provider", id: "claude" });
    transport.answer("providers.switch", ({ id, on: value }) => switched(id, value));
    await store.switchProvider("codex", false);
    expect(store.router.route.value).toEqual({ name: "provider", id: "claude" });
    await store.switchProvider("claude", false);
    expect(store.router.route.value).toEqual({ name: "overview" });
  });

  it("is not undone by a look at the folders that was begun before", async () => {
    let answer = (_: { providers: never[] }) => {};
    transport.answer("providers.list", () => new Promise((resolve) => (answer = resolve)));
    transport.answer("providers.switch", ({ id, on: value }) => ({ ...switched(id, value), homes: [] }));
    transport.push("ingest-progress", appState.scan);
    await store.switchProvider("codex", false);
    answer({ providers: [] });
    await settle();
    expect(on("codex")).toBe(false);
    expect(store.app.value.homes).toEqual([]);
  });
});

describe("settings that the backend must take first", () => {
  it("are answered in their order", async () => {
    const waiting: (() => void)[] = [];
    let kept: Settings = appState.settings;
    transport.answer("settings.set", ({ values }) => new Promise((resolve) => waiting.push(() => resolve((kept = { ...kept, ...values })))));
    const first = store.prefs.save({ active_minutes: 5 });
    const second = store.prefs.save({ active_minutes: 90 });
    await settle();
    expect(waiting).toHaveLength(1);
    waiting[0]?.();
    await settle();
    waiting[1]?.();
    await Promise.all([first, second]);
    expect(store.prefs.saved.value.active_minutes).toBe(90);
  });
});

describe("the status of the providers", () => {
  it("follows every scan", async () => {
    transport.answer("providers.list", () => ({
      providers: appState.providers.map((info) => ({ ...info, reads: "", docs_url: "", looked_at: [], homes: 1, homes_read: 1, files: 0, last_seen_ms: null, limits: "", status_line: null, status: makeStatus({ state: "error", word: "Error" }) })),
    }));
    transport.push("ingest-progress", appState.scan);
    await settle();
    expect(store.app.value.providers.map((info) => info.status.state)).toEqual(["error", "error", "error"]);
  });
});

describe("looks at the homes", () => {
  it("keep what a later one found, whichever is answered last", async () => {
    const slow: (() => void)[] = [];
    const old = homes.map((home) => ({ ...home, files: 0 }));
    const fresh = homes.map((home) => ({ ...home, files: 7 }));
    const sources = await transport.invoke("providers.list", {});
    transport.answer("providers.list", () => new Promise((resolve) => slow.push(() => resolve(sources))));
    transport.answer("homes.list", () => ({ homes: fresh }));
    store.setHomes(old);
    transport.push("ingest-progress", appState.scan);
    await settle();
    slow[1]?.();
    await settle();
    slow[0]?.();
    await settle();
    expect(store.app.value.homes.map((home) => home.files)).toEqual(fresh.map((home) => home.files));
  });

  it("come after the figures", async () => {
    const board = await transport.invoke("dashboard.get", { range: "today" });
    let answer = () => {};
    transport.answer("dashboard.get", () => new Promise((resolve) => (answer = () => resolve(board))));
    const looks = () => transport.requests("homes.list").length;
    await vi.advanceTimersByTimeAsync(1000);
    answer();
    await settle();
    transport.push("ingest-progress", { ...appState.scan, running: true, first: false });
    await settle();
    expect(looks()).toBe(0);
    transport.push("usage-updated", {});
    transport.push("ingest-progress", { ...appState.scan, running: false, first: false });
    await settle();
    expect(looks()).toBe(0);
    answer();
    await settle();
    expect(looks()).toBe(1);
  });

  it("are taken at once when the first reading begins", async () => {
    transport.push("ingest-progress", { ...appState.scan, running: true, first: true });
    await settle();
    expect(transport.requests("homes.list")).toHaveLength(1);
  });
});

import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { mount, settle } from "../../../test/mount";
import { makeDashboard } from "../../../test/fixtures/dashboard";
import { makeEvents } from "../../../test/fixtures/sessions";
import { playScene } from "../../../test/scenes";
import { ApiError } from "../../api/client";
import { OverviewPage } from "./OverviewPage";

const scene = (name: string) => mount(<OverviewPage />, (transport) => playScene(name, transport, "light"));

describe("the overview", () => {
  it("shows every panel with its figures", async () => {
    await mount(<OverviewPage />);
    for (const name of ["Total tokens", "Cost", "Cached share", "Output", "Sessions", "Cost by day", "Models", "Active sessions", "Activity", "Recent events"]) {
      expect(screen.getByRole("heading", { name })).toBeTruthy();
    }
    expect(screen.getAllByText("305M").length).toBeGreaterThan(1);
  });

  it("shows skeletons only before the first answer", async () => {
    const { container } = await scene("loading");
    expect(container.querySelectorAll(".td-skeleton").length).toBeGreaterThan(6);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says what an empty range means and offers all time", async () => {
    const { store } = await scene("empty");
    expect(screen.getByText("none in the last 60 min")).toBeTruthy();
    expect(screen.getByText("No limit is known")).toBeTruthy();
    expect(screen.getByText("No response in this range")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show all time" }));
    expect(store.prefs.settings.value.range).toBe("alltime");
  });

  it("lists every model of many, and scrolls inside its panel", async () => {
    const data = makeDashboard();
    const [first] = data.breakdown?.rows ?? [];
    const rows = Array.from({ length: 40 }, (_, at) => ({ ...first!, key: `model-${at}`, label: `model-${at}`, children: [] }));
    await mount(<OverviewPage />, (transport) => transport.answer("dashboard.get", () => ({ ...data, breakdown: { ...data.breakdown!, rows } })));
    const models = screen.getByRole("table", { name: "Models" });
    expect(within(models).getAllByText(/^model-\d+$/)).toHaveLength(40);
    expect(models.querySelector("tfoot")?.textContent).toContain("Total");
    expect(models.parentElement?.style.overflowY).toBe("auto");
  });

  it("unfolds a model only where an effort is known", async () => {
    const data = makeDashboard();
    const [first] = data.breakdown?.rows ?? [];
    const child = (key: string) => ({ ...first!, key, label: key || "unknown", children: [] });
    const rows = [
      { ...first!, key: "told", label: "told", children: [child("high"), child("")] },
      { ...first!, key: "silent", label: "silent", children: [child("")] },
    ];
    await mount(<OverviewPage />, (transport) => transport.answer("dashboard.get", () => ({ ...data, breakdown: { ...data.breakdown!, rows } })));
    const models = screen.getByRole("table", { name: "Models" });
    const lineOf = (name: string) => within(within(models).getByText(name).closest("tr") as HTMLElement);
    expect(lineOf("silent").queryByRole("button")).toBeNull();
    fireEvent.click(lineOf("told").getByRole("button", { name: "Unfold" }));
    expect(within(models).getByText("unknown")).toBeTruthy();
  });

  it("fails panel by panel, each with its own words", async () => {
    await scene("panels");
    expect(screen.getAllByRole("alert")).toHaveLength(6);
    expect(screen.getByText(/The trends could not be read/)).toBeTruthy();
    expect(screen.getByText(/1–20 of 3,418/)).toBeTruthy();
  });

  it("says once that nothing could be read, and tries again", async () => {
    const { transport } = await scene("error");
    expect(screen.getByText("The figures could not be read")).toBeTruthy();
    transport.answer("dashboard.get", () => makeDashboard());
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await settle();
    expect(screen.getByText("Total tokens")).toBeTruthy();
  });

  it("keeps the figures, dimmed, while another range is read", async () => {
    const { store, transport, container } = await mount(<OverviewPage />);
    transport.answer("dashboard.get", () => new Promise(() => undefined));
    store.prefs.change({ range: "today" });
    await settle();
    expect(container.querySelector(".td-card--stale")).not.toBeNull();
    expect(container.querySelector(".td-skeleton")).toBeNull();
  });

  it("keeps the figures when reading them again fails", async () => {
    const { store, transport } = await mount(<OverviewPage />);
    transport.answer("dashboard.get", () => Promise.reject(new ApiError("busy", "locked")));
    await store.reloader.now();
    await settle();
    expect(screen.getByText("Total tokens")).toBeTruthy();
    expect(store.dashboard.error.value?.message).toBe("locked");
  });

  it("opens Pricing from the badge of unpriced models", async () => {
    const { store } = await mount(<OverviewPage />);
    fireEvent.click(screen.getByRole("button", { name: "3 unpriced" }));
    expect(store.overlays.settings.value).toBe("pricing");
  });

  it("keeps log text as text", async () => {
    const { container } = await scene("long");
    expect(container.querySelector("img")).toBeNull();
    expect(container.textContent).toContain("<img src=x");
  });
});

describe("what goes on now", () => {
  const wide = () => vi.stubGlobal("matchMedia", (query: string) => ({ matches: query.includes("1200px"), addEventListener: () => undefined, removeEventListener: () => undefined }));
  afterEach(() => vi.unstubAllGlobals());

  it("stands side by side on a wide page where there is something to show in both", async () => {
    wide();
    const { container } = await scene("one");
    const beside = container.querySelector<HTMLElement>(".tv-now");
    expect(beside && within(beside).getByRole("heading", { name: "Active sessions" })).toBeTruthy();
    expect(screen.getAllByText(/^since \d\d:\d\d$/).length).toBeGreaterThan(0);
  });

  it("stands in order where many limits or no sessions are", async () => {
    wide();
    expect((await scene("many")).container.querySelector(".tv-now")).toBeNull();
    cleanup();
    expect((await scene("idle")).container.querySelector(".tv-now")).toBeNull();
  });

  it("says what was known last of a window that has reset", async () => {
    await scene("idle");
    expect(screen.getByText("new window")).toBeTruthy();
    expect(screen.getByText(/^last known 79 % used, reset /)).toBeTruthy();
    expect(screen.getAllByRole("meter", { name: "Weekly" })).toHaveLength(1);
    expect(screen.queryByRole("meter", { name: "5 hours" })).toBeNull();
  });
});

describe("the first run", () => {
  it("says where was looked and opens the sample data", async () => {
    const { transport } = await scene("first");
    const list = screen.getByRole("list", { name: "Where logs were looked for" });
    expect(within(list).getAllByRole("listitem")).toHaveLength(4);
    fireEvent.click(screen.getByRole("button", { name: "Explore with sample data" }));
    await settle();
    expect(transport.requests("demo.set")).toEqual([{ on: true }]);
  });
});

describe("recent events", () => {
  it("are paged and filtered by the backend", async () => {
    const { transport } = await mount(<OverviewPage />, (fake) => fake.answer("events.list", ({ at, limit }) => makeEvents(at, limit)));
    fireEvent.click(screen.getByRole("button", { name: "Next page" }));
    await settle();
    expect(screen.getByText(/21–40 of 3,418/)).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Model"), { target: { value: "claude-opus-5-5" } });
    await settle();
    expect(transport.requests("events.list").at(-1)).toMatchObject({ model: "claude-opus-5-5", at: null });
  });
});

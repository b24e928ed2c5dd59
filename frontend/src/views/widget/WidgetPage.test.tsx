import { fireEvent, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appState } from "../../../test/fixtures/app";
import { mountApp, settle } from "../../../test/mount";
import type { FakeTransport } from "../../../test/fake";
import { widgetScenes } from "../../../test/widgetScenes";
import type { AppState } from "../../api/types";

beforeEach(() => (location.hash = "#/widget"));
afterEach(() => (location.hash = ""));

const scene = (name: string, part: Partial<AppState> = {}) =>
  mountApp((transport: FakeTransport) => {
    widgetScenes[name]?.(transport);
    transport.answer("app.state", () => ({ ...appState, ...part }));
  });
const inWindow: Partial<AppState> = { mode: "window" };

describe("the widget", () => {
  it("asks once for everything, of today and of all providers", async () => {
    const { transport } = await scene("widget3");
    expect(transport.requests("dashboard.get")).toEqual([{ range: "today", provider: null, home: null, bucket: null, stack: "provider", breakdown: "provider" }]);
    expect(transport.requests("events.list")).toEqual([]);
    transport.push("limits-updated", {});
    await settle();
    expect(transport.requests("dashboard.get")).toHaveLength(2);
  });

  it("has a text for each ring, that the keyboard reaches", async () => {
    await scene("widget3");
    const ring = screen.getByRole("button", { name: /^Claude; 5 hours 84 % used, resets soon, in 2 h 14 min; Weekly 23 % used, resets in 3 d 19 h; today \$2\.55; runs out/ });
    ring.focus();
    expect(document.activeElement).toBe(ring);
  });

  it("shows the unknown as unknown, neither 0 nor 100", async () => {
    await scene("widget3");
    const gemini = screen.getByRole("article", { name: "Gemini" });
    expect(within(gemini).getAllByText("–")).toHaveLength(2);
    expect(gemini.querySelector(".td-ring__arc")).toBeNull();
    expect(gemini.textContent).not.toMatch(/0 %/);
  });

  it("shows today instead where no limit is known", async () => {
    await scene("widgetnone");
    const claude = screen.getByRole("article", { name: "Claude" });
    expect(claude.textContent).toContain("$2.55");
    expect(claude.textContent).toContain("6.00M tokens today");
    expect(claude.querySelector("svg[role=img]")).toBeNull();
  });

  it("hides money and names in privacy mode", async () => {
    const { container } = await scene("widget3", { settings: { ...appState.settings, privacy: true, widget_screen: "recent" } });
    expect(container.textContent).not.toMatch(/\$\d|Parser rewrite|shop-web/);
    expect(screen.getAllByText("Session 1").length).toBeGreaterThan(0);
  });

  it("remembers the open screen", async () => {
    const { transport } = await scene("widget3");
    fireEvent.click(screen.getByRole("button", { name: "Recent" }));
    expect(screen.getByRole("region", { name: "Active sessions" })).toBeTruthy();
    window.dispatchEvent(new Event("blur"));
    await settle();
    expect(transport.requests("settings.set")).toEqual([{ values: { widget_screen: "recent" } }]);
  });
});

describe("the way back", () => {
  it.each([
    ["Escape", () => fireEvent.keyDown(document.body, { key: "Escape" })],
    ["the keys", () => fireEvent.keyDown(document.body, { key: "m", ctrlKey: true, shiftKey: true })],
    ["a double click", () => fireEvent.dblClick(screen.getByRole("main"))],
    ["the button", () => fireEvent.click(screen.getByRole("button", { name: "Full window" }))],
  ])("is %s: of the window to the window, of a tab to its page", async (_name, act) => {
    const { transport, unmount } = await scene("widget3", inWindow);
    act();
    await settle();
    expect(transport.requests("window.full")).toEqual([{ page: null }]);
    unmount();
    await scene("widget3");
    act();
    await settle();
    expect(screen.getByRole("heading", { name: "Overview" })).toBeTruthy();
  });

  it("opens a provider from its ring", async () => {
    const { transport } = await scene("widget3", inWindow);
    fireEvent.click(screen.getByRole("button", { name: /^Claude;/ }));
    await settle();
    expect(transport.requests("window.full")).toEqual([{ page: "provider/claude" }]);
  });

  it("is not remembered as the page that was open last", async () => {
    location.hash = "#/overview";
    const { transport } = await scene("");
    fireEvent.click(screen.getByRole("button", { name: "Widget" }));
    await settle();
    expect(location.hash).toBe("#/widget");
    fireEvent.keyDown(document.body, { key: "Escape" });
    window.dispatchEvent(new Event("blur"));
    await settle();
    const pages = transport.requests("settings.set").map((request) => (request as { values: { page?: string } }).values.page);
    expect(pages).not.toContain("widget");
  });
});

describe("in the window", () => {
  const down = (target: Element, x = 100) => fireEvent.pointerDown(target, { button: 0, buttons: 1, screenX: x, screenY: 10 });
  it("is moved by its header, once per drag and not by a tremble or a button", async () => {
    const { transport, container } = await scene("widget3", inWindow);
    const header = container.querySelector("header") as Element;
    down(header);
    fireEvent.pointerMove(header, { buttons: 1, screenX: 102, screenY: 10 });
    expect(transport.requests("window.grip")).toEqual([]);
    fireEvent.pointerMove(header, { buttons: 1, screenX: 110, screenY: 10 });
    fireEvent.pointerMove(header, { buttons: 1, screenX: 130, screenY: 10 });
    expect(transport.requests("window.grip")).toEqual([{ grip: "move" }]);
    down(screen.getByRole("button", { name: "Refresh" }));
    fireEvent.pointerMove(header, { buttons: 1, screenX: 130, screenY: 10 });
    expect(transport.requests("window.grip")).toHaveLength(1);
  });

  it("asks for sizes itself where the system cannot follow the pointer", async () => {
    const { transport, container } = await scene("widget3", inWindow);
    transport.answer("window.grip", () => ({ taken: false }));
    down(container.querySelector(".tv-edge--bottomright") as Element);
    await settle();
    fireEvent.pointerMove(window, { screenX: 130, screenY: 15 });
    fireEvent.pointerUp(window);
    fireEvent.pointerMove(window, { screenX: 200, screenY: 15 });
    expect(transport.requests("window.size")).toEqual([{ width: innerWidth + 30, height: innerHeight + 5 }]);
  });

  it("has no edges in a browser", async () => {
    const { container } = await scene("widget3");
    expect(container.querySelector(".tv-edge")).toBeNull();
  });
});

import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it, vi } from "vitest";
import { mountApp, settle } from "../../../test/mount";
import { scanDone, scanFirst } from "../../../test/fixtures/app";
import { playScene } from "../../../test/scenes";
import { progressWords, scanWords } from "./ScanLine";

const scene = (name: string) => mountApp((transport) => playScene(name, transport, "light"));
const press = (key: string, init: KeyboardEventInit = {}) => fireEvent.keyDown(document.body, { key, ...init });

describe("the frame", () => {
  it("says why the program could not be opened, and tries again", async () => {
    const { transport } = await scene("bootfailed");
    expect(screen.getByText(/The ledger is locked/)).toBeTruthy();
    playScene("", transport, "light");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await settle();
    expect(screen.getByRole("heading", { name: "Overview" })).toBeTruthy();
  });

  it("goes to the pages of the rail", async () => {
    await scene("");
    const links = within(screen.getByRole("navigation", { name: "Pages" })).getAllByRole("link");
    expect(links.map((one) => one.getAttribute("href"))).toEqual(["#/overview", "#/provider/codex", "#/provider/claude", "#/provider/gemini", "#/sessions", "#/projects", "#/activity"]);
    const link = links[1];
    expect(link?.textContent).toContain("Codex");
    location.hash = "#/sessions";
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    await settle();
    expect(screen.getByRole("heading", { name: "Sessions" })).toBeTruthy();
    expect(screen.getByText(/1–50 of 214/)).toBeTruthy();
  });

  it("obeys its keys with Ctrl and Cmd alike, but not while the user types", async () => {
    const { transport } = await scene("");
    press("r", { ctrlKey: true });
    await settle();
    press("r", { metaKey: true });
    await settle();
    expect(transport.requests("ingest.refresh")).toHaveLength(2);
    press("5", { ctrlKey: true });
    await settle();
    const search = screen.getByLabelText("Search");
    fireEvent.keyDown(search, { key: "l", ctrlKey: true });
    expect(transport.requests("logs.open")).toHaveLength(0);
    press(",", { ctrlKey: true });
    await settle();
    expect(screen.getByRole("dialog", { name: "Settings" })).toBeTruthy();
    press("Escape");
    await settle();
    expect(screen.queryByRole("dialog", { name: "Settings" })).toBeNull();
  });

  it("shows the first scan's progress and the refused lines", async () => {
    await scene("scan");
    expect(screen.getByRole("progressbar")).toBeTruthy();
    expect(progressWords(scanFirst)).toBe("511 of 1,284 files, 1.0 GB of 2.4 GB, about 8 s left");
    expect(scanWords(scanDone)).toBe("Scanned 1,284 files, +12 events, 38 ms");
    expect(scanWords({ ...scanDone, finished_at_ms: null })).toBe("Logs have not been read yet");
  });

  it("opens Diagnostics from the refused lines", async () => {
    await scene("");
    expect(document.querySelector(".tv-scan__age")?.textContent).toBe("9 s ago");
    fireEvent.click(screen.getByRole("button", { name: "2 lines refused" }));
    await settle();
    expect(screen.getByText("A token count below zero")).toBeTruthy();
  });

  it("marks sample data and leaves it with one click", async () => {
    const { transport } = await scene("demo");
    fireEvent.click(screen.getByRole("button", { name: "Leave sample data" }));
    await settle();
    expect(transport.requests("demo.set")).toEqual([{ on: false }]);
    expect(screen.queryByText("Sample data.")).toBeNull();
  });

  it("tells that the connection is lost, quietly, and takes it back", async () => {
    const { transport } = await scene("");
    transport.setConnected(false);
    await settle();
    expect(screen.getByText(/The connection to the program is lost/)).toBeTruthy();
    transport.setConnected(true);
    await settle();
    expect(screen.queryByText(/The connection to the program is lost/)).toBeNull();
  });

  it("shows two days for a custom range", async () => {
    vi.stubGlobal("matchMedia", undefined);
    await scene("");
    fireEvent.change(screen.getByLabelText("Range"), { target: { value: "custom" } });
    await settle();
    expect(screen.getByLabelText("First day")).toBeTruthy();
    vi.unstubAllGlobals();
  });
});

import { fireEvent, screen } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { startup } from "../../../test/fixtures/app";
import { mount, settle } from "../../../test/mount";
import { ApiError } from "../../api/client";
import type { Startup } from "../../api/types";
import { SettingsDialog } from "./SettingsDialog";

async function open(answer: Partial<Startup> = {}, mode: "window" | "browser" = "window") {
  const mounted = await mount(<SettingsDialog />, undefined, { mode });
  mounted.transport.answer("startup.get", () => ({ ...startup, ...answer }));
  mounted.store.overlays.openSettings("startup");
  await settle();
  return mounted;
}
const tray = () => screen.getByRole<HTMLInputElement>("switch", { name: /^Keep running in the tray/ });
const login = () => screen.getByRole<HTMLInputElement>("switch", { name: /^Start when you sign in/ });
const flip = async (choice: HTMLInputElement) => {
  fireEvent.click(choice);
  await settle();
};

describe("the tray", () => {
  it("is off until it is chosen", async () => {
    const { transport, store } = await open();
    expect(tray().checked).toBe(false);
    await flip(tray());
    await store.prefs.flush();
    expect(transport.requests("settings.set")).toContainEqual({ values: expect.objectContaining({ close_to_tray: true }) });
  });

  it("says why there is none, and what closing does then", async () => {
    await open({ tray_reason: "No tray was found." });
    expect(screen.getByText(/^No tray was found\. Until there is one, closing the window ends the program\.$/)).toBeTruthy();
  });

  it("cannot be chosen in a browser", async () => {
    await open({ tray_reason: "A tray belongs to the window." }, "browser");
    expect(tray().disabled).toBe(true);
    expect(screen.queryByText(/closing the window/)).toBeNull();
  });
});

describe("the start at login", () => {
  it("shows what the system has, and where", async () => {
    const { transport } = await open();
    expect(login().checked).toBe(false);
    expect(screen.queryByText(/^Entry/)).toBeNull();
    await flip(login());
    expect(transport.requests("startup.set")).toEqual([{ login: true }]);
    expect(login().checked).toBe(true);
    expect(document.querySelector(".tv-login__place")?.textContent).toContain("autostart/tokendial.desktop");
  });

  it("stays as the system has it when the system refuses, and says what it said", async () => {
    const { transport } = await open();
    transport.answer("startup.set", () => Promise.reject(new ApiError("cannot_write", "The folder cannot be changed.")));
    await flip(login());
    expect(login().checked).toBe(false);
    expect(screen.getByRole("alert").textContent).toBe("The folder cannot be changed.");
  });

  it("says what is wrong with the entry", async () => {
    await open({ login: true, login_problem: "The program that is started has gone." });
    expect(screen.getByRole("alert").textContent).toBe("The program that is started has gone.");
  });

  it("looks again when the window is used again", async () => {
    const { transport } = await open();
    transport.answer("startup.get", () => ({ ...startup, login: true }));
    fireEvent.focus(window);
    await settle();
    expect(login().checked).toBe(true);
  });

  it("hides the folder in privacy mode", async () => {
    const { store } = await open({ login: true });
    store.prefs.change({ privacy: true });
    await settle();
    expect(document.body.textContent).not.toContain("ada");
  });
});

describe("the tray's menu", () => {
  it("opens pages and the settings", async () => {
    const { store, transport } = await open();
    transport.push("navigate", { page: "sessions", settings: null });
    await settle();
    expect(store.router.route.value).toEqual({ name: "sessions" });
    expect(store.overlays.settings.value).toBeNull();
    transport.push("navigate", { page: "no/such/page", settings: null });
    expect(store.router.route.value).toEqual({ name: "sessions" });
    transport.push("navigate", { page: null, settings: "" });
    expect(store.overlays.settings.value).toBe("startup");
  });
});

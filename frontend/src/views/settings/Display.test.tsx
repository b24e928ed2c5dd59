import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { mount, settle } from "../../../test/mount";
import { homes } from "../../../test/fixtures/app";
import { ApiError } from "../../api/client";
import { formatMoney } from "../../lib/format";
import { isPrivate } from "../../lib/privacy";
import type { SettingsTab } from "../../state/overlays";
import { SettingsDialog } from "./SettingsDialog";

async function open(tab: SettingsTab, part = {}) {
  const mounted = await mount(<SettingsDialog />, undefined, part);
  mounted.store.overlays.openSettings(tab);
  await mounted.store.prefs.flush();
  mounted.transport.calls.length = 0;
  await settle();
  return mounted;
}
const type = (label: string, value: string) => fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = async (name: string, at = 0) => {
  fireEvent.click(screen.getAllByRole("button", { name })[at] as HTMLElement);
  await settle();
};

describe("the currency", () => {
  it("saves sign and rate together, and every amount follows", async () => {
    const { transport } = await open("display");
    type("Sign", "€");
    type("One dollar is", "0.92");
    expect(screen.getByText(/\$100\.00 is shown as €92\.00/)).toBeTruthy();
    expect(formatMoney("100")).toBe("$100.00");
    await press("Save currency");
    expect(transport.requests("settings.set")).toEqual([{ values: { currency_sign: "€", currency_rate: "0.92" } }]);
    expect(formatMoney("100")).toBe("€92.00");
    await press("Back to US dollars");
    expect(formatMoney("100")).toBe("$100.00");
  });

  it("says what is wrong beside the box it is wrong in", async () => {
    const { transport } = await open("display");
    type("One dollar is", "0,92");
    await press("Save currency");
    expect(screen.getByText("Write it with a point: 0.92")).toBeTruthy();
    expect(transport.requests("settings.set")).toEqual([]);
    transport.answer("settings.set", () => Promise.reject(new ApiError("bad_request", "Write a sign.", { field: "currency_sign" })));
    type("Sign", "12");
    type("One dollar is", "1");
    await press("Save currency");
    expect(screen.getByLabelText("Sign").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByLabelText("One dollar is").getAttribute("aria-invalid")).toBeNull();
    expect(screen.getByText("Write a sign.")).toBeTruthy();
  });
});

describe("the display", () => {
  it("offers every day as the first of the week", async () => {
    const { transport, store } = await open("display");
    const days = within(screen.getByRole("radiogroup", { name: "First day of the week" })).getAllByRole("radio");
    expect(days).toHaveLength(7);
    fireEvent.click(days[3] as HTMLElement);
    await store.prefs.flush();
    expect(transport.requests("settings.set")).toEqual([{ values: { first_weekday: 3 } }]);
  });

  it("says under the box why a zone is refused", async () => {
    const { transport } = await open("display");
    transport.answer("settings.set", () => Promise.reject(new ApiError("bad_request", "There is no such zone.", { field: "timezone" })));
    fireEvent.change(screen.getByLabelText("Time zone"), { target: { value: "UTC" } });
    await settle();
    expect(screen.getByRole("alert").textContent).toBe("There is no such zone.");
  });

  it("hides homes from the page, and shows them again", async () => {
    const { store } = await open("display");
    store.prefs.change({ privacy: true });
    expect(isPrivate.value).toBe(true);
    expect(store.app.value.homes.map((home) => home.path).join()).not.toContain("ada");
    store.prefs.change({ privacy: false });
    expect(store.app.value.homes).toEqual(homes);
  });

  it("follows what another page saved", async () => {
    const { transport, store } = await open("display");
    transport.push("settings-changed", { ...store.prefs.settings.value, exact_numbers: true, currency_sign: "€", currency_rate: "0.5" });
    await settle();
    expect((screen.getByRole("radio", { name: "Exact" }) as HTMLInputElement).checked).toBe(true);
    expect((screen.getByLabelText("One dollar is") as HTMLInputElement).value).toBe("0.5");
  });
});

describe("alerts and startup", () => {
  it("moves the steps of the meters", async () => {
    const { transport } = await open("alerts");
    type("Warn from", "60");
    type("Critical from", "most");
    await press("Save steps");
    expect(screen.getByText("Write a whole number of percent.")).toBeTruthy();
    type("Critical from", "80");
    await press("Save steps");
    expect(transport.requests("settings.set")).toEqual([{ values: { limit_warn_percent: 60, limit_bad_percent: 80 } }]);
  });

  it("puts the window back, and says in a browser that there is none", async () => {
    const { transport, unmount } = await open("startup", { mode: "window" });
    await press("Reset size and place");
    expect(transport.requests("window.reset")).toEqual([{}]);
    unmount();
    await open("startup", { mode: "browser" });
    expect(screen.queryByRole("button", { name: "Reset size and place" })).toBeNull();
  });

  it("opens the tab that was open last", async () => {
    const { store, transport } = await open("about");
    store.overlays.openSettings("display");
    await store.prefs.flush();
    expect(transport.requests("settings.set")).toEqual([{ values: { settings_tab: "display" } }]);
  });
});

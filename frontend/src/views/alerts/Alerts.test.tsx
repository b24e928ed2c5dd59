import { act, fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { budgetEntry, makeAlerts, makeEntry } from "../../../test/fixtures/alerts";
import { NOW } from "../../../test/fixtures/app";
import { limits } from "../../../test/fixtures/limits";
import { mount, settle } from "../../../test/mount";
import type { Alerts, Limit } from "../../api/types";
import { ApiError } from "../../api/client";
import { AlertBell } from "./AlertBell";
import { AlertsDialog } from "./AlertsDialog";
import { LimitAlerts } from "./LimitAlerts";

const view = (
  <>
    <AlertBell />
    <AlertsDialog />
  </>
);
const shown = (answer: Alerts) => mount(view, (transport) => transport.answer("alerts.get", () => answer));
const open = async (answer: Alerts = makeAlerts()) => {
  const mounted = await shown(answer);
  fireEvent.click(screen.getByRole("button", { name: /^Alerts/ }));
  await settle();
  return mounted;
};
const press = async (name: string | RegExp) => {
  fireEvent.click(screen.getByRole("button", { name }));
  await settle();
};

describe("the bell", () => {
  it("says how many alerts hold, snoozed ones aside", async () => {
    await shown(makeAlerts({ current: [makeEntry(), makeEntry({ id: "9", status: "snoozed", snoozed_until_ms: NOW + 60_000 })] }));
    expect(screen.getByRole("button", { name: "Alerts: 1 alert" })).toBeTruthy();
  });

  it("has no number where all is calm, and the list says so", async () => {
    await open(makeAlerts({ current: [], history: [] }));
    expect(screen.getByText("Nothing to report")).toBeTruthy();
    expect((screen.getByRole("button", { name: "Dismiss all" }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("counts anew when the backend says that something changed", async () => {
    const { transport } = await shown(makeAlerts({ current: [] }));
    transport.answer("alerts.get", () => makeAlerts());
    act(() => transport.push("alerts-updated", {}));
    await settle();
    expect(screen.getByRole("button", { name: "Alerts: 2 alerts" })).toBeTruthy();
  });
});

describe("the list", () => {
  it("shows what holds and what is past, with what can be done", async () => {
    const { transport } = await open();
    const current = screen.getByRole("list", { name: "Current alerts" });
    expect(within(current).getAllByRole("listitem")).toHaveLength(2);
    expect(within(current).getByText("This month: $42.10 of $50.00.", { exact: false })).toBeTruthy();
    expect(within(screen.getByRole("list", { name: "Past alerts" })).getAllByText(/^(dismissed|over)$/)).toHaveLength(2);
    fireEvent.change(screen.getByLabelText("Snooze: Codex: 5 hours at 92 %"), { target: { selectedIndex: 3 } });
    await settle();
    expect(transport.requests("alerts.snooze")).toEqual([{ id: "1", until: "reset" }]);
    await press("Dismiss: Codex: 5 hours at 92 %");
    expect(transport.requests("alerts.dismiss")).toEqual([{ id: "1" }]);
    expect(screen.getByText("Nothing to report")).toBeTruthy();
  });

  it("takes a dismissal back while its window runs, and not afterwards", async () => {
    const { transport } = await open();
    expect(screen.getAllByRole("button", { name: "Undo" })).toHaveLength(1);
    await press("Undo");
    expect(transport.requests("alerts.wake")).toEqual([{ id: "3" }]);
  });

  it("silences all, says so, and ends the silence", async () => {
    const { transport } = await open();
    transport.answer("alerts.snooze", () => makeAlerts({ all_snoozed_until_ms: NOW + 3_600_000 }));
    fireEvent.change(screen.getByLabelText("Silence all"), { target: { selectedIndex: 1 } });
    await settle();
    expect(transport.requests("alerts.snooze")).toEqual([{ id: null, until: "hour" }]);
    expect(screen.getByText(/silent until 15:26/)).toBeTruthy();
    await press("End silence");
    expect(transport.requests("alerts.wake")).toEqual([{ id: null }]);
  });

  it("opens the provider of a limit, and the budgets of a budget", async () => {
    const { store } = await open();
    await press("Open Codex: 5 hours at 92 %");
    expect(store.router.route.value).toEqual({ name: "provider", id: "codex" });
    await press(/^Alerts/);
    await press("Open Budget for secret-project at 84 %");
    expect(store.overlays.settings.value).toBe("alerts");
  });

  it("names neither amounts nor projects in privacy mode", async () => {
    const { store, container } = await open(makeAlerts({ current: [budgetEntry] }));
    act(() => store.prefs.change({ privacy: true }));
    await settle();
    expect(container.textContent).not.toMatch(/secret-project|42\.10/);
    expect(screen.getAllByText("A budget passed 80 %").length).toBeGreaterThan(0);
    expect(store.alerts.all.data.value?.projects.join()).not.toContain("secret");
    act(() => store.prefs.change({ privacy: false }));
  });

  it("says what failed, and shows the truth again", async () => {
    const { transport, store } = await open();
    transport.answer("alerts.dismiss", () => Promise.reject(new ApiError("not_found", "There is no such alert any more.", {})));
    await press("Dismiss: Codex: 5 hours at 92 %");
    expect(store.notify).toHaveBeenCalledWith("There is no such alert any more.", "error");
    expect(screen.getByRole("list", { name: "Current alerts" })).toBeTruthy();
  });
});

it("a new alert is told in passing, in privacy mode without its names", async () => {
  const { transport, store } = await shown(makeAlerts());
  const alert = { title: "Budget for shop at 84 %", message: "This month: $42 of $50.", plain_title: "A budget passed 80 %", plain_message: "This month." };
  act(() => transport.push("alert", alert));
  expect(store.notify).toHaveBeenLastCalledWith("Budget for shop at 84 %. This month: $42 of $50.", "warn");
  act(() => store.prefs.change({ privacy: true }));
  act(() => transport.push("alert", alert));
  expect(store.notify).toHaveBeenLastCalledWith("A budget passed 80 %. This month.", "warn");
  act(() => store.prefs.change({ privacy: false }));
});

it("a limit bears the mark of its own windows only", async () => {
  const [codex, claude] = limits as [Limit, Limit];
  const { store } = await mount(
    <>
      <LimitAlerts limit={codex} />
      <LimitAlerts limit={claude} />
    </>,
    (transport) => transport.answer("alerts.get", () => makeAlerts()),
  );
  fireEvent.click(screen.getByRole("button", { name: "5 hours: alert at 90 %" }));
  expect(screen.getAllByRole("button")).toHaveLength(1);
  expect(store.overlays.alerts.value).toBe(true);
});

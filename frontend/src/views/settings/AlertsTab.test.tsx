import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { makeAlerts } from "../../../test/fixtures/alerts";
import { appState } from "../../../test/fixtures/app";
import { mount, settle } from "../../../test/mount";
import type { AlertSettings, Budget, Settings } from "../../api/types";
import { ApiError } from "../../api/client";
import { readSteps, withScope, emptyBudget, scopeOf } from "./alertDraft";
import { AlertsTab } from "./AlertsTab";

const budget: Budget = { ...emptyBudget(), id: "b", amount: "50", project: "/home/ada/secret-project" };
const open = async (alerts: Partial<AlertSettings> = {}, part: Partial<Settings> = {}) => {
  const settings = { ...appState.settings, ...part, alerts: { ...appState.settings.alerts, ...alerts } };
  return mount(
    <AlertsTab />,
    (transport) => {
      transport.answer("alerts.get", () => makeAlerts());
      let held = settings;
      transport.answer("settings.set", ({ values }) => (held = { ...held, ...values }));
    },
    { settings },
  );
};
type Values = { values: { alerts: AlertSettings } };
const saved = (requests: unknown[]) => (requests as Values[]).map(({ values }) => values.alerts);
const type = (label: string | RegExp, value: string) => fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = async (name: string | RegExp) => {
  fireEvent.click(screen.getByRole("button", { name }));
  await settle();
};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("steps", () => {
  it.each([
    ["75, 90", [75, 90]],
    ["90 75;75%", [75, 90]],
    ["", []],
  ])("%s is read", (text, steps) => expect(readSteps(text)).toEqual(steps));
  it.each(["a", "7.5", "-1", "99999"])("%s is refused", (text) => expect(typeof readSteps(text)).toBe("string"));

  it("are saved, and what cannot be stands beside the box", async () => {
    const { transport } = await open();
    type("Percent used", "60, x");
    await press("Save percents");
    expect(screen.getByText(/Write percents with commas/)).toBeTruthy();
    expect(transport.requests("settings.set")).toEqual([]);
    transport.answer("settings.set", () => Promise.reject(new ApiError("bad_request", "Steps lie between 1 and 100 percent.", { field: "alerts.steps" })));
    type("Percent used", "60, 140");
    await press("Save percents");
    expect(screen.getByText("Steps lie between 1 and 100 percent.")).toBeTruthy();
    expect(saved(transport.requests("settings.set"))[0]?.steps).toEqual([60, 140]);
  });

  it("of one window are its own, or none", async () => {
    const { transport } = await open();
    fireEvent.change(screen.getByLabelText("Steps of Codex · 5 hours"), { target: { selectedIndex: 2 } });
    await settle();
    expect(saved(transport.requests("settings.set"))[0]?.windows).toEqual([{ provider: "codex", limit_id: "codex", window_minutes: 300, steps: [] }]);
    fireEvent.change(screen.getByLabelText("Steps of Codex · 5 hours"), { target: { selectedIndex: 1 } });
    await settle();
    type("Percent of Codex · 5 hours", "50");
    await press("Save Codex · 5 hours");
    expect(saved(transport.requests("settings.set"))[2]?.windows.map(({ steps }) => steps)).toEqual([[50]]);
    fireEvent.change(screen.getByLabelText("Steps of Codex · 5 hours"), { target: { selectedIndex: 0 } });
    await settle();
    expect(saved(transport.requests("settings.set"))[3]?.windows).toEqual([]);
  });
});

describe("budgets", () => {
  it("are added with a look at what was used so far", async () => {
    const { transport } = await open();
    await press("Add budget");
    const add = screen.getByRole("button", { name: "Add" }) as HTMLButtonElement;
    expect(add.disabled).toBe(true);
    type("Amount in US dollars", " 50 ");
    await wait(300);
    await settle();
    expect(screen.getByText(/This month so far: \$42.10 of \$50.00 \(84 %\)/)).toBeTruthy();
    fireEvent.change(screen.getByLabelText("For"), { target: { selectedIndex: 4 } });
    await press("Add");
    expect(saved(transport.requests("settings.set"))[0]?.budgets).toMatchObject([{ amount: "50", unit: "usd", period: "month", model: "gpt-5.6-sol", provider: null, steps: [80, 100] }]);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("say beside the field what cannot be, and stay open", async () => {
    const { transport } = await open();
    await press("Add budget");
    transport.answer("alerts.budget", () => Promise.reject(new ApiError("bad_request", "The amount must be more than zero.", { field: "amount" })));
    type("Amount in US dollars", "0");
    await press("Add");
    expect(screen.getByText("The amount must be more than zero.")).toBeTruthy();
    expect(screen.getByLabelText("Amount in US dollars").getAttribute("aria-invalid")).toBe("true");
    expect(transport.requests("settings.set")).toEqual([]);
  });

  it("are edited, and deleted with a way back", async () => {
    const { transport } = await open({ budgets: [budget] });
    const list = screen.getByRole("list", { name: "Budgets" });
    expect(within(list).getByText(/This month so far: \$42.10 of \$50.00 \(84 %\)/)).toBeTruthy();
    await press(/^Edit/);
    type("Amount in US dollars", "75");
    await press("Save");
    expect(saved(transport.requests("settings.set"))[0]?.budgets).toEqual([{ ...budget, amount: "75" }]);
    await press(/^Delete/);
    expect(screen.getByText("No budget yet")).toBeTruthy();
    expect(document.activeElement?.textContent).toBe("Undo");
    await press("Undo");
    expect(saved(transport.requests("settings.set"))[2]?.budgets).toEqual([{ ...budget, amount: "75" }]);
  });

  it("begin on a day where they are of a billing cycle", async () => {
    await open();
    await press("Add budget");
    expect(screen.queryByLabelText("Begins on day of the month")).toBeNull();
    fireEvent.change(screen.getByLabelText("Period"), { target: { selectedIndex: 3 } });
    await settle();
    expect(screen.getByLabelText("Begins on day of the month")).toBeTruthy();
  });

  it("name no project and no money in privacy mode, and keep their project", async () => {
    const { container, transport } = await open({ budgets: [budget] }, { privacy: true });
    expect(container.textContent).not.toMatch(/secret|42\.10|50\.00/);
    await press(/^Edit/);
    expect(document.body.textContent).not.toMatch(/secret-project/);
    await press("Save");
    expect(saved(transport.requests("settings.set"))[0]?.budgets[0]?.project).toBe("/home/ada/secret-project");
  });

  it("are for one thing at a time", () => {
    const model = withScope(budget, "model:a:b/c");
    expect([model.model, model.project, scopeOf(model)]).toEqual(["a:b/c", null, "model:a:b/c"]);
    expect(scopeOf(withScope(model, "all"))).toBe("all");
  });
});

describe("notifications", () => {
  it("are tested, and say in words why there are none", async () => {
    const { transport } = await open();
    await press("Test notification");
    expect(screen.getByText("It was shown.")).toBeTruthy();
    transport.answer("alerts.test", () => ({ shown: false, why: "There is no service." }));
    await press("Test notification");
    expect(screen.getByText("There is no service.")).toBeTruthy();
  });

  it("that the system cannot show say so before anybody tries, and while the tab is open", async () => {
    const { store, transport } = await open();
    await settle();
    expect(screen.queryByText("There is no service.")).toBeNull();
    transport.answer("alerts.notices", () => ({ possible: false, why: "There is no service." }));
    await store.reloader.now();
    await settle();
    expect(screen.getByText("There is no service.")).toBeTruthy();
  });

  it("wait in quiet hours, which need two times", async () => {
    const { transport } = await open();
    type("From", "22:00");
    type("To", "07:00");
    await press("Save quiet hours");
    expect(saved(transport.requests("settings.set"))[0]).toMatchObject({ quiet_start: "22:00", quiet_end: "07:00" });
    await press("No quiet hours");
    expect(saved(transport.requests("settings.set"))[1]).toMatchObject({ quiet_start: null, quiet_end: null });
  });
});


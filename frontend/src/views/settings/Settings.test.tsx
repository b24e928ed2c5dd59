import { fireEvent, screen } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { mount, settle } from "../../../test/mount";
import { diagnostics } from "../../../test/fixtures/system";
import { ApiError } from "../../api/client";
import type { SettingsTab } from "../../state/overlays";
import { reportText } from "./report";
import { SettingsDialog } from "./SettingsDialog";

async function open(tab: SettingsTab) {
  const mounted = await mount(<SettingsDialog />);
  mounted.store.overlays.openSettings(tab);
  await settle();
  return mounted;
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const click = async (name: string | RegExp) => {
  fireEvent.click(screen.getAllByRole("button", { name })[0] as HTMLElement);
  await settle();
};
const type = (label: string, value: string) => fireEvent.input(screen.getByLabelText(label), { target: { value } });

describe("homes", () => {
  it("show what is found before a folder is added", async () => {
    const { transport } = await open("homes");
    expect((screen.getByRole("button", { name: "Add" }) as HTMLButtonElement).disabled).toBe(true);
    type("Folder", "~/.codex-work");
    await wait(400);
    expect(screen.getByText(/Found 212 log files/)).toBeTruthy();
    await click("Add");
    expect(transport.requests("homes.add")).toEqual([{ provider: "codex", path: "~/.codex-work", label: "" }]);
  });

  it("refuse a folder with a problem or one that is there already", async () => {
    const { transport } = await open("homes");
    transport.answer("homes.check", ({ path }) => ({ path, exists: false, files: 0, bytes: 0, duplicate_of: null, problem: "There is no such folder." }));
    type("Folder", "/nowhere");
    await wait(400);
    expect(screen.getByText("There is no such folder.")).toBeTruthy();
    expect((screen.getByRole("button", { name: "Add" }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("are removed only after a question, and switched off with one click", async () => {
    const { transport } = await open("homes");
    await click("Remove /home/ada/.codex");
    expect(transport.requests("homes.remove")).toEqual([]);
    await click("Remove");
    expect(transport.requests("homes.remove")).toEqual([{ id: 1 }]);
    fireEvent.click(screen.getAllByRole("switch")[0] as HTMLElement);
    await settle();
    expect(transport.requests("homes.update")).toHaveLength(1);
  });
});

describe("pricing", () => {
  it("adds a rule for an unpriced model with one click, and sends the whole list", async () => {
    const { transport } = await open("pricing");
    await click("Add price");
    expect((screen.getByLabelText("Model pattern") as HTMLInputElement).value).toBe("local-proxy-7b");
    fireEvent.input(screen.getAllByLabelText("Input")[0] as HTMLElement, { target: { value: "0.20" } });
    fireEvent.input(screen.getAllByLabelText("Output")[0] as HTMLElement, { target: { value: "0.60" } });
    await click("Save rule");
    expect(transport.requests("pricing.save")).toMatchObject([{ rules: [{ id: null, pattern: "local-proxy-7b", input: "0.20", cache_read: null, output: "0.60" }, { id: 1 }, { id: 2 }] }]);
    expect(transport.requests("dashboard.get").length).toBeGreaterThan(1);
  });

  it("tells what is wrong beside its field, and keeps what was typed", async () => {
    const { transport } = await open("pricing");
    transport.answer("pricing.save", () => Promise.reject(new ApiError("invalid_price_rule", "A price is a number.", { field: "output", index: 0 })));
    await click("Add price");
    await click("Save rule");
    const box = screen.getAllByLabelText("Output")[0] as HTMLElement;
    expect(box.getAttribute("aria-invalid")).toBe("true");
    expect(document.getElementById(box.getAttribute("aria-describedby") ?? "")?.textContent).toBe("A price is a number.");
  });

  it("deletes a rule only after a question", async () => {
    const { transport } = await open("pricing");
    await click("Delete the rule for team-proxy-*");
    expect(transport.requests("pricing.save")).toEqual([]);
    await click("Delete");
    expect(transport.requests("pricing.save")).toMatchObject([{ rules: [{ id: 2 }] }]);
  });
});

describe("display", () => {
  it("tells a refused number beside its box", async () => {
    const { transport } = await open("display");
    type("Minutes", "0.5");
    await click("Save minutes");
    expect(screen.getByText(/Write a whole number/)).toBeTruthy();
    transport.answer("settings.set", () => Promise.reject(new ApiError("bad_request", "At most 10080 minutes.", { field: "active_minutes" })));
    type("Minutes", "99999");
    await click("Save minutes");
    expect(screen.getByText("At most 10080 minutes.")).toBeTruthy();
  });

  it("changes the theme at once", async () => {
    const { store } = await open("display");
    fireEvent.click(screen.getByLabelText("Dark"));
    expect(store.prefs.settings.value.theme).toBe("dark");
  });
});

describe("diagnostics", () => {
  it("copies a report without paths", () => {
    const text = reportText(diagnostics);
    expect(text).toContain("Refused lines: 2");
    expect(text).toContain("Not valid JSON: 1");
    expect(text).not.toContain("/home/");
  });
});

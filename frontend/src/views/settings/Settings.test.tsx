import { act, cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it, vi } from "vitest";
import { mount, settle } from "../../../test/mount";
import { makeCheck } from "../../../test/fixtures/homes";
import { makeHome, NOW } from "../../../test/fixtures/app";
import { diagnostics, makeJob, makeResult, pricing } from "../../../test/fixtures/system";
import type { AppState, RefusedLine } from "../../api/types";
import { ApiError } from "../../api/client";
import { clearToasts, toasts } from "../../components/toaster";
import type { SettingsTab } from "../../state/overlays";
import { homeAdvice, homeFacts } from "./homeWords";
import { SettingsDialog } from "./SettingsDialog";

async function open(tab: SettingsTab, part: Partial<AppState> = {}) {
  const mounted = await mount(<SettingsDialog />, undefined, part);
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
    transport.answer("homes.check", ({ path }) => makeCheck({ path, exists: false, files: 0, problem: "There is no such folder." }));
    type("Folder", "/nowhere");
    await wait(400);
    expect(screen.getByText("There is no such folder.")).toBeTruthy();
    expect((screen.getByRole("button", { name: "Add" }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("offer the home where a folder around it or inside it was typed", async () => {
    const { transport } = await open("homes");
    transport.answer("homes.check", ({ path }) => makeCheck(path.endsWith("sessions") ? { path, files: 0, meant: "/home/ada/.codex-work" } : { path }));
    type("Folder", "/home/ada/.codex-work/sessions");
    await wait(400);
    expect((screen.getByRole("button", { name: "Add" }) as HTMLButtonElement).disabled).toBe(true);
    await click("Use that folder");
    await wait(400);
    await click("Add");
    expect(transport.requests("homes.add")).toEqual([{ provider: "codex", path: "/home/ada/.codex-work", label: "" }]);
  });

  it("are removed only after a question that says what is lost, and come back with undo", async () => {
    const { transport } = await open("homes");
    await click("Remove…");
    expect(screen.getByText("61 sessions")).toBeTruthy();
    expect(transport.requests("homes.remove")).toEqual([]);
    await click("Remove");
    expect(transport.requests("homes.remove")).toEqual([{ id: 1 }]);
    expect(document.activeElement?.textContent).toBe("Undo");
    await click("Undo");
    expect(transport.requests("homes.add")).toEqual([{ provider: "codex", path: "/home/ada/.codex", label: "" }]);
  });

  it("are cleared only after the word was typed", async () => {
    const { transport } = await open("homes");
    fireEvent.click(screen.getAllByRole("button", { name: "Clear data…" })[1] as HTMLElement);
    await settle();
    const action = screen.getByRole("button", { name: "Clear data" }) as HTMLButtonElement;
    const field = () => screen.getByLabelText("Type “Work” or “clear” to confirm");
    fireEvent.input(field(), { target: { value: "wor" } });
    expect(action.disabled).toBe(true);
    fireEvent.input(field(), { target: { value: "work " } });
    await click("Clear data");
    expect(transport.requests("homes.clear")).toEqual([{ id: 2, confirmation: "work " }]);
    expect(screen.getByText(/Rescan to read it again/)).toBeTruthy();
  });

  it("are switched off with one click, and named where they stand", async () => {
    const { transport } = await open("homes");
    fireEvent.click(screen.getAllByRole("switch")[0] as HTMLElement);
    await settle();
    type("Label of /home/ada/.codex", "Laptop");
    fireEvent.keyDown(screen.getByLabelText("Label of /home/ada/.codex"), { key: "Enter" });
    await settle();
    expect(transport.requests("homes.update")).toEqual([
      { id: 1, active: false },
      { id: 1, label: "Laptop" },
    ]);
  });

  it("open the system's dialog only in the window", async () => {
    await open("homes");
    expect(screen.queryByRole("button", { name: "Browse…" })).toBeNull();
    cleanup();
    const { transport } = await open("homes", { mode: "window" });
    await click("Browse…");
    expect(transport.requests("homes.browse")).toEqual([{ start: null }]);
    expect((screen.getByLabelText("Folder") as HTMLInputElement).value).toBe("/home/ada/.codex-work");
  });

  it("cannot be changed while sample data are shown", async () => {
    const { transport } = await open("homes", { demo: true });
    expect(screen.queryByRole("list", { name: "Homes" })).toBeNull();
    await click("Leave sample data");
    expect(transport.requests("demo.set")).toEqual([{ on: false }]);
  });

  it("say what is wrong with them and what to do", () => {
    const home = makeHome({ id: 1, provider: "codex", path: "/x", files: 1, bytes: 1_200, first_ms: NOW, last_ms: NOW, last_seen_ms: null, files_gone: 2 });
    expect(homeFacts(home, "UTC", NOW)).toBe("1 log file, 1.2 KB, sessions of Sun 22 Nov 2026, 2 files deleted since and still counted");
    expect(homeAdvice(home, null)).toBeNull();
    expect(homeAdvice(home, "Codex")?.word).toBe("provider off");
    const words = (["missing", "unreadable", "empty", "cleared"] as const).map((state) => homeAdvice({ ...home, state }, null)?.word);
    expect(words).toEqual(["not there", "cannot be read", "no logs yet", "cleared"]);
  });
});

describe("providers", () => {
  it("shows what to write for a status line, and tries a format before it is saved", async () => {
    const { transport } = await open("providers");
    const part = within(screen.getByRole("region", { name: "Status line of Claude" }));
    expect(part.getByText(/The last reading arrived 2 min ago/)).toBeTruthy();
    expect(part.getByLabelText("Setting for Claude").textContent).toContain("/home/ada/bin/tokendial statusline");
    const box = part.getByRole("textbox", { name: "Format of the line" });
    fireEvent.input(box, { target: { value: "{model}" } });
    await settle();
    expect(part.getByLabelText("Preview of the line").textContent).toBe("Opus 4.8 of {model}");
    fireEvent.input(box, { target: { value: "" } });
    await settle();
    expect(part.getByText("Write a format.")).toBeTruthy();
    expect(JSON.stringify(transport.requests("settings.set"))).not.toContain("status_line_format");
    fireEvent.input(box, { target: { value: "{weekly}" } });
    fireEvent.click(part.getByRole("button", { name: "Save format" }));
    await settle();
    expect(transport.requests("settings.set").at(-1)).toEqual({ values: { status_line_format: "{weekly}" } });
    expect(screen.queryByRole("region", { name: "Status line of Codex" })).toBeNull();
  });

  it("say where figures come from, and are switched off", async () => {
    const { transport, store } = await open("providers");
    expect(screen.getByText("https://example.com/codex")).toBeTruthy();
    fireEvent.click(screen.getByRole("switch", { name: "Read Codex" }));
    await settle();
    expect(transport.requests("providers.switch")).toEqual([{ id: "codex", on: false }]);
    expect(store.provider("codex")?.on).toBe(false);
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

  it("says nothing of a refusal once something else was typed", async () => {
    const { transport } = await open("pricing");
    let refuse: (error: ApiError) => void = () => undefined;
    transport.answer("pricing.save", () => new Promise((_, reject) => (refuse = reject)));
    await click("Add price");
    await click("Save rule");
    fireEvent.input(screen.getAllByLabelText("Output")[0] as HTMLElement, { target: { value: "3" } });
    refuse(new ApiError("invalid_price_rule", "A price is a number.", { field: "output", index: 0 }));
    await settle();
    expect(screen.queryByText("A price is a number.")).toBeNull();
    await click("Save rule");
    refuse(new ApiError("invalid_price_rule", "A price is a number.", { field: "output", index: 0 }));
    await settle();
    expect(screen.getByText("A price is a number.")).toBeTruthy();
  });

  it("shows what a rule changes while it is typed, and asks about the newest text only", async () => {
    const { transport } = await open("pricing");
    await click("Add price");
    fireEvent.input(screen.getAllByLabelText("Input")[0] as HTMLElement, { target: { value: "1" } });
    fireEvent.input(screen.getAllByLabelText("Input")[0] as HTMLElement, { target: { value: "12" } });
    await wait(320);
    await settle();
    const asked = transport.requests("pricing.preview") as { rules: { input: string }[] }[];
    expect(asked.map((request) => request.rules[0]?.input)).toEqual(["12"]);
    expect(screen.getByText("This changes Sep 2026 by -$31.20.")).toBeTruthy();
  });

  it("keeps a problem of a box that nobody came to for later", async () => {
    const { transport } = await open("pricing");
    const problems = [{ index: 0, field: "input", message: "A number is missing." }, { index: 0, field: "effective_to", message: "The end must be after the start." }];
    transport.answer("pricing.preview", () => ({ problems, effect: null }));
    await click("Add price");
    await wait(320);
    await settle();
    expect(screen.getByText("The end must be after the start.")).toBeTruthy();
    expect(screen.queryByText("A number is missing.")).toBeNull();
    transport.answer("pricing.save", () => Promise.reject(new ApiError("invalid_price_rule", "A number is missing.", { field: "input", index: 0 })));
    await click("Save rule");
    expect(screen.getByText("A number is missing.")).toBeTruthy();
  });

  it("offers to undo what was saved, once in passing and once over the table", async () => {
    const { transport } = await open("pricing");
    const undo = { at_ms: 1, what: "Deleted the rule for team-proxy-*", redo: false };
    transport.answer("pricing.save", () => ({ ...pricing, undo }));
    transport.answer("pricing.get", () => ({ ...pricing, undo }));
    await click("Delete the rule for team-proxy-*");
    await click("Delete");
    expect(screen.getByText("Last change: Deleted the rule for team-proxy-*")).toBeTruthy();
    expect(toasts.value.map((toast) => [toast.message, toast.action?.label])).toEqual([["Deleted the rule for team-proxy-*. Every cost follows.", "Undo"]]);
    transport.answer("pricing.undo", () => ({ ...pricing, undo: { ...undo, redo: true } }));
    transport.answer("pricing.get", () => ({ ...pricing, undo: { ...undo, redo: true } }));
    act(() => toasts.value[0]?.action?.run());
    await settle();
    expect(transport.requests("pricing.undo")).toHaveLength(1);
    expect(screen.getByText("Undone: Deleted the rule for team-proxy-*")).toBeTruthy();
    clearToasts();
  });

  it("chooses a file by the system's dialog in the window, and tells what is wrong with it", async () => {
    const mounted = await mount(<SettingsDialog />, undefined, { mode: "window" });
    mounted.store.overlays.openSettings("pricing");
    await settle();
    const problems = ["Rule 1 (a), input: A number is missing.", "Rule 2 (b), output: A number is missing."];
    mounted.transport.answer("pricing.import_preview", () => Promise.reject(new ApiError("invalid_file", "Nothing was imported.", { problems })));
    await click("Import…");
    expect(screen.getByText("Nothing was imported.")).toBeTruthy();
    for (const line of problems) expect(screen.getByText(line)).toBeTruthy();
    expect(mounted.transport.requests("pricing.import")).toEqual([]);
    mounted.transport.answer("pricing.open", () => Promise.reject(new ApiError("invalid_file", "x.json cannot be read.", {})));
    fireEvent.click(within(screen.getByRole("dialog", { name: /Import price rules/ })).getByText("Close"));
    await settle();
    await click("Import…");
    expect(screen.getByText("x.json cannot be read.")).toBeTruthy();
  });

  it("deletes a rule only after a question", async () => {
    const { transport, store } = await open("pricing");
    transport.answer("pricing.get", () => ({ ...pricing, rules: pricing.rules.map((rule) => ({ ...rule })) }));
    await click("Delete the rule for team-proxy-*");
    await act(() => store.reloader.now());
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
  it("shows where refused lines stand and copies the backend's report", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    await open("diagnostics");
    expect(screen.getAllByText("not checked yet")).toHaveLength(2);
    expect(screen.getByText("40")).toBeTruthy();
    await click("Copy report");
    expect(writeText).toHaveBeenCalledWith(diagnostics.report);
    vi.unstubAllGlobals();
  });

  it("checks the database only when asked, and shows the verdict", async () => {
    const { transport } = await open("diagnostics");
    expect(transport.requests("diagnostics.check")).toHaveLength(0);
    await click("Check the database");
    expect(screen.getByRole("progressbar", { name: "Check" })).toBeTruthy();
    transport.answer("diagnostics.get", () => ({ ...diagnostics, rollup_ok: false, integrity_ok: true, checked_at_ms: 1 }));
    transport.push("job-updated", makeJob({ kind: "check", state: "done", result: makeResult({ message: "The ledger needs a look: see the facts." }) }));
    await settle();
    expect(screen.getByText("the ledger needs a look")).toBeTruthy();
    expect(screen.getByText("NO")).toBeTruthy();
  });

  it("reads the facts again after a check that was over at once", async () => {
    const { transport } = await open("diagnostics");
    transport.answer("diagnostics.check", () => {
      transport.answer("diagnostics.get", () => ({ ...diagnostics, rollup_ok: true, integrity_ok: true, checked_at_ms: 1 }));
      return { job: makeJob({ kind: "check", state: "done", result: makeResult({}) }) };
    });
    await click("Check the database");
    expect(screen.getByText("sound")).toBeTruthy();
  });

  it("says why a place is not known, and looks into a large file on demand", async () => {
    const [first, second] = diagnostics.refused as [RefusedLine, RefusedLine];
    const { transport } = await open("display");
    transport.answer("diagnostics.lines", ({ path }) => ({
      lines: [
        { path: first.path, reason: first.reason, line: path === null ? null : 123_456, problem: null },
        { path: second.path, reason: second.reason, line: null, problem: "the file has changed since" },
      ],
    }));
    fireEvent.click(screen.getByRole("tab", { name: "Diagnostics" }));
    await settle();
    expect(screen.getByText("changed")).toBeTruthy();
    await click("Find");
    expect(transport.requests("diagnostics.lines")).toEqual([{ path: null }, { path: first.path }]);
    expect(screen.getByText("123,456")).toBeTruthy();
  });
});

import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it, vi } from "vitest";
import { mount, settle } from "../../../test/mount";
import { appState } from "../../../test/fixtures/app";
import { makeJob, makeResult, storage } from "../../../test/fixtures/system";
import type { AppState } from "../../api/types";
import { ApiError } from "../../api/client";
import { SettingsDialog } from "./SettingsDialog";

async function open(part: Partial<AppState> = {}) {
  const mounted = await mount(<SettingsDialog />, undefined, part);
  mounted.store.overlays.openSettings("storage");
  await settle();
  return mounted;
}
const click = async (name: string | RegExp) => {
  fireEvent.click(screen.getAllByRole("button", { name })[0] as HTMLElement);
  await settle();
};
const WINDOW = { mode: "window" } as const;

describe("storage", () => {
  it("shows paths, sizes and rows in words", async () => {
    const { transport } = await open();
    expect(screen.getByText(/48\.2 MB and 1\.2 MB of write-ahead log \(300 KB unused\)/)).toBeTruthy();
    expect(screen.getByText("Responses", { selector: "dt" }).nextSibling?.textContent).toBe("41,882");
    expect(within(screen.getByRole("list", { name: "Paths" })).getAllByRole("listitem")).toHaveLength(3);
    await click("Show in the file manager: Database");
    expect(transport.requests("storage.reveal")).toEqual([{ id: "database" }]);
    expect((screen.getByRole("button", { name: "Show in the file manager: Kept copies" }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("shows a backup's progress, lets it be cancelled, and says where the file is", async () => {
    const { transport } = await open(WINDOW);
    await click("Back up…");
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("25");
    expect((screen.getByRole("button", { name: "Compact" }) as HTMLButtonElement).disabled).toBe(true);
    await click("Cancel");
    expect(transport.requests("jobs.cancel")).toHaveLength(1);
    transport.push("job-updated", makeJob({ state: "done", result: makeResult({ message: "Backup written and checked.", path: "/home/ada/b.sqlite3" }) }));
    await settle();
    expect(screen.getByRole("status").textContent).toContain("/home/ada/b.sqlite3");
    expect(transport.requests("storage.get").length).toBeGreaterThan(1);
  });

  it("does nothing when the dialog is closed without a choice", async () => {
    const { transport } = await open(WINDOW);
    transport.answer("storage.backup", () => ({ job: null }));
    await click("Back up…");
    expect(screen.queryByRole("progressbar")).toBeNull();
  });

  it("asks before a restore, says what was kept, reads everything again, and undoes it", async () => {
    const { transport } = await open(WINDOW);
    await click("Restore…");
    expect(transport.requests("storage.restore")).toEqual([]);
    await click("Choose a file…");
    expect(transport.requests("storage.restore")).toEqual([{}]);
    const before = transport.requests("app.state").length;
    transport.push("job-updated", makeJob({ kind: "restore", state: "done", result: makeResult({ message: "Restored.", kept: "before.sqlite3" }) }));
    await settle();
    expect(transport.requests("app.state").length).toBe(before + 1);
    await click("Undo");
    expect(transport.requests("storage.restore")).toEqual([{}, { kept: "before.sqlite3" }]);
  });

  it("deletes everything only after the word was typed, and shows what holds then", async () => {
    const { transport } = await open();
    await click("Delete all data…");
    const confirm = screen.getByRole("button", { name: "Delete everything" }) as HTMLButtonElement;
    expect(confirm.disabled).toBe(true);
    fireEvent.input(screen.getByLabelText("Type “delete” to confirm"), { target: { value: "delet" } });
    await settle();
    expect(confirm.disabled).toBe(true);
    fireEvent.input(screen.getByLabelText("Type “delete” to confirm"), { target: { value: " Delete " } });
    await click("Delete everything");
    expect(transport.requests("storage.erase")).toEqual([{ confirmation: " Delete " }]);
    const before = transport.requests("app.state").length;
    transport.push("job-updated", makeJob({ kind: "erase", state: "done", result: makeResult({ message: "Everything that Tokendial kept is deleted." }) }));
    await settle();
    expect(transport.requests("app.state").length).toBe(before + 1);
    expect(screen.getByRole("status").textContent).toContain("is deleted");
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  });

  it("says what is wrong with a file, and why a task cannot begin", async () => {
    const { transport } = await open(WINDOW);
    await click("Restore…");
    await click("Choose a file…");
    transport.push("job-updated", makeJob({ kind: "restore", state: "failed", error: { code: "invalid_file", message: "b.sqlite3 is empty.", details: {} } }));
    await settle();
    expect(screen.getByRole("alert").textContent).toContain("b.sqlite3 is empty.");
    transport.answer("storage.compact", () => Promise.reject(new ApiError("job_running", "Another task is still running.")));
    await click("Compact");
    expect(screen.getByRole("alert").textContent).toContain("Another task");
    await click("Dismiss");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("shows a task that was begun before the page was opened", async () => {
    const { store } = await mount(<SettingsDialog />, (fake) => fake.answer("jobs.get", () => ({ job: makeJob({ kind: "compact", progress: null, text: "Rewriting the database" }) })));
    store.overlays.openSettings("storage");
    await settle();
    expect(screen.getByRole("progressbar", { name: "Compact" }).getAttribute("aria-valuetext")).toBe("Compact: Rewriting the database");
  });

  it("hands a file over in the browser before it is restored, and says when that fails", async () => {
    const file = new File(["backup"], "b.sqlite3");
    const fetchMock = vi.fn<typeof fetch>(() => Promise.resolve(new Response("{}", { status: 200 })));
    vi.stubGlobal("fetch", fetchMock);
    const choose = vi.spyOn(HTMLInputElement.prototype, "click").mockImplementation(function (this: HTMLInputElement) {
      Object.defineProperty(this, "files", { value: [file] });
      this.onchange?.(new Event("change"));
    });
    const { transport } = await open();
    await click("Restore…");
    await click("Choose a file…");
    expect(transport.requests("storage.upload")).toEqual([{ name: "b.sqlite3", size: 6 }]);
    expect(fetchMock).toHaveBeenCalledWith("/api/upload/ticket", expect.objectContaining({ method: "POST", body: file }));
    expect(transport.requests("storage.restore")).toEqual([{ upload: "ticket" }]);
    transport.push("job-updated", makeJob({ kind: "restore", state: "cancelled" }));
    fetchMock.mockResolvedValue(new Response('{"error":{"code":"bad_request","message":"The file did not arrive as a whole."}}', { status: 400 }));
    await click("Restore…");
    await click("Choose a file…");
    expect(screen.getByRole("alert").textContent).toContain("The file did not arrive as a whole.");
    expect(transport.requests("storage.restore")).toHaveLength(1);
    choose.mockRestore();
    vi.unstubAllGlobals();
  });

  it("deletes a kept copy only after a question", async () => {
    const copy = { name: "before.sqlite3", bytes: 5_000_000, at_ms: 1_790_000_000_000 };
    const { transport, store } = await mount(<SettingsDialog />, (fake) => fake.answer("storage.get", () => ({ ...storage, kept: [copy] })));
    store.overlays.openSettings("storage");
    await settle();
    await click("Delete before.sqlite3");
    expect(transport.requests("storage.drop_kept")).toEqual([]);
    transport.answer("storage.get", () => storage);
    await click("Delete");
    expect(transport.requests("storage.drop_kept")).toEqual([{ name: "before.sqlite3" }]);
    expect(screen.queryByRole("list", { name: "Kept copies" })).toBeNull();
  });

  it("asks before details are removed, with how many and since when, and says what stays", async () => {
    const { transport } = await open(WINDOW);
    expect(screen.getByText("All are there")).toBeTruthy();
    const choose = async (value: string) => {
      fireEvent.change(screen.getByRole("combobox", { name: "Keep details for" }), { target: { value } });
      await settle();
    };
    await choose("6");
    const dialog = screen.getByRole("dialog", { name: "Remove details before Tue 26 May 2026?" });
    expect(dialog.textContent).toContain("12,345 responses of 41,882 will no longer be listed one by one. Totals, costs");
    expect(dialog.textContent).toContain("cannot be undone except from a backup");
    await click("Keep");
    expect(transport.requests("storage.retention")).toEqual([]);
    await choose("6");
    await click("Remove details");
    expect(transport.requests("storage.retention")).toEqual([{ months: 6 }]);
    transport.answer("storage.get", () => ({ ...storage, retention: { months: 6, removed_before_ms: Date.UTC(2026, 4, 26) } }));
    transport.push("job-updated", makeJob({ kind: "retention", state: "done", result: makeResult({ message: "Details of 12,345 responses removed.", kept: "before-removal.sqlite3" }) }));
    await settle();
    expect(screen.getByText("Removed before Tue 26 May 2026")).toBeTruthy();
    await choose("");
    expect(transport.requests("storage.retention")).toEqual([{ months: 6 }, { months: null }]);
    await click("Undo");
    expect(transport.requests("storage.restore")).toEqual([{ kept: "before-removal.sqlite3" }]);
  });

  it("says why nothing could be removed", async () => {
    const { store, transport } = await open(WINDOW);
    transport.answer("storage.retention_preview", () => Promise.reject(new ApiError("ledger_busy", "The database is busy.")));
    fireEvent.change(screen.getByRole("combobox", { name: "Keep details for" }), { target: { value: "3" } });
    await settle();
    expect(store.notify).toHaveBeenCalledWith("The database is busy.", "error");
    expect(screen.queryByRole("dialog", { name: /Remove details/ })).toBeNull();
  });

  it("exports what is shown or everything", async () => {
    const { transport, store } = await open();
    store.filters.setProvider("codex");
    await settle();
    expect(screen.getByLabelText("Last 7 days, Codex")).toBeTruthy();
    fireEvent.click(screen.getByLabelText("Responses"));
    fireEvent.click(screen.getByLabelText("JSON"));
    await click("Export…");
    transport.push("job-updated", makeJob({ kind: "export", state: "done", result: makeResult({}) }));
    await settle();
    fireEvent.click(screen.getByLabelText("Everything"));
    await click("Export…");
    expect(transport.requests("export.start")).toMatchObject([{ what: "events", format: "json", range: "last7days", provider: "codex" }, { range: "alltime", what: "events" }]);
  });

  it("fetches an export that this page began, once, also when its end comes before the answer", async () => {
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    const { transport, store } = await open();
    const done = makeJob({ id: 7, kind: "export", state: "done", result: makeResult({ download: "/api/download/x" }) });
    transport.answer("export.start", () => {
      transport.push("job-updated", done);
      return { job: makeJob({ id: 7, kind: "export" }) };
    });
    await click("Export…");
    expect(store.jobs.running.value).toBe(false);
    transport.push("job-updated", done);
    transport.push("job-updated", { ...done, id: 8 });
    await settle();
    expect(clicked).toHaveBeenCalledTimes(1);
    clicked.mockRestore();
  });

  it("takes over settings with undo, and says what is wrong with a file", async () => {
    const { transport, store } = await open(WINDOW);
    const { settings } = appState;
    transport.answer("settings.import", () => ({ settings: { ...settings, theme: "dark" }, before: settings, changed: ["theme"] }));
    await click("Import settings…");
    expect(screen.getByText("1 setting changed.")).toBeTruthy();
    expect(store.prefs.settings.value.theme).toBe("dark");
    await click("Undo");
    expect(transport.requests("settings.set")).toEqual([{ values: { settings_tab: "storage" } }, { values: { theme: "system" } }]);
    transport.answer("settings.import", () => Promise.reject(new ApiError("invalid_file", "The file is empty. Nothing was changed.")));
    await click("Import settings…");
    expect(screen.getByRole("alert").textContent).toBe("The file is empty. Nothing was changed.");
  });
});

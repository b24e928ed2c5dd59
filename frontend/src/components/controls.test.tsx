import { act, cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Button } from "./Button";
import { CopyButton } from "./CopyButton";
import { DateRange, rangeProblem } from "./DateRange";
import { ErrorState } from "./ErrorState";
import { Switch, TextField } from "./Field";
import { IconButton } from "./IconButton";
import { Late } from "./Late";
import { pageAt, Pager } from "./Pager";
import { Segmented } from "./Segmented";
import { Select } from "./Select";
import { Skeleton } from "./Skeleton";
import { clearToasts, dismissToast, showToast, toasts } from "./toaster";
import { LATE_MS } from "./useLate";

afterEach(() => {
  cleanup();
  clearToasts();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("DateRange", () => {
  it.each([
    ["", "", "Choose a first and a last day."], ["2025-09-01", "", "Choose a last day."], ["", "2025-09-01", "Choose a first day."],
    ["2025-09-02", "2025-09-01", "The first day is after the last day."], ["2025-09-01", "2025-09-01", null], ["2025-02-30", "2025-03-01", "Choose a first day."],
  ])("%s to %s: %s", (start, end, problem) => expect(rangeProblem(start, end)).toBe(problem));

  it("tells a whole range only, and says what is wrong otherwise", () => {
    const onChange = vi.fn();
    render(<DateRange start={null} end={null} onChange={onChange} />);
    fireEvent.change(screen.getByLabelText("First day"), { target: { value: "2025-09-10" } });
    expect(screen.getByRole("status").textContent).toBe("Choose a last day.");
    fireEvent.change(screen.getByLabelText("Last day, included"), { target: { value: "2025-09-01" } });
    expect(screen.getByRole("status").textContent).toBe("The first day is after the last day.");
    expect(onChange).not.toHaveBeenCalled();
    fireEvent.change(screen.getByLabelText("Last day, included"), { target: { value: "2025-09-12" } });
    expect(onChange).toHaveBeenCalledWith({ start: "2025-09-10", end: "2025-09-12" });
  });
});

describe("signs that move", () => {
  const moving = () => document.querySelectorAll(".td-button__spin, .td-skeleton--late").length;
  const signs = (busy: boolean) => (
    <>
      <Button icon="refresh" busy={busy} onClick={() => undefined}>Scan</Button>
      <IconButton icon="refresh" label="Refresh" busy={busy} onClick={() => undefined} />
      <Skeleton />
    </>
  );

  it("stand still until the wait is long", () => {
    vi.useFakeTimers();
    render(signs(true));
    act(() => void vi.advanceTimersByTime(LATE_MS - 1));
    expect(moving()).toBe(0);
    expect(screen.getByRole("button", { name: "Refresh" }).getAttribute("aria-busy")).toBe("true");
    act(() => void vi.advanceTimersByTime(1));
    expect(moving()).toBe(3);
  });

  it("are not seen for the blink of an eye", () => {
    vi.useFakeTimers();
    render(<Late class="mine"><p>Loading</p></Late>);
    const { classList } = screen.getByText("Loading").parentElement!;
    expect([...classList]).toEqual(["td-late", "mine"]);
    act(() => void vi.advanceTimersByTime(LATE_MS));
    expect([...classList]).toEqual(["td-late", "td-late--shown", "mine"]);
  });

  it("begin anew with each wait", () => {
    vi.useFakeTimers();
    const { rerender } = render(signs(true));
    act(() => void vi.advanceTimersByTime(LATE_MS));
    rerender(signs(false));
    expect(moving()).toBe(1);
    rerender(signs(true));
    expect(moving()).toBe(1);
  });
});

describe("choices", () => {
  it("is a group of radio buttons", () => {
    const onChange = vi.fn();
    render(<Segmented label="Metric" value="cost" onChange={onChange} options={[{ value: "tokens", label: "Tokens" }, { value: "cost", label: "Cost" }]} />);
    expect(screen.getByRole("radiogroup", { name: "Metric" })).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Cost" }).checked).toBe(true);
    fireEvent.click(screen.getByRole("radio", { name: "Tokens" }));
    expect(onChange).toHaveBeenCalledWith("tokens");
  });
  it("is the platform's select box", () => {
    const onChange = vi.fn();
    render(<Select label="Provider" value="all" onChange={onChange} options={[{ value: "all", label: "All" }, { value: "codex", label: "Codex\u202E" }]} />);
    const box = screen.getByLabelText<HTMLSelectElement>("Provider");
    expect(box.options[1]?.textContent).toBe("Codex[U+202E]");
    fireEvent.change(box, { target: { value: "codex" } });
    expect(onChange).toHaveBeenCalledWith("codex");
  });
  it("switches", () => {
    const onChange = vi.fn();
    render(<Switch label="Privacy" checked={false} onChange={onChange} />);
    fireEvent.click(screen.getByRole("switch", { name: "Privacy" }));
    expect(onChange).toHaveBeenCalledWith(true);
  });
  it("says beside a field what is wrong with it", () => {
    render(<TextField label="Path" value="" onInput={() => undefined} error="No such folder." hint="A folder" />);
    const box = screen.getByLabelText("Path");
    expect(box.getAttribute("aria-invalid")).toBe("true");
    expect(document.getElementById(box.getAttribute("aria-describedby") ?? "")?.textContent).toBe("No such folder.");
  });
});

describe("Pager", () => {
  it.each([
    [0, 3418, "1–25 of 3,418 rows", true, false], [3400, 3418, "3,401–3,418 of 3,418 rows", false, true], [0, 0, "No rows", true, true], [25, 50, "26–50 of 50 rows", false, true],
  ])("at %d of %d", (offset, total, text, atStart, atEnd) => {
    render(<Pager page={pageAt(offset, 25, total)} limit={25} onPage={() => undefined} />);
    expect(screen.getByText(text)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Previous page" }).disabled).toBe(atStart);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Next page" }).disabled).toBe(atEnd);
  });
  it("asks for the page", () => {
    const onPage = vi.fn();
    render(<Pager page={{ offset: 10, total: 100, previous: "before", next: "after", last: "last" }} limit={25} onPage={onPage} />);
    fireEvent.click(screen.getByRole("button", { name: "Previous page" }));
    fireEvent.click(screen.getByRole("button", { name: "Next page" }));
    fireEvent.click(screen.getByRole("button", { name: "First page" }));
    fireEvent.click(screen.getByRole("button", { name: "Last page" }));
    expect(onPage.mock.calls).toEqual([["before"], ["after"], [null], ["last"]]);
  });
});

describe("CopyButton", () => {
  it("copies without activating the row around it, and shows that it did", async () => {
    const writeText = vi.fn().mockResolvedValue(undefined);
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    const onRow = vi.fn();
    render(<div onClick={onRow}><CopyButton text="019f4efb" label="Copy session id" /></div>);
    fireEvent.click(screen.getByRole("button", { name: "Copy session id" }));
    expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy();
    expect(writeText).toHaveBeenCalledWith("019f4efb");
    expect(onRow).not.toHaveBeenCalled();
  });
  it("says that it failed", async () => {
    vi.stubGlobal("navigator", { clipboard: { writeText: vi.fn().mockRejectedValue(new Error("no")) } });
    render(<CopyButton text="x" label="Copy" />);
    fireEvent.click(screen.getByRole("button", { name: "Copy" }));
    await vi.waitFor(() => expect(toasts.value[0]?.tone).toBe("error"));
  });
});

describe("toasts", () => {
  it("counts the same message, keeps four, and goes by itself", () => {
    vi.useFakeTimers();
    for (const message of ["a", "b", "b", "c", "d", "e"]) showToast(message);
    expect(toasts.value.map((item) => `${item.message}${item.count}`)).toEqual(["b2", "c1", "d1", "e1"]);
    dismissToast(toasts.value[0]?.id ?? 0);
    vi.advanceTimersByTime(5000);
    expect(toasts.value).toEqual([]);
  });
});

describe("ErrorState", () => {
  it("says what failed and tries again", () => {
    const onRetry = vi.fn();
    render(<ErrorState message="The database is locked." onRetry={onRetry} />);
    expect(screen.getByRole("alert").textContent).toContain("The database is locked.");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(onRetry).toHaveBeenCalled();
  });
});

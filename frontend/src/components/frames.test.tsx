import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Badge } from "./Badge";
import { Card } from "./Card";
import { EmptyState } from "./EmptyState";
import { Legend } from "./Legend";
import { Skeleton } from "./Skeleton";
import { Toaster } from "./Toast";
import { clearToasts, showToast } from "./toaster";

afterEach(() => {
  cleanup();
  clearToasts();
});

describe("Card", () => {
  it("is a section named by its title", () => {
    render(<Card title="Limits" note="stale" actions={<button type="button">More</button>}>body</Card>);
    expect(screen.getByRole("region", { name: "Limits" }).textContent).toContain("body");
  });
  it("has no header where there is nothing in it", () => {
    const { container } = render(<Card>body</Card>);
    expect(container.querySelector("header")).toBeNull();
  });
});

describe("Badge", () => {
  it("is a button only where it leads somewhere", () => {
    const onClick = vi.fn();
    render(<><Badge>Plus</Badge><Badge tone="warn" onClick={onClick}>3 models unpriced</Badge></>);
    fireEvent.click(screen.getByRole("button", { name: "3 models unpriced" }));
    expect(onClick).toHaveBeenCalled();
    expect(screen.getAllByRole("button")).toHaveLength(1);
  });
});

describe("Legend", () => {
  it("names colours, writes figures, and switches series", () => {
    const onToggle = vi.fn();
    render(
      <Legend label="Models" items={[{ key: "a", label: "alpha", color: "red", value: "$1.00", exact: "$1.0001" }]} total={{ value: "$1.00" }} hidden={new Set(["a"])} onToggle={onToggle} />,
    );
    const item = screen.getByRole("button", { name: "alpha" });
    expect(item.getAttribute("aria-pressed")).toBe("false");
    fireEvent.click(item);
    expect(onToggle).toHaveBeenCalledWith("a");
    expect(screen.getByTitle("$1.0001").textContent).toBe("$1.00");
  });
});

describe("states", () => {
  it("say what they are", () => {
    render(<><EmptyState title="No sessions">Start one.</EmptyState><Skeleton shape="table" rows={4} label="Loading sessions" /></>);
    expect(screen.getByText("Start one.")).toBeTruthy();
    expect(screen.getByRole("status", { name: "Loading sessions" }).children).toHaveLength(4);
  });
});

describe("Toaster", () => {
  it("shows messages as text, tells failures at once, and lets them go", () => {
    render(<Toaster />); // jsdom knows no popovers and hides them
    act(() => void showToast("<b>failed</b>", "error"));
    expect(screen.getByRole("alert", { hidden: true }).textContent).toContain("<b>failed</b>");
    fireEvent.click(screen.getByRole("button", { name: "Dismiss", hidden: true }));
    expect(screen.queryByRole("alert", { hidden: true })).toBeNull();
  });
});

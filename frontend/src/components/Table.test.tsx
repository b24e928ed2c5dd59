import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Table, type Column, type TableProps } from "./Table";
import { compareValues, nextSort, sortRows } from "./tableRows";

afterEach(cleanup);

interface Row {
  name: string;
  tokens: number | null;
  children?: Row[];
}

const ROWS: Row[] = [
  { name: "alpha", tokens: 10, children: [{ name: "low", tokens: 3 }, { name: "high", tokens: 7 }] },
  { name: "beta", tokens: null },
  { name: "gamma", tokens: 30 },
];

const inside = vi.fn();
const COLUMNS: Column<Row>[] = [
  { key: "name", header: "Name", cell: (row) => <span>{row.name} <button type="button" onClick={inside}>Copy {row.name}</button></span>, sortValue: (row) => row.name },
  { key: "tokens", header: "Tokens", align: "right", cell: (row) => row.tokens ?? "unknown", title: (row) => `exactly ${row.tokens}`, sortValue: (row) => row.tokens, bar: (row) => (row.tokens ?? 0) / 30 },
];

function show(extra: Partial<TableProps<Row>> = {}) {
  return render(<Table label="Models" columns={COLUMNS} rows={ROWS} rowKey={(row) => row.name} {...extra} />);
}

const names = () => screen.getAllByRole("row").slice(1).map((row) => row.textContent?.split(" ")[0]);
const rowOf = (name: string) => {
  const row = screen.getByText(`Copy ${name}`).closest("tr");
  if (!row) throw new Error(`no row ${name}`);
  return row;
};

describe("sorting", () => {
  it("sorts figures from the largest and says so, nulls last either way", () => {
    show();
    fireEvent.click(screen.getByRole("button", { name: "Tokens" }));
    expect(names()).toEqual(["gamma", "alpha", "beta"]);
    expect(screen.getByRole("columnheader", { name: "Tokens" }).getAttribute("aria-sort")).toBe("descending");
    fireEvent.click(screen.getByRole("button", { name: "Tokens" }));
    expect(names()).toEqual(["alpha", "gamma", "beta"]);
    expect(screen.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort")).toBe("none");
  });
  it("only tells where the backend sorts", () => {
    const onSort = vi.fn();
    show({ sort: { key: "tokens", descending: true }, onSort, sortedElsewhere: true });
    fireEvent.click(screen.getByRole("button", { name: "Tokens" }));
    expect(onSort).toHaveBeenCalledWith({ key: "tokens", descending: false });
    expect(names()).toEqual(["alpha", "beta", "gamma"]);
  });
  it("compares names by number and without case, and leaves the rows alone", () => {
    expect(["m10", "M2", "m1"].sort((left, right) => compareValues(left, right, false))).toEqual(["m1", "M2", "m10"]);
    const before = [...ROWS];
    expect(sortRows(ROWS, COLUMNS[1], true)[0]?.name).toBe("gamma");
    expect(ROWS).toEqual(before);
    expect(nextSort(null, { key: "a", header: "A", cell: () => "" })).toEqual({ key: "a", descending: false });
  });
});

describe("unfolding", () => {
  it("unfolds by its caret, which says whether it is open, and sorts children too", () => {
    show({ childrenOf: (row) => row.children ?? [], defaultSort: { key: "tokens", descending: true } });
    const caret = screen.getByRole("button", { name: "Unfold" });
    expect(caret.getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(caret);
    expect(names()).toEqual(["gamma", "alpha", "high", "low", "beta"]);
    fireEvent.click(screen.getByRole("button", { name: "Fold" }));
    expect(names()).toEqual(["gamma", "alpha", "beta"]);
  });
  it("unfolds by a click on the row where the row leads nowhere", () => {
    show({ childrenOf: (row) => row.children ?? [] });
    fireEvent.click(within(rowOf("alpha")).getByText("10"));
    expect(names()).toHaveLength(5);
  });
});

describe("activating rows", () => {
  it("activates by click and by Enter on the row itself", () => {
    const onRow = vi.fn();
    show({ onRow });
    fireEvent.click(within(rowOf("alpha")).getByText("10"));
    fireEvent.keyDown(rowOf("gamma"), { key: "Enter" });
    expect(onRow.mock.calls.map(([row]) => row.name)).toEqual(["alpha", "gamma"]);
  });
  it("leaves buttons inside to themselves, by pointer and by keyboard", () => {
    const onRow = vi.fn();
    show({ onRow });
    const button = screen.getByRole("button", { name: "Copy alpha" });
    fireEvent.click(button);
    expect(inside).toHaveBeenCalled();
    expect(fireEvent.keyDown(button, { key: "Enter" })).toBe(true);
    expect(fireEvent.keyDown(button, { key: " " })).toBe(true);
    expect(onRow).not.toHaveBeenCalled();
  });
  it("goes from row to row by arrows", () => {
    show({ onRow: () => undefined });
    rowOf("alpha").focus();
    fireEvent.keyDown(rowOf("alpha"), { key: "ArrowDown" });
    expect(document.activeElement).toBe(rowOf("beta"));
    fireEvent.keyDown(rowOf("beta"), { key: "ArrowUp" });
    expect(document.activeElement).toBe(rowOf("alpha"));
  });
});

describe("the rest of a table", () => {
  it("draws totals by the same columns, exact figures on hover, and bars", () => {
    const { container } = show({ total: { name: "all", tokens: 40 } });
    expect(container.querySelector<HTMLElement>("tfoot td:last-child")?.title).toBe("exactly 40");
    expect(container.querySelectorAll(".td-table__bar")).toHaveLength(3);
  });
  it("says that it is empty, without totals", () => {
    const { container } = show({ rows: [], empty: "No sessions in this range.", total: { name: "all", tokens: 0 } });
    expect(screen.getByText("No sessions in this range.")).toBeTruthy();
    expect(container.querySelector("tfoot")).toBeNull();
  });
});

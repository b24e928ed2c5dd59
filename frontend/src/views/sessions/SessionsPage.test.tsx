import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { mount, settle } from "../../../test/mount";
import { pageAt } from "../../components";
import { SessionsPage } from "./SessionsPage";

const searched = () => new Promise((resolve) => setTimeout(resolve, 300));

describe("the list of sessions", () => {
  it("asks the backend for the order, also by what has no column", async () => {
    const { transport } = await mount(<SessionsPage />);
    const last = () => transport.requests("sessions.list").at(-1);
    expect(last()).toMatchObject({ sort: "last_seen", descending: true, at: null, limit: 50 });
    fireEvent.change(screen.getByRole("combobox", { name: "Order" }), { target: { value: "parent" } });
    await settle();
    expect(last()).toMatchObject({ sort: "parent", descending: false });
    fireEvent.click(screen.getByRole("button", { name: "Sorted up; sort down" }));
    await settle();
    expect(last()).toMatchObject({ sort: "parent", descending: true });
    fireEvent.click(within(screen.getByRole("table")).getByRole("button", { name: "Lasted" }));
    await settle();
    expect(last()).toMatchObject({ sort: "duration", descending: true });
  });

  it("goes over all time where that is chosen, and pages", async () => {
    const { transport } = await mount(<SessionsPage />);
    fireEvent.click(screen.getByRole("radio", { name: "All time" }));
    await settle();
    expect(transport.requests("sessions.list").at(-1)).toMatchObject({ range: "alltime", start: null, end: null });
    fireEvent.click(screen.getByRole("button", { name: "Next page" }));
    await settle();
    expect(transport.requests("sessions.list").at(-1)).toMatchObject({ range: "alltime", at: "50" });
    expect(screen.getByText("51–100 of 214 sessions")).toBeTruthy();
  });

  it("offers all time where the range has none, and comes back as it was left", async () => {
    const first = await mount(<SessionsPage />, (transport) => transport.answer("sessions.list", ({ range }) => ({ ...pageAt(0, 50, range === "alltime" ? 1 : 0), rows: [] })));
    fireEvent.input(screen.getByRole("searchbox", { name: "Search" }), { target: { value: " parser " } });
    await searched();
    await settle();
    expect(screen.getByText("No session fits the search")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Search all time" }));
    await settle();
    expect(first.transport.requests("sessions.list").at(-1)).toMatchObject({ search: "parser", range: "alltime" });
    first.rerender(<></>);
    first.rerender(<first.Again><SessionsPage /></first.Again>);
    await settle();
    expect(screen.getByRole("searchbox", { name: "Search" })).toHaveProperty("value", "parser");
    expect(screen.getByRole("radio", { name: "All time" })).toHaveProperty("checked", true);
  });
});

import { fireEvent, screen } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { HOUR, NOW } from "../../../test/fixtures/app";
import { makeDashboard } from "../../../test/fixtures/dashboard";
import { estimated } from "../../../test/fixtures/limits";
import { mount } from "../../../test/mount";
import { LimitsPanel, spanOf } from "./LimitsPanel";

describe("the limits", () => {
  it("show blocked, running out, stale and unknown in words", async () => {
    await mount(<LimitsPanel />);
    expect(screen.getByText("Blocked by weekly")).toBeTruthy();
    expect(screen.getByText(/^runs out \d\d:\d\d$/)).toBeTruthy();
    expect(screen.getByText("stale")).toBeTruthy();
    expect(screen.getByText("no reading yet")).toBeTruthy();
  });

  it("show a block as an estimate, without any percentage of it", async () => {
    await mount(<LimitsPanel />, (transport) => transport.answer("dashboard.get", () => makeDashboard({ limits: [estimated] })));
    const row = document.querySelector("[data-state=estimate]");
    expect(row?.textContent).toContain("5 hours Estimate");
    expect(row?.textContent).toContain("used: unknown");
    expect(row?.textContent).toContain("64 messages");
    expect(row?.textContent).toContain("began 11:26, ends in 2 h, 16:26, 60 % of its time is over");
    expect(document.querySelector("[role=meter]")).toBeNull();
    expect(document.querySelector(".tv-limit__source")?.textContent).toBe("Estimate");
    expect(NOW + 2 * HOUR).toBe(estimated.windows[0]?.resets_at_ms);
  });

  it("say why none is known, by provider", async () => {
    await mount(<LimitsPanel />, (transport) => transport.answer("dashboard.get", () => makeDashboard({ limits: [] })));
    expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toContain("Claude: The logs carry no limits.");
  });

  it("stand side by side without a lonely card", () => {
    const rows = (cards: number, key: "three" | "two") => Array.from({ length: cards }, (_, at) => spanOf(at, cards)[key]).join("");
    expect([1, 2, 3, 4, 5, 7, 8].map((cards) => rows(cards, "three"))).toEqual(["6", "33", "222", "3333", "22233", "2223333", "22222233"]);
    expect([1, 2, 3, 7].map((cards) => rows(cards, "two"))).toEqual(["6", "33", "336", "3333336"]);
  });

  it("unfold past windows, with the running one marked and without a change", async () => {
    await mount(<LimitsPanel />);
    fireEvent.click(screen.getAllByRole("button", { name: "Past windows" })[0] as HTMLElement);
    const table = screen.getByRole("table", { name: "Past windows: Weekly" });
    expect(table.textContent).toContain("now");
    expect(table.textContent).toContain("+7.1 %");
    fireEvent.click(screen.getByRole("radio", { name: "5 hours" }));
    expect(screen.getByRole("table", { name: "Past windows: 5 hours" })).toBeTruthy();
  });
});

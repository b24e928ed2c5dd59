import { screen, within } from "@testing-library/preact";
import { expect, it } from "vitest";
import { limits } from "../../../test/fixtures/limits";
import { mount } from "../../../test/mount";
import type { PastWindow } from "../../api/types";
import { LimitHistory, worthWords } from "./LimitHistory";

it("tells what one percent was worth, and by how much less that is than before", async () => {
  await mount(<LimitHistory windows={limits[0]?.windows ?? []} />);
  const rows = within(screen.getByRole("table")).getAllByRole("row");
  expect(within(rows[1] as HTMLElement).getByText("231K · $0.0940")).toBeTruthy();
  expect(within(rows[2] as HTMLElement).getByText("222K · $0.0940 (−3.2 %)")).toBeTruthy();
  expect(within(rows[5] as HTMLElement).getAllByText("–").length).toBeGreaterThan(0);
});

it("leaves the dollars out where they are unknown", () => {
  const row = { usd_per_percent: null, worth_change_percent: 8 } as PastWindow;
  expect(worthWords(row, "20K")).toBe("20K (+8.0 %)");
});

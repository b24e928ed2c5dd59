import { screen } from "@testing-library/preact";
import { expect, it } from "vitest";
import { limits } from "../../../test/fixtures/limits";
import { mount } from "../../../test/mount";
import type { PastWindow } from "../../api/types";
import { LimitHistory, shrinkWords, worthWords } from "./LimitHistory";

it("tells what one percent was worth, and by how much less that is than before", async () => {
  await mount(<LimitHistory windows={limits[0]?.windows ?? []} />);
  expect(screen.getByText("One percent was 222K tokens, $0.0940 in the last complete window: 3.2 % less than before.")).toBeTruthy();
  expect(screen.getAllByTitle("One percent was 231K tokens, $0.0940").length).toBeGreaterThan(0);
});

it.each([
  [-20.54, "20.5 % less than before"],
  [8, "8.0 % more than before"],
  [-2.9, "about as much as before"],
  [null, null],
])("a change of %s is %s", (worth_change_percent, words) => {
  expect(shrinkWords({ worth_change_percent } as PastWindow)).toBe(words);
});

it("leaves the dollars out where they are unknown, and says nothing where too little was used", () => {
  const row = { tokens_per_percent: 20_000, usd_per_percent: null } as PastWindow;
  expect(worthWords(row, String)).toBe("One percent was 20000 tokens");
  expect(worthWords({ ...row, tokens_per_percent: null }, String)).toBeNull();
});

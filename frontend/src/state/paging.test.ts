import { signal } from "@preact/signals";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Filter } from "../api/types";
import { pageAt, type PagerProps } from "../components/Pager";
import { createPaged, type Paged } from "./paging";
import { createReloader } from "./reload";

type Page = PagerProps["page"];
let paged: Paged<{ model: string | null }, Page>;
afterEach(() => paged.stop());

function setUp() {
  const filter = signal<Filter | null>({ range: "today" });
  const fetch = vi.fn((request: { at: string | null }) => Promise.resolve(pageAt(Number(request.at), 25, 100)));
  paged = createPaged<{ model: string | null }, Page>({ filter, reloader: createReloader(), options: { model: null }, limit: 25, fetch });
  return { filter, fetch };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("createPaged", () => {
  it("asks for its first page, then for the pages that are gone to", async () => {
    const { fetch } = setUp();
    paged.goTo("25");
    await settle();
    expect(fetch.mock.calls.map(([request]) => request.at)).toEqual([null, "25"]);
    expect(paged.data.value?.offset).toBe(25);
  });

  it("starts at the first page, with one call, when the filter or the question changes", async () => {
    const { filter, fetch } = setUp();
    paged.goTo("50");
    await settle();
    filter.value = { range: "alltime" };
    await settle();
    paged.goTo("50");
    paged.choose({ model: "gpt-5.6-sol" });
    await settle();
    expect(fetch.mock.calls.map(([request]) => request.at)).toEqual([null, "50", null, "50", null]);
    expect(fetch.mock.lastCall?.[0]).toEqual({ range: "alltime", model: "gpt-5.6-sol", at: null, limit: 25 });
  });

  it("stays at its place when it is asked again, and goes back to the first page", async () => {
    const { fetch } = setUp();
    paged.goTo("50");
    await settle();
    await paged.reload();
    paged.goTo(null);
    await settle();
    expect(fetch.mock.calls.map(([request]) => request.at)).toEqual([null, "50", "50", null]);
    expect(paged.data.value?.offset).toBe(0);
  });

  it("asks for nothing while the range is not complete", async () => {
    const { filter, fetch } = setUp();
    await settle();
    filter.value = null;
    await paged.reload();
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

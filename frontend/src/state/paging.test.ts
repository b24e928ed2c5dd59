import { signal } from "@preact/signals";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Filter } from "../api/types";
import { createPaged, type Paged } from "./paging";
import { createReloader } from "./reload";

interface Page {
  total: number;
  offset: number;
}
let paged: Paged<{ model: string | null }, Page>;
afterEach(() => paged.stop());

function setUp(total = 100) {
  const filter = signal<Filter | null>({ range: "today" });
  const size = { total };
  const fetch = vi.fn((request: { offset: number }) => Promise.resolve({ total: size.total, offset: request.offset }));
  paged = createPaged<{ model: string | null }, Page>({ filter, reloader: createReloader(), options: { model: null }, limit: 25, fetch });
  return { filter, fetch, size };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("createPaged", () => {
  it("asks for its first page, then for the pages that are gone to", async () => {
    const { fetch } = setUp();
    paged.goTo(25);
    await settle();
    expect(fetch.mock.calls.map(([request]) => request.offset)).toEqual([0, 25]);
    expect(paged.data.value?.offset).toBe(25);
  });

  it("starts at the first page, with one call, when the filter or the question changes", async () => {
    const { filter, fetch } = setUp();
    paged.goTo(50);
    await settle();
    filter.value = { range: "alltime" };
    await settle();
    paged.goTo(50);
    paged.choose({ model: "gpt-5.6-sol" });
    await settle();
    expect(fetch.mock.calls.map(([request]) => request.offset)).toEqual([0, 50, 0, 50, 0]);
    expect(fetch.mock.lastCall?.[0]).toEqual({ range: "alltime", model: "gpt-5.6-sol", offset: 0, limit: 25 });
  });

  it("goes to the last page when the list has shrunk", async () => {
    const { size } = setUp();
    paged.goTo(75);
    await settle();
    size.total = 30;
    await paged.reload();
    await settle();
    expect(paged.offset.value).toBe(25);
    expect(paged.data.value?.offset).toBe(25);
  });

  it("asks for nothing while the range is not complete", async () => {
    const { filter, fetch } = setUp();
    await settle();
    filter.value = null;
    await paged.reload();
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

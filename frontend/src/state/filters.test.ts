import { describe, expect, it, vi } from "vitest";
import { createFakeTransport } from "../../test/fake";
import { settings } from "../../test/fixtures/app";
import type { ResolvedRange } from "../api/types";
import { bucketOf, createFilters, customProblem, dimensionOf, filterOf, rangeOf } from "./filters";
import { createPrefs } from "./prefs";

const shown: ResolvedRange = {
  name: "last7days",
  start_ms: Date.UTC(2026, 10, 15, 23),
  end_ms: Date.UTC(2026, 10, 22, 23),
  timezone: "Europe/Berlin",
  label: "Last 7 days",
};

const setUp = (part = {}) => {
  const prefs = createPrefs(createFakeTransport(), { ...settings, timezone: "Europe/Berlin", ...part }, () => undefined);
  const filters = createFilters(prefs, (id) => (id === 1 ? "codex" : "claude"));
  return { prefs, filters };
};

describe("filterOf", () => {
  it("leaves the days out of a named range", () => {
    expect(filterOf({ ...settings, custom_start: "2026-01-01" })).toEqual({ range: "last7days", provider: null, home: null });
  });

  it("asks for nothing while a custom range is half filled or reversed", () => {
    const custom = { ...settings, range: "custom" };
    expect(filterOf({ ...custom, custom_end: "2026-01-02" })).toBeNull();
    expect(customProblem({ ...custom, custom_start: "2026-01-03", custom_end: "2026-01-02" })).toContain("after");
    expect(filterOf({ ...custom, custom_start: "2026-01-02", custom_end: "2026-01-02" })).toMatchObject({ start: "2026-01-02", end: "2026-01-02" });
  });

  it("falls back to the default for stored names that are not known", () => {
    expect(rangeOf({ ...settings, range: "fortnight" })).toBe("last7days");
    expect(bucketOf({ ...settings, bucket: "minute" })).toBeNull();
    expect(dimensionOf("colour")).toBe("model");
  });
});

describe("createFilters", () => {
  it("fills a new custom range with the days that are shown", () => {
    const { filters, prefs } = setUp();
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 13) });
    filters.setRange("custom", shown);
    expect(prefs.settings.value).toMatchObject({ range: "custom", custom_start: "2026-11-16", custom_end: "2026-11-22" });
  });

  it("keeps the custom days that were chosen before", () => {
    const { filters, prefs } = setUp({ custom_start: "2026-01-01", custom_end: "2026-02-01" });
    filters.setRange("custom", shown);
    expect(prefs.settings.value.custom_start).toBe("2026-01-01");
  });

  it("narrows to the days of a bar in its zone, the end not included, and goes back", () => {
    const { filters, prefs } = setUp();
    filters.narrow(Date.UTC(2026, 10, 15, 23), Date.UTC(2026, 10, 16, 23), "Europe/Berlin");
    expect(filters.filter.value).toMatchObject({ range: "custom", start: "2026-11-16", end: "2026-11-16" });
    expect(filters.before.value).toBe("last7days");
    filters.widen();
    expect(prefs.settings.value.range).toBe("last7days");
    expect(filters.before.value).toBeNull();
  });

  it("drops a home of another provider", () => {
    const { filters, prefs } = setUp({ home: 2, provider: "claude" });
    filters.setProvider("codex");
    expect(prefs.settings.value).toMatchObject({ provider: "codex", home: null });
  });
});

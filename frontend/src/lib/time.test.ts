import { afterEach, describe, expect, it, vi } from "vitest";
import { addDays, DAY, dayIn, HOUR, isDay, isTime, MINUTE, now, partsIn, SECOND, startClock, weekdayOf } from "./time";
import { formatAgo, formatClock, formatDateTime, formatDay, formatDuration, formatMoment, formatRelative } from "./timeformat";

const T = Date.UTC(2025, 8, 18, 14, 40, 12); // Thursday

describe("durations", () => {
  it.each([
    [0, "0 ms"], [38, "38 ms"], [999.9, "999 ms"], [SECOND, "1 s"], [59_999, "59 s"], [MINUTE, "1 min"], [HOUR - 1, "59 min"], [HOUR, "1 h"],
    [2 * HOUR + 14 * MINUTE, "2 h 14 min"], [DAY - 1, "23 h 59 min"], [DAY, "1 d"], [3 * DAY + 4 * HOUR, "3 d 4 h"], [400 * DAY, "400 d"],
    [-90 * SECOND, "-1 min"], [null, "–"], [Number.NaN, "–"],
  ])("%s is %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe("relative times", () => {
  it.each([
    [T, "just now"], [T - 4000, "just now"], [T - 40_000, "40 s ago"], [T - 2 * HOUR - 14 * MINUTE, "2 h 14 min ago"], [T + 3000, "in a moment"],
    [T + 3 * DAY + 4 * HOUR, "in 3 d 4 h"], [T + 134 * MINUTE, "in 2 h 14 min"], [null, "–"], [1e20, "–"],
  ])("%s is %s", (ms, text) => expect(formatRelative(ms, T)).toBe(text));

  it.each([[T - 40_000, "40 s ago"], [T - 90 * MINUTE, "1 h ago"], [T - 3 * DAY, "3 d ago"], [T - 5 * MINUTE, "5 min ago"], [T + HOUR, "just now"], [null, "–"]])(
    "the age of %s is %s",
    (ms, text) => expect(formatAgo(ms, T)).toBe(text),
  );
});

describe("times in a zone", () => {
  it("uses the zone of the answer, not of the machine", () => {
    expect(formatClock(T, "Europe/Berlin")).toBe("16:40");
    expect(formatClock(T, "America/Los_Angeles")).toBe("07:40");
    expect(formatClock(T, "Asia/Kolkata")).toBe("20:10");
    expect(formatClock(Date.UTC(2025, 8, 18), "UTC")).toBe("00:00");
  });
  it("reads an unknown zone as UTC and an impossible time as a dash", () => {
    expect(formatClock(T, "Mars/Olympus")).toBe("14:40");
    expect(formatClock(1e20, "UTC")).toBe("–");
    expect(partsIn(Number.NaN, "UTC").year).toBe("–");
    expect([isTime(null), isTime(0), isTime(Number.NaN)]).toEqual([false, true, false]);
  });
  it("names the year only where it is another one", () => {
    expect(formatDateTime(T, "UTC", T)).toBe("18 Sep, 14:40");
    expect(formatDateTime(Date.UTC(2024, 11, 31, 23, 30), "Europe/Berlin", T)).toBe("1 Jan, 00:30");
    expect(formatDateTime(Date.UTC(2024, 11, 31, 23, 30), "UTC", T)).toBe("31 Dec 2024, 23:30");
    expect(formatDateTime(null, "UTC", T)).toBe("–");
  });
  it("names near moments shortly", () => {
    expect(formatMoment(T + HOUR, "UTC", T)).toBe("15:40");
    expect(formatMoment(T + 4 * DAY, "UTC", T)).toBe("Mon 14:40");
    expect(formatMoment(T + 7 * DAY, "UTC", T)).toBe("25 Sep, 14:40");
    expect(formatMoment(T + 10 * HOUR, "UTC", T)).toBe("Fri 00:40");
    expect(formatMoment(null, "UTC", T)).toBe("–");
  });
  it("knows the day across midnight and daylight saving", () => {
    expect(dayIn(Date.UTC(2025, 9, 26, 0, 30), "Europe/Berlin")).toBe("2025-10-26");
    expect(dayIn(Date.UTC(2025, 9, 25, 22, 30), "Europe/Berlin")).toBe("2025-10-26");
    expect(dayIn(Date.UTC(2025, 9, 26, 23, 30), "Europe/Berlin")).toBe("2025-10-27");
  });
});

describe("days", () => {
  it.each([["2025-02-28", true], ["2025-02-29", false], ["2024-02-29", true], ["2025-13-01", false], ["", false], ["2025-1-1", false], ["x", false]])(
    "%s is a day: %s",
    (text, yes) => expect(isDay(text)).toBe(yes),
  );
  it("counts across months and years", () => {
    expect(addDays("2024-12-31", 1)).toBe("2025-01-01");
    expect(addDays("2024-03-01", -1)).toBe("2024-02-29");
    expect(addDays("no day", 1)).toBe("no day");
  });
  it("begins weeks on Monday", () => expect(["2025-09-15", "2025-09-18", "2025-09-21"].map(weekdayOf)).toEqual([0, 3, 6]));
  it("is written out", () => expect([formatDay("2025-09-18"), formatDay("gpt-5.2")]).toEqual(["Thu 18 Sep 2025", "gpt-5.2"]));
});

describe("the clock", () => {
  afterEach(() => vi.useRealTimers());
  it("ticks until it is stopped", () => {
    vi.useFakeTimers({ now: T });
    const stop = startClock(1000);
    expect(now.value).toBe(T);
    vi.advanceTimersByTime(2500);
    expect(now.value).toBe(T + 2000);
    stop();
    vi.advanceTimersByTime(5000);
    expect(now.value).toBe(T + 2000);
  });
});

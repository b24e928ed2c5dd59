import { describe, expect, it } from "vitest";
import { limits } from "../../../test/fixtures/limits";
import { NOW } from "../../../test/fixtures/app";
import type { LimitWindow } from "../../api/types";
import { forecastWords, isStale, resetWords, restWords, runsOutAt, runsOutBadge, sourceWords, unknownWords } from "./limitWords";
import { signedPercent } from "./LimitHistory";

const zone = "Europe/Berlin";
const [calm, hot, unknown, blocked] = limits;
const first = (limit: (typeof limits)[number] | undefined): LimitWindow => {
  const window = limit?.windows[0];
  if (!window) throw new Error("The fixture has no window.");
  return window;
};

describe("words of a window", () => {
  it("say what is left", () => {
    expect([0, 12.5, 62, 99.5, 100, 104].map(restWords)).toEqual(["used, 100 % left", "used, 87 % left", "used, 38 % left", "used, 0.5 % left", "used, 0 % left", "used, 0 % left"]);
  });

  it("say when it resets, relative and absolute", () => {
    expect(resetWords(first(calm), zone, NOW)).toBe("resets in 2 h 14 min, 16:40");
    expect(resetWords(first(calm), zone, NOW + 3 * 3_600_000)).toBe("reset 46 min ago");
    expect(resetWords({ ...first(calm), resets_at_ms: null }, zone, NOW)).toBe("reset time unknown");
  });

  it("never guess an unknown window, but say what was known last", () => {
    const reset: LimitWindow = { ...first(calm), used_percent: null, resets_at_ms: null, state: "reset" };
    expect(unknownWords(first(unknown), zone, NOW).title).toBe("no reading yet");
    expect(unknownWords({ ...reset, history: reset.history.slice(1) }, zone, NOW)).toEqual({ title: "new window", detail: "last known 79 % used, reset 09:26" });
    expect(unknownWords({ ...reset, history: [] }, zone, NOW).detail).toBe("not read since it began");
  });

  it("say where it will stand, or when it runs out", () => {
    expect(forecastWords(first(calm).forecast, zone, NOW)).toBe("92 % at reset (80–104 %)");
    expect(forecastWords(first(hot).forecast, zone, NOW)).toBe("runs out in 1 h 24 min, 15:50");
    expect(forecastWords(null, zone, NOW)).toBeNull();
  });
});

describe("words of a limit", () => {
  it("name the soonest end", () => {
    const at = hot ? runsOutAt(hot) : null;
    expect(at).toBe(NOW + 84 * 60_000);
    expect(runsOutBadge(at ?? 0, zone, NOW)).toBe("runs out 15:50");
    expect(calm && runsOutAt(calm)).toBeNull();
  });

  it("tell the age of the reading", () => {
    expect(calm && sourceWords(calm, NOW)).toBe("From logs, 40 s ago");
    expect(blocked && isStale(blocked)).toBe(true);
    expect(calm && isStale(calm)).toBe(false);
  });

  it("write a change with its sign", () => {
    expect([20.14, -5, 0, null].map(signedPercent)).toEqual(["+20.1 %", "−5.0 %", "0.0 %", "–"]);
  });
});

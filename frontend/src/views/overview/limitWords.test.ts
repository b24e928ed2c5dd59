import { describe, expect, it } from "vitest";
import { limits } from "../../../test/fixtures/limits";
import { NOW } from "../../../test/fixtures/app";
import type { LimitWindow } from "../../api/types";
import { forecastWords, isStale, resetWords, runsOutAt, runsOutBadge, sourceWords, usedWords } from "./limitWords";
import { signedPercent } from "./LimitHistory";

const zone = "Europe/Berlin";
const [calm, hot, unknown, blocked] = limits;
const first = (limit: (typeof limits)[number] | undefined): LimitWindow => {
  const window = limit?.windows[0];
  if (!window) throw new Error("The fixture has no window.");
  return window;
};

describe("words of a window", () => {
  it("say used and left, and never guess the unknown", () => {
    expect(usedWords(first(calm))).toBe("62 % used, 38 % left");
    expect(usedWords(first(unknown))).toBe("unknown");
    expect(usedWords({ ...first(calm), used_percent: 0 })).toBe("0 % used, 100 % left");
    expect(usedWords({ ...first(calm), used_percent: 100 })).toBe("100 % used, 0 % left");
    expect(usedWords({ ...first(calm), used_percent: 104 })).toBe("104 % used, 0 % left");
  });

  it("say when it resets, relative and absolute", () => {
    expect(resetWords(first(calm), zone, NOW)).toBe("resets in 2 h 14 min, 16:40");
    expect(resetWords(first(calm), zone, NOW + 3 * 3_600_000)).toBe("has reset since the last reading");
    expect(resetWords({ ...first(calm), resets_at_ms: null }, zone, NOW)).toBe("reset time unknown");
    expect(resetWords(first(unknown), zone, NOW)).toBe("no reading yet");
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
    expect(calm && sourceWords(calm, NOW)).toBe("from logs, 40 s ago");
    expect(blocked && isStale(blocked)).toBe(true);
    expect(calm && isStale(calm)).toBe(false);
  });

  it("write a change with its sign", () => {
    expect([20.14, -5, 0, null].map(signedPercent)).toEqual(["+20.1 %", "−5.0 %", "0.0 %", "–"]);
  });
});

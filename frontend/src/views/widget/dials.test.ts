import { describe, expect, it } from "vitest";
import type { Home, Limit } from "../../api/types";
import { appState, HOUR, NOW, providers } from "../../../test/fixtures/app";
import { limits } from "../../../test/fixtures/limits";
import { limitOf, makeToday } from "../../../test/fixtures/widget";
import { dialsOf, isOver, shortWindow, standingOf, type Dial } from "./dials";
import { layoutOf } from "./layout";

const ZONE = "Europe/Berlin";
const home = (provider: string, part: Partial<Home> = {}): Home => ({ ...(appState.homes[0] as Home), provider, state: "ready" as Home["state"], ...part });
const dial = (id: string, found: Limit[] | null = null, homes: Home[] = [home(id)]): Dial => {
  const data = makeToday([id], found === null ? {} : { limits: found });
  const [first] = dialsOf(data, providers.filter((info) => info.id === id), homes);
  if (first === undefined) throw new Error("no dial");
  return first;
};

describe("the dials", () => {
  it("have the shortest window outside, the longer one inside, and all others as marks, the fullest first", () => {
    const codex = dial("codex");
    expect(codex.windows.map(({ window }) => window.window_minutes)).toEqual([300, 10_080]);
    expect(codex.marks.map(({ window, of }) => [of, window.used_percent])).toEqual([["gpt-6.1-spark", 100], ["gpt-6.1-spark", 12]]);
  });

  it("leave out a provider that is off, and one of which there is nothing to show", () => {
    const some = makeToday(["codex"], { limits: [] });
    expect(dialsOf(some, providers, [home("claude")]).map(({ id }) => id)).toEqual(["codex", "claude"]);
    const off = providers.map((info) => ({ ...info, on: info.id !== "codex" }));
    expect(dialsOf(some, off, [home("codex"), home("claude")]).map(({ id }) => id)).toEqual(["claude"]);
    expect(dialsOf(makeToday([]), providers, []).length).toBe(3);
  });

  it("have today's use where no limit is known", () => {
    const plain = dial("gemini", []);
    expect([plain.windows, plain.today?.events]).toEqual([[], 134]);
  });
});

describe("the standing", () => {
  const of = (shown: Dial) => standingOf(shown, ZONE, NOW);
  it("names what matters most, in words", () => {
    expect(of(dial("codex"))).toEqual({ tone: "bad", words: "gpt-6.1-spark limit reached" });
    expect(of(dial("claude"))).toEqual({ tone: "warn", words: "runs out 15:50" });
    expect(of(dial("gemini", []))).toEqual({ tone: "quiet", words: "reports no limits" });
    expect(of(dial("claude", null, [home("claude", { state: "missing" })]))).toEqual({ tone: "bad", words: "folder not readable" });
  });

  it.each([
    [{ forecast: null }, "ok", "read 40 s ago"],
    [{ forecast: null, state: "stale" as const }, "warn", "stale, 40 s ago"],
    [{ forecast: null, used_percent: null }, "quiet", "new, not read yet"],
    [{ used_percent: 100 }, "bad", "limit reached"],
  ])("of %j is %s: %s", (part, tone, words) => {
    expect(of(dial("claude", [limitOf("claude", part)]))).toEqual({ tone, words });
  });

  it("says which longer window blocks", () => {
    const blocked = { ...limitOf("claude", { forecast: null }), blocked_by: "Weekly" };
    expect(of(dial("claude", [blocked])).words).toBe("blocked by weekly");
  });
});

it.each([[300, "5 h"], [10_080, "7 d"], [1440, "1 d"], [90, "90 min"]])("%d minutes are %s", (minutes, words) => {
  expect(shortWindow(minutes)).toBe(words);
});

it.each([
  [1, 300, 176, "one"], [1, 260, 140, "rows"], [2, 360, 226, "columns"], [3, 360, 226, "columns"], [3, 300, 176, "rows"], [4, 360, 226, "rows"], [4, 520, 356, "columns"], [3, 0, 0, "rows"],
] as const)("%d dials in %d x %d are laid out as %s", (count, width, height, layout) => {
  expect(layoutOf(count, width, height)).toBe(layout);
});

describe("an answer", () => {
  const data = makeToday(["claude"]);
  it("is over when a window resets or the day ends", () => {
    expect(isOver(data, NOW)).toBe(false);
    expect(isOver(data, NOW + 2 * HOUR + 14 * 60_000)).toBe(true);
    expect(isOver({ ...data, limits: [] }, NOW + 9 * HOUR)).toBe(false);
    expect(isOver({ ...data, limits: [] }, NOW + 10 * HOUR)).toBe(true);
  });
  it("that came after the reset is not", () => {
    expect(isOver({ ...data, generated_at_ms: NOW + 10 * HOUR, limits: limits.slice(0, 0) }, NOW + 11 * HOUR)).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { countdownWords, nearness, spokenReset } from "./countdown";

const NOW = 1_780_000_000_000;
const MINUTE = 60_000;

describe("the countdown", () => {
  it.each([
    [null, "unknown", "reset unknown"],
    [-5_000, "due", "resetting now"],
    [0, "due", "resetting now"],
    [1_000, "minutes", "any minute, 0:01"],
    [12 * MINUTE + 4_500, "minutes", "any minute, 12:05"],
    [15 * MINUTE, "minutes", "any minute, 15:00"],
    [15 * MINUTE + 1, "hour", "this hour, 15 min"],
    [60 * MINUTE, "hour", "this hour, 1 h"],
    [134 * MINUTE, "soon", "soon, 2 h 14 min"],
    [360 * MINUTE, "soon", "soon, 6 h"],
    [360 * MINUTE + 1, "later", "in 6 h"],
    [76 * 60 * MINUTE, "later", "in 3 d 4 h"],
  ])("of %s ms is %s: %s", (left, near, words) => {
    const at = left === null ? null : NOW + left;
    expect([nearness(at, NOW), countdownWords(at, NOW)]).toEqual([near, words]);
  });

  it("ticks by the second when it is near, and falls", () => {
    const at = NOW + 90_000;
    expect([0, 1_000, 2_000, 31_000].map((passed) => countdownWords(at, NOW + passed))).toEqual(["any minute, 1:30", "any minute, 1:29", "any minute, 1:28", "any minute, 0:59"]);
  });

  it("is spoken without its seconds", () => {
    expect([null, -1, 90_000, 20_000, 76 * 60 * MINUTE].map((left) => spokenReset(left === null ? null : NOW + left, NOW))).toEqual([
      "reset unknown", "resetting now", "resets any minute, in 1 min", "resets any minute, in 1 min", "resets in 3 d 4 h",
    ]);
  });
});

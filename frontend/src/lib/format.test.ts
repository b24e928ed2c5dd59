import { describe, expect, it } from "vitest";
import {
  exactTokens, formatBytes, formatChange, formatCount, formatPercent, formatPointChange, formatShare, formatTokens, formatTokensTick, shortSessionId,
} from "./format";

describe("formatTokens", () => {
  it.each([
    [0, "0"], [7, "7"], [999, "999"], [999.4, "999"], [999.5, "1.00K"], [1000, "1.00K"], [1234, "1.23K"], [9994, "9.99K"], [9996, "10.0K"],
    [12_345, "12.3K"], [22_000, "22.0K"], [68_000, "68.0K"], [99_940, "99.9K"], [99_960, "100K"], [201_234, "201K"], [730_000, "730K"], [999_499, "999K"],
    [999_500, "1.00M"], [1_000_000, "1.00M"], [1_100_000, "1.10M"], [4_560_000, "4.56M"], [19_400_000, "19.4M"], [38_000_000, "38.0M"], [304_900_000, "305M"],
    [999_999_999, "1.00B"], [1_050_000_000, "1.05B"], [12_300_000_000_000, "12.3T"], [Number.MAX_SAFE_INTEGER, "9,007T"], [-12_345, "-12.3K"],
  ])("%d is %s", (tokens, text) => expect(formatTokens(tokens)).toBe(text));

  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])("%s is a dash", (value) => expect(formatTokens(value)).toBe("–"));
});

describe("figures of axes and columns", () => {
  it.each([[0, "0"], [500, "500"], [1500, "1.5K"], [20_000_000, "20M"], [120_000, "120K"], [-2000, "-2K"]])("%d on an axis is %s", (tokens, text) => expect(formatTokensTick(tokens)).toBe(text));
  it.each([[0, "0 %"], [0.01, "<0.1 %"], [9, "9.0 %"], [9.2, "9.2 %"], [42.4, "42 %"]])("a share of %d is %s", (share, text) => expect(formatShare(share)).toBe(text));
});

describe("exactTokens", () => {
  it.each([
    [0, "0"], [999, "999"], [1000, "1,000"], [1_234_567, "1,234,567"], [Number.MAX_SAFE_INTEGER, "9,007,199,254,740,991"],
    [-1234, "-1,234"], [12.6, "13"],
  ])("%d is %s", (tokens, text) => expect(exactTokens(tokens)).toBe(text));

  it("is a dash where unknown", () => expect(exactTokens(null)).toBe("–"));
});

describe("formatCount", () => {
  it.each([[0, "0 sessions"], [1, "1 session"], [3418, "3,418 sessions"]])("%d", (count, text) => expect(formatCount(count, "session")).toBe(text));
  it("takes another plural", () => expect(formatCount(2, "reply", "replies")).toBe("2 replies"));
});

describe("formatPercent", () => {
  it.each([
    [0, "0 %"], [0.01, "<0.1 %"], [0.05, "0.1 %"], [0.6, "0.6 %"], [1, "1 %"], [9.44, "9.4 %"], [9.94, "9.9 %"], [9.95, "10 %"], [10.4, "10 %"],
    [62.4, "62 %"], [94.5, "95 %"], [99.2, "99 %"], [99.97, "99 %"], [100, "100 %"], [104.2, "104 %"], [12_345, "12,345 %"],
    [-4.2, "-4.2 %"], [-40, "-40 %"], [-0.01, ">-0.1 %"],
  ])("%d is %s", (percent, text) => expect(formatPercent(percent)).toBe(text));

  it("says that it is unknown, never 0 or 100", () => {
    expect([null, undefined, Number.NaN].map((value) => formatPercent(value))).toEqual(["unknown", "unknown", "unknown"]);
    expect(formatPercent(null, "–")).toBe("–");
  });
});

describe("changes", () => {
  it.each([
    [112, 100, "+12 %"], [96, 100, "-4 %"], [100.01, 100, "no change"], [0, 0, "no change"], [5, 0, "new"], [0, 5, "-100 %"],
    [1240, 100, "×12.4"], [105.5, 100, "+5.5 %"], [Number.NaN, 1, null], [1, null, null],
  ])("%s after %s is %s", (current, previous, text) => expect(formatChange(current, previous)).toBe(text));

  it.each([[94.5, 93.9, "+0.6 pt"], [80, 92.5, "-13 pt"], [50, 50.01, "no change"], [50, null, null]])(
    "%s after %s is %s",
    (current, previous, text) => expect(formatPointChange(current, previous)).toBe(text),
  );
});

describe("formatBytes", () => {
  it.each([
    [0, "0 B"], [512, "512 B"], [999, "999 B"], [1000, "1.0 KB"], [12_345, "12.3 KB"], [999_600, "1.0 MB"], [88_412_000, "88.4 MB"],
    [250_000_000, "250 MB"], [4.5e9, "4.5 GB"], [7e15, "7000 TB"], [-1, "–"], [null, "–"],
  ])("%s is %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe("shortSessionId", () => {
  it.each([
    ["019f4efb-1c2d-7abc-8def-0123456789ab", "019f4efb…89ab"],
    ["codex:019f4efb-1c2d-7abc-8def-0123456789ab", "019f4efb…89ab"],
    ["/home/ada/.codex/sessions/rollout-2025-09-18T16-40-00-019F4EFB-1c2d-7abc-8def-0123456789ab.jsonl", "019F4EFB…89ab"],
    ["short", "short"], ["exactly-18-letters", "exactly-18-letters"], ["a-session-without-any-uuid", "a-sessio…y-uuid"],
    ["work/tree/session-7", "session-7"], ["", ""],
  ])("%s", (id, short) => expect(shortSessionId(id)).toBe(short));

  it("tells sub-agents of the same minute apart", () => {
    expect(shortSessionId("019f4efb-1c2d-7abc-8def-0123456789ab")).not.toBe(shortSessionId("019f4efb-1c2e-7abd-9def-0123456789cd"));
  });
});

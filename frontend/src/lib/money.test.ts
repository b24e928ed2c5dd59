import { describe, expect, it } from "vitest";
import { compareDecimals, decimalToNumber, parseDecimal, roundDecimal, sumDecimals } from "./decimal";
import { exactMoney, formatMoney, formatMoneyNumber, formatMoneyTick, shortMoney } from "./money";

describe("formatMoney", () => {
  it.each([
    ["0.000000000000", "$0.00"], ["-0.000000000000", "$0.00"], ["0.006900000000", "$0.0069"], ["0.00694999", "$0.0069"], ["0.00695", "$0.0070"],
    ["0.000049999999", "<$0.0001"], ["0.000050000000", "$0.0001"], ["-0.000000000001", ">-$0.0001"], ["0.5", "$0.5000"],
    ["0.999949", "$0.9999"], ["0.999950000000", "$1.00"], ["0.999999999999", "$1.00"], ["1.000000000000", "$1.00"], ["1.004999999999", "$1.00"],
    ["1.005", "$1.01"], ["206.414999999999", "$206.41"], ["1234567.89", "$1,234,567.89"], ["999999999.994", "$999,999,999.99"],
    ["1234567890.5", "$1.23B"], ["12300000000000", "$12.3T"], ["-31.2", "-$31.20"], ["-0.0069", "-$0.0069"], ["5", "$5.00"],
  ])("%s is %s", (usd, text) => expect(formatMoney(usd)).toBe(text));

  it("names what has no price, and never invents one", () => {
    expect(formatMoney(null)).toBe("unpriced");
    expect(formatMoney(undefined)).toBe("unpriced");
    expect(formatMoney(null, "–")).toBe("–");
    expect(["", "abc", "1e5", "1,5", "NaN"].map((text) => formatMoney(text))).toEqual(["–", "–", "–", "–", "–"]);
  });
});

describe("exactMoney", () => {
  it.each([
    ["206.414999999999", "$206.414999999999"], ["1234.500000000000", "$1,234.50"], ["0.000000000001", "$0.000000000001"], ["-2.345", "-$2.345"],
    ["9007199254740993.000000000001", "$9,007,199,254,740,993.000000000001"],
  ])("%s is %s", (usd, text) => expect(exactMoney(usd)).toBe(text));
  it("is unpriced or a dash otherwise", () => expect([exactMoney(null), exactMoney("x")]).toEqual(["unpriced", "–"]));
});

describe("numbers as money", () => {
  it.each([[0, "$0.00"], [0.1 + 0.2, "$0.3000"], [12.345, "$12.35"], [-3, "-$3.00"], [2e15, "$2,000T"], [Number.NaN, "–"], [null, "–"]])(
    "%s is %s",
    (value, text) => expect(formatMoneyNumber(value)).toBe(text),
  );
  it.each([[0, "$0"], [15, "$15"], [2.5, "$2.50"], [2, "$2"], [0.25, "$0.25"], [0.002, "$0.0020"], [1500, "$1.5K"], [-20, "-$20"]])(
    "%s on an axis is %s",
    (value, text) => expect(formatMoneyTick(value)).toBe(text),
  );
  it.each([["99.5", "$99.50"], ["99999", "$99,999.00"], ["10666666.66", "$10.7M"], ["-250000", "-$250K"], [null, "unpriced"]])("%s with little room is %s", (usd, text) => expect(shortMoney(usd)).toBe(text));
  it("writes all ticks of an axis with the same decimals", () => {
    expect([0, 0.5, 1, 1.5].map((value) => formatMoneyTick(value, 0.5))).toEqual(["$0", "$0.50", "$1.00", "$1.50"]);
    expect([10, 20].map((value) => formatMoneyTick(value, 10))).toEqual(["$10", "$20"]);
  });
});

describe("decimals", () => {
  it("sums exactly where floats would not", () => {
    expect(sumDecimals(["0.100000000000", "0.200000000000", null, "0.000000000001"])).toBe("0.300000000001");
    expect(sumDecimals([])).toBe("0.000000000000");
    expect(sumDecimals(["-1.5", "0.25"])).toBe("-1.250000000000");
  });
  it("rounds halves away from zero", () => {
    expect(roundDecimal(parseDecimal("1.005") ?? 0n, 2)).toEqual({ whole: 1n, fraction: "01" });
    expect(roundDecimal(parseDecimal("-2.5") ?? 0n, 0)).toEqual({ whole: 3n, fraction: "" });
  });
  it("orders by value, unknown first", () => {
    expect(["10", null, "9.5", "-1"].sort(compareDecimals)).toEqual([null, "-1", "9.5", "10"]);
    expect(compareDecimals("1.0", "1.000")).toBe(0);
  });
  it("becomes a number for drawing only", () => expect([decimalToNumber("1.5"), decimalToNumber(null), decimalToNumber("x")]).toEqual([1.5, null, null]));
});

import { afterEach, describe, expect, it } from "vitest";
import { amountsHidden, applyCurrency, convertNumber, currency, isConverted, parseRate, rateText } from "./currency";
import { exactMoney, formatMoney, formatMoneyNumber, formatMoneyTick, shortMoney } from "./money";

afterEach(() => {
  applyCurrency("$", "1");
  amountsHidden.value = false;
});

describe("parseRate", () => {
  it.each([["0.92", 92_000_000n], ["1", 100_000_000n], ["157.4", 15_740_000_000n], ["0.00000001", 1n]])("reads %s exactly", (text, rate) => expect(parseRate(text)).toBe(rate));
  it.each(["", "0", "0.0", "-1", "1,2", "1e3", ".5", "5.", "1234567", "0.123456789", "NaN"])("refuses %s", (text) => expect(parseRate(text)).toBeNull());
});

describe("another currency", () => {
  it("is dollars times the rate, exactly, in every way of writing", () => {
    applyCurrency("€", "0.92");
    expect(formatMoney("100")).toBe("€92.00");
    expect(exactMoney("0.000000000001")).toBe("€0.000000000001");
    expect(exactMoney("123456789012345678.12")).toBe("€113,580,245,891,358,023.8704");
    expect(formatMoney("-12.5")).toBe("-€11.50");
    expect(formatMoney("0")).toBe("€0.00");
    expect(formatMoney("0.00001")).toBe("<€0.0001");
    expect(shortMoney("250000")).toBe("€230K");
    expect(formatMoneyNumber(2)).toBe("€1.84");
    expect(formatMoney(null)).toBe("unpriced");
  });

  it("rounds halves away from zero once, after the rate", () => {
    applyCurrency("£", "0.5");
    expect(formatMoney("10.01")).toBe("£5.01");
    expect(formatMoney("-10.01")).toBe("-£5.01");
  });

  it("sets a name apart and leaves a symbol at its figure", () => {
    applyCurrency("CHF", "0.5");
    expect(formatMoney("10")).toBe("CHF\u00a05.00");
    applyCurrency("R$", "5");
    expect(formatMoney("10")).toBe("R$50.00");
  });

  it("writes ticks in values that are in the currency already", () => {
    applyCurrency("¥", "157");
    expect(convertNumber(2)).toBe(314);
    expect(formatMoneyTick(5000, 1000)).toBe("¥5K");
    expect(formatMoneyTick(0, 1000)).toBe("¥0");
  });

  it("is dollars for a rate that cannot be read", () => {
    applyCurrency("€", "much");
    expect(isConverted(currency.value)).toBe(false);
    expect(formatMoney("3")).toBe("$3.00");
  });

  it("tells its rate as it was written", () => {
    applyCurrency("€", "0.9200");
    expect(rateText(currency.value)).toBe("0.92");
    applyCurrency("€", "157");
    expect(rateText(currency.value)).toBe("157");
  });
});

describe("hidden amounts", () => {
  it("look all the same, whatever their size and way of writing", () => {
    amountsHidden.value = true;
    const all = [formatMoney("0.01"), formatMoney("0"), formatMoney("9999999999"), shortMoney("1"), exactMoney("12.3456"), formatMoneyNumber(5), formatMoneyNumber(5e16), formatMoneyTick(1000)];
    expect(new Set(all)).toEqual(new Set(["$••••••"]));
    expect(formatMoney(null)).toBe("unpriced");
  });
});

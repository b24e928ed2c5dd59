import { describe, expect, it } from "vitest";
import { ColorBook, PALETTE_SIZE, preferredSlots, pressureTone, slotColor } from "./colors";

const MODELS = ["gpt-5.6-sol", "gpt-6.1-terra", "claude-opus-5-5", "claude-sonnet-5", "gemini-3-pro", "local-proxy-7b", "o9", "kimi"];

describe("preferredSlots", () => {
  it("is the same for the same key and holds every slot once", () => {
    for (const model of MODELS) {
      expect(preferredSlots(model)).toEqual(preferredSlots(model));
      expect([...preferredSlots(model)].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });
});

describe("ColorBook", () => {
  it("gives eight keys eight colours, whatever their order", () => {
    const forward = new ColorBook().assign(MODELS);
    const backward = new ColorBook().assign([...MODELS].reverse());
    expect(new Set(forward.values()).size).toBe(PALETTE_SIZE);
    for (const model of MODELS) expect(backward.get(model)).toBe(forward.get(model));
  });
  it("keeps a key's colour from chart to chart", () => {
    const book = new ColorBook();
    const first = book.assign(MODELS.slice(0, 3));
    const second = book.assign([...MODELS.slice(3, 7), MODELS[1] ?? ""]);
    expect(second.get(MODELS[1] ?? "")).toBe(first.get(MODELS[1] ?? ""));
    expect(new Set(second.values()).size).toBe(second.size);
    expect(book.colorOf(MODELS[0] ?? "")).toBe(slotColor(first.get(MODELS[0] ?? "") ?? 0));
  });
  it("never gives two keys of one chart one colour while there are enough, even with many known keys", () => {
    const book = new ColorBook();
    const many = Array.from({ length: 40 }, (_, index) => `model-${index}`);
    book.assign(many);
    for (let start = 0; start < 32; start += 1) {
      const slots = book.assign(many.slice(start, start + PALETTE_SIZE));
      expect(new Set(slots.values()).size).toBe(PALETTE_SIZE);
    }
  });
  it("shares a colour with another maker's model, once all are given", () => {
    const book = new ColorBook();
    const first = book.assign([...MODELS.slice(0, 4), "claude-haiku-5", ...MODELS.slice(4, 7)]);
    const late = book.assign(["claude-sonnet-4-5"]).get("claude-sonnet-4-5");
    expect([...first].filter(([key, slot]) => slot === late && key.startsWith("claude"))).toEqual([]);
  });
  it("draws what is gathered or unknown grey", () => {
    expect([...new ColorBook().assign(["other", "a", ""]).entries()].filter(([, slot]) => slot === 0).map(([key]) => key)).toEqual(["other", ""]);
    expect(slotColor(0)).toBe("var(--cat-other)");
    expect(new ColorBook().colorOf("other")).toBe("var(--cat-other)");
  });
});

describe("pressureTone", () => {
  it.each([[0, "ok"], [74.9, "ok"], [75, "warn"], [89.9, "warn"], [90, "bad"], [140, "bad"]])("%d is %s", (percent, tone) => expect(pressureTone(percent)).toBe(tone));
  it("takes other steps", () => expect(pressureTone(50, { warn: 40, bad: 60 })).toBe("warn"));
});

describe("families", () => {
  it.each([["gpt-5.6-sol", [1, 2, 4]], ["o9", [1, 2, 4]], ["claude-opus-5-5", [3, 5, 8]], ["gemini-3-pro", [2, 4, 7]]])("%s likes its maker's colours best", (model, slots) => {
    expect(preferredSlots(model).slice(0, 3).sort()).toEqual(slots);
    expect(preferredSlots(model)[7]).toBe(6);
  });
});

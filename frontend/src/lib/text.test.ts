import { describe, expect, it } from "vitest";
import { clipText, lastPathPart, pathLabels, visibleText } from "./text";

describe("visibleText", () => {
  it.each([
    ["plain", "plain"], ["  two\n\nlines\tand tab ", "two lines and tab"], ["bell\u0007", "bell␇"], ["\u001b[31mred", "␛[31mred"], ["del\u007f", "del␡"],
    ["invoice\u202Efdp.exe", "invoice[U+202E]fdp.exe"], ["\u2066iso\u2069", "[U+2066]iso[U+2069]"], ["zero\u200Bwidth", "zero[U+200B]width"],
    ["bom\ufeff", "bom[U+FEFF]"], ["c1\u0090", "c1[U+0090]"], ["a\u2028b", "a[U+2028]b"], ["half\ud83d", "half\ufffd"], ["\u{e0041}", "[U+E0041]"],
    ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["שלום عالم", "שלום عالم"], ["👩‍🚀", "👩‍🚀"], ["می‌خواهم", "می‌خواهم"], ["é", "é"],
  ])("%j becomes %j", (raw, shown) => expect(visibleText(raw)).toBe(shown));

  it("keeps stacked marks from reaching over other lines", () => {
    expect(visibleText(`a${"\u0301".repeat(80)}b`)).toBe(`a${"\u0301".repeat(4)}b`);
  });
  it("reads absurdly long text quickly and only in part", () => {
    const shown = visibleText("x".repeat(5_000_000));
    expect(shown.length).toBe(20_001);
  });
});

describe("clipText", () => {
  it.each([["short", 10, "short"], ["exact", 5, "exact"], ["longer text", 6, "longer…"], ["long text", 5, "long…"], ["😀😀", 3, "😀…"], ["😀", 1, "…"]])(
    "%s to %d",
    (text, most, clipped) => expect(clipText(text, most)).toBe(clipped),
  );
});

describe("lastPathPart", () => {
  it.each([["/home/ada/shop-web", "shop-web"], ["C:\\code\\shop\\", "shop"], ["plain", "plain"], ["/", "/"], ["", ""]])("%s", (path, name) => expect(lastPathPart(path)).toBe(name));
});

describe("pathLabels", () => {
  const labelsOf = (...keys: string[]) => [...pathLabels(keys.map((key) => ({ key, label: lastPathPart(key) }))).values()];

  it("names a project by its last folder", () => expect(labelsOf("/home/ada/api", "/home/ada/web")).toEqual(["api", "web"]));
  it("adds folders where two have the same one", () => {
    expect(labelsOf("/home/ada/work/api", "/home/ada/play/api", "/srv/web")).toEqual(["work/api", "play/api", "web"]);
    expect(labelsOf("/a/x/api", "/b/x/api")).toEqual(["a/x/api", "b/x/api"]);
    expect(labelsOf("/api", "/b/api", "C:\\c\\api")).toEqual(["api", "b/api", "c/api"]);
  });
});

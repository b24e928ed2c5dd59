import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { applyProviderColors, applyTheme, providerColor, shownTheme, stopTheme } from "./theme";

let dark = false;
let listener: (() => void) | null = null;

beforeEach(() => {
  dark = false;
  vi.stubGlobal("matchMedia", () => ({
    get matches() {
      return dark;
    },
    addEventListener: (_: string, added: () => void) => (listener = added),
    removeEventListener: () => (listener = null),
  }));
});

afterEach(() => {
  stopTheme();
  vi.unstubAllGlobals();
});

describe("theme", () => {
  it("applies what was chosen", () => {
    applyTheme("dark");
    expect([document.documentElement.dataset["theme"], shownTheme.value]).toEqual(["dark", "dark"]);
    applyTheme("light");
    expect([document.documentElement.dataset["theme"], shownTheme.value]).toEqual(["light", "light"]);
  });
  it("follows the system live, but only where it was chosen to", () => {
    applyTheme("system");
    expect(shownTheme.value).toBe("light");
    dark = true;
    listener?.();
    expect([document.documentElement.dataset["theme"], shownTheme.value]).toEqual(["system", "dark"]);
    applyTheme("light");
    listener?.();
    expect(shownTheme.value).toBe("light");
  });
  it("gives providers the colour of the theme and takes only colours", () => {
    applyTheme("light");
    applyProviderColors([
      { id: "codex", color: "#0e8f7e", color_dark: "#34c3ae" },
      { id: "odd id", color: "url(http://example.invalid)", color_dark: "#111111" },
    ]);
    const read = (name: string) => document.documentElement.style.getPropertyValue(name);
    expect([read("--provider-codex"), read("--provider-odd-id")]).toEqual(["#0e8f7e", ""]);
    applyTheme("dark");
    expect(read("--provider-codex")).toBe("#34c3ae");
    expect(providerColor("odd id")).toBe("var(--provider-odd-id, var(--accent))");
  });
});

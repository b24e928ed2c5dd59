import type { ChartColors } from "./spec";

const PROPERTY = /^var\((--[\w-]+)(?:,\s*(.+))?\)$/;

/** A #rrggbb colour made see-through; other colours stay as they are. */
export function withAlpha(color: string, alpha: number): string {
  const share = Math.round(Math.min(1, Math.max(0, alpha)) * 255);
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}${share.toString(16).padStart(2, "0")}` : color;
}

/** Reads the colours of the page as they are now, so that a chart can be painted with them. */
export function readColors(root: Element = document.documentElement): ChartColors {
  const style = getComputedStyle(root);
  const resolve = (css: string): string => {
    const match = PROPERTY.exec(css.trim());
    if (!match) return css;
    const value = style.getPropertyValue(match[1] ?? "").trim();
    if (value !== "") return resolve(value);
    return match[2] === undefined ? "#888888" : resolve(match[2]);
  };
  return {
    ink: resolve("var(--ink)"),
    inkQuiet: resolve("var(--ink-3)"),
    line: resolve("var(--line)"),
    panel: resolve("var(--panel)"),
    accent: resolve("var(--accent)"),
    font: resolve("var(--font)"),
    resolve,
  };
}

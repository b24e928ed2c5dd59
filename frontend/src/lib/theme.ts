import { signal } from "@preact/signals";
import type { Theme } from "../api/types";

const QUERY = "(prefers-color-scheme: dark)";

/** The theme as it is seen now, after `system` was resolved; charts recolour when it changes. */
export const shownTheme = signal<"light" | "dark">("light");

let chosen: Theme = "system";
let stopFollowing: (() => void) | null = null;

/** Applies a theme to the page; `system` follows the system live. Providers' colours are chosen anew. */
export function applyTheme(theme: Theme): void {
  chosen = theme;
  document.documentElement.dataset["theme"] = theme;
  followSystem();
  refresh();
}

/** Colours of a provider for both themes, as the backend names them. */
export interface ProviderColors {
  id: string;
  color: string;
  color_dark: string;
}

let providers: readonly ProviderColors[] = [];

/** Makes each provider's colour the CSS property that `providerColor` names, right for the theme. */
export function applyProviderColors(list: readonly ProviderColors[]): void {
  providers = list;
  refresh();
}

/** The colour of a provider as a CSS value that follows the theme. */
export function providerColor(id: string): string {
  return `var(${providerProperty(id)}, var(--accent))`;
}

function providerProperty(id: string): string {
  return `--provider-${id.replace(/[^A-Za-z0-9-]/g, "-")}`;
}

function refresh(): void {
  const dark = chosen === "system" ? systemIsDark() : chosen === "dark";
  const style = document.documentElement.style;
  for (const provider of providers) {
    const color = dark ? provider.color_dark : provider.color;
    if (/^#[0-9a-f]{3,8}$/i.test(color)) style.setProperty(providerProperty(provider.id), color);
  }
  shownTheme.value = dark ? "dark" : "light";
}

function systemIsDark(): boolean {
  return typeof matchMedia === "function" && matchMedia(QUERY).matches;
}

function followSystem(): void {
  if (stopFollowing || typeof matchMedia !== "function") return;
  const query = matchMedia(QUERY);
  query.addEventListener("change", refresh);
  stopFollowing = () => query.removeEventListener("change", refresh);
}

/** Stops following the system; for tests and for a page that goes away. */
export function stopTheme(): void {
  stopFollowing?.();
  stopFollowing = null;
}

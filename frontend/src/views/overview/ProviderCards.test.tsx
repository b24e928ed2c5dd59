import { screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { appState, makeStatus } from "../../../test/fixtures/app";
import { makeDashboard, makeProviderCard } from "../../../test/fixtures/dashboard";
import { mount } from "../../../test/mount";
import { ProviderCards } from "./ProviderCards";

const cards = () => within(screen.getByRole("list", { name: "Providers" })).getAllByRole("listitem");

describe("the cards of the providers", () => {
  it("have figures, or calmly say where was looked, and lead to the provider's page", async () => {
    await mount(<ProviderCards />);
    const [codex, , gemini] = cards();
    expect(codex?.textContent).toMatch(/^CodexActive.*tokens.*5 hours 62 %resets in 2 h/);
    expect(codex?.querySelector("a")?.getAttribute("href")).toBe("#/provider/codex");
    expect(gemini?.textContent).toMatch(/^GeminiWaiting.*No logs were found yet.*not there$/);
    expect(gemini?.textContent).not.toContain("$0");
  });

  it("are not shown for one alone, nor while one is looked at", async () => {
    const off = appState.providers.map((info) => ({ ...info, on: info.id === "codex" }));
    const alone = await mount(<ProviderCards />, undefined, { providers: off });
    expect(alone.container.textContent).toBe("");
    alone.unmount();
    const filtered = await mount(<ProviderCards />, undefined, { settings: { ...appState.settings, provider: "codex" } });
    expect(filtered.container.textContent).toBe("");
  });

  it("name a limit that is not known, an error, and unpriced models", async () => {
    const broken = makeStatus({ state: "error", word: "Error", reason: "A folder cannot be read.", files: 0, places: [{ provider: "claude", path: "/x", exists: true }] });
    const providers = appState.providers.map((info) => (info.id === "claude" ? { ...info, status: broken } : info));
    const one = makeProviderCard("codex", "Codex", 5, { limit: null });
    one.usage.cost.unpriced_models = ["local-proxy-7b"];
    await mount(<ProviderCards />, (transport) => transport.answer("dashboard.get", () => makeDashboard({ providers: [one] })), { providers });
    expect(cards()[0]?.textContent).toMatch(/1 unpriced.*No limit is known/);
    expect(cards()[1]?.textContent).toMatch(/Error.*A folder cannot be read/);
  });
});

import { fireEvent, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { appState } from "../../test/fixtures/app";
import { makeProviderDetail } from "../../test/fixtures/dashboard";
import { mount, mountApp, settle } from "../../test/mount";
import { ErrorBoundary } from "./ErrorBoundary";

let broken = true;
const Part = () => {
  if (broken) throw new Error("It <b>broke</b>.");
  return <p>Drawn</p>;
};

beforeEach(() => {
  broken = true;
  location.hash = "#/overview";
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  location.hash = "";
});

describe("what cannot be drawn", () => {
  it("names what failed, keeps the rail, and is gone on another page", async () => {
    await mountApp((transport) => transport.answer("provider.get", () => ({ ...makeProviderDetail(), models: null as never })));
    location.hash = "#/provider/codex";
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    await settle();
    expect(screen.getByText("This page could not be drawn")).toBeTruthy();
    expect(within(screen.getByRole("navigation", { name: "Pages" })).getByRole("link", { name: /Codex/ })).toBeTruthy();
    expect(console.error).toHaveBeenCalled();
    location.hash = "#/sessions";
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    await settle();
    expect(screen.queryByText("This page could not be drawn")).toBeNull();
    expect(screen.getByText(/1–50 of 214/)).toBeTruthy();
  });

  it("draws the page again on request", async () => {
    await mount(
      <ErrorBoundary title="This page could not be drawn">
        <Part />
      </ErrorBoundary>,
    );
    expect(screen.getByRole("alert").textContent).toContain("It <b>broke</b>.");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(screen.queryByText("Drawn")).toBeNull();
    broken = false;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await settle();
    expect(screen.getByText("Drawn")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("stands in the page's place where the frame itself cannot be drawn", async () => {
    await mountApp((transport) => transport.answer("app.state", () => ({ ...appState, providers: appState.providers.map((info) => ({ ...info, status: null as never })) })));
    expect(screen.getByText("Tokendial could not be drawn")).toBeTruthy();
  });
});

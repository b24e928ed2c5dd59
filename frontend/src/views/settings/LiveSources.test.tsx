import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { mount, settle } from "../../../test/mount";
import { liveSources, makeLiveHome } from "../../../test/fixtures/live";
import { ApiError } from "../../api/client";
import { LiveSources } from "./LiveSources";
import { liveWords } from "./liveWords";

const [first, second, third] = liveSources.sources;
const toggle = async (name: string) => {
  fireEvent.click(screen.getByRole("switch", { name: `Ask for the limits of ${name}` }));
  await settle();
};
const press = async (name: string) => {
  fireEvent.click(screen.getByRole("button", { name }));
  await settle();
};

describe("live limits", () => {
  it("says exactly what is read and asked before a source is switched on", async () => {
    const { transport } = await mount(<LiveSources />);
    await toggle(third?.name ?? "");
    expect(transport.requests("live.switch")).toEqual([]);
    const dialog = screen.getByRole("dialog");
    expect(within(dialog).getByTitle("/home/ada/.third/oauth.json")).toBeTruthy();
    expect(within(dialog).getByTitle(third?.asks ?? "")).toBeTruthy();
    await press("Leave it off");
    expect(transport.requests("live.switch")).toEqual([]);
    await toggle(third?.name ?? "");
    await press("Switch on");
    expect(transport.requests("live.switch")).toEqual([{ id: third?.id, on: true }]);
  });

  it("switches off at once", async () => {
    const { transport } = await mount(<LiveSources />);
    await toggle(first?.name ?? "");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(transport.requests("live.switch")).toEqual([{ id: first?.id, on: false }]);
  });

  it("shows how each home is, in words", async () => {
    await mount(<LiveSources />);
    const row = within(screen.getByRole("list", { name: "Live limits" }).children[1] as HTMLElement);
    expect(row.getByText("Stale")).toBeTruthy();
    expect(row.getByText("The sign-in was refused.")).toBeTruthy();
    expect(screen.getByText(/asked again in 4 min/)).toBeTruthy();
    expect(second?.homes[0]?.next_ms).toBeNull();
    expect(["off", "asking", "live", "stale", "error"].map((state) => liveWords(state as Parameters<typeof liveWords>[0]).word)).toEqual(["Off", "Asking", "Live", "Stale", "Error"]);
  });

  it("asks by hand, and keeps how often", async () => {
    const { transport, store } = await mount(<LiveSources />);
    await press("Ask now");
    expect(transport.requests("live.refresh")).toEqual([{}]);
    fireEvent.click(screen.getByRole("radio", { name: "15 min" }));
    await store.prefs.flush();
    expect(transport.requests("settings.set")).toEqual([{ values: { live_every_seconds: 900 } }]);
  });

  it("follows new readings, and says what failed", async () => {
    const { transport } = await mount(<LiveSources />);
    transport.answer("live.get", () => ({ ...liveSources, sources: liveSources.sources.map((one) => ({ ...one, homes: [makeLiveHome({ state: "error", message: "No answer within 10 seconds." })] })) }));
    transport.push("limits-updated", {});
    await settle();
    expect(screen.getAllByText("No answer within 10 seconds.")).toHaveLength(2);
    transport.answer("live.switch", () => Promise.reject(new ApiError("not_found", "This provider has no live source.")));
    await toggle(first?.name ?? "");
    expect(screen.getByRole<HTMLInputElement>("switch", { name: `Ask for the limits of ${first?.name ?? ""}` }).checked).toBe(true);
  });
});

describe("the user's refresh", () => {
  it("asks the network only where a source is on", async () => {
    const { transport, store } = await mount(<LiveSources />);
    await store.ingest.refresh();
    expect(transport.requests("live.refresh")).toEqual([]);
    store.prefs.change({ live_sources: ["codex"] });
    await store.ingest.refresh();
    expect(transport.requests("live.refresh")).toEqual([{}]);
  });
});

import { beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeTransport, type FakeTransport } from "../../test/fake";
import { settings } from "../../test/fixtures/app";
import { ApiError } from "../api/client";
import { createPrefs } from "./prefs";

const setUp = () => {
  const transport = createFakeTransport();
  const onError = vi.fn();
  return { transport, onError, prefs: createPrefs(transport, settings, onError) };
};

/** Saves are answered by calling these, in the order in which they were sent. */
const heldAnswers = (transport: FakeTransport) => {
  const answers: (() => void)[] = [];
  transport.answer("settings.set", ({ values }) => new Promise((resolve) => answers.push(() => resolve({ ...settings, ...values }))));
  return answers;
};

describe("createPrefs", () => {
  beforeEach(() => vi.useFakeTimers());

  it("changes at once and saves quick changes together", async () => {
    const { prefs, transport } = setUp();
    prefs.change({ range: "today" });
    prefs.change({ range: "alltime", bucket: "week" });
    expect(prefs.settings.value).toMatchObject({ range: "alltime", bucket: "week" });
    expect(transport.requests("settings.set")).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect(transport.requests("settings.set")).toEqual([{ values: { range: "alltime", bucket: "week" } }]);
    expect(prefs.saved.value.range).toBe("alltime");
  });

  it("keeps a change that was made while another was being saved", async () => {
    const { prefs, transport } = setUp();
    let answer = () => {};
    transport.answer("settings.set", ({ values }) => new Promise((resolve) => (answer = () => resolve({ ...settings, ...values }))));
    prefs.change({ range: "today" });
    await vi.advanceTimersByTimeAsync(500);
    prefs.change({ theme: "dark" });
    answer();
    await vi.advanceTimersByTimeAsync(10);
    expect(prefs.settings.value).toMatchObject({ range: "today", theme: "dark" });
  });

  it("keeps a queued change when an earlier save answers", async () => {
    const { prefs, transport } = setUp();
    const answers = heldAnswers(transport);
    prefs.change({ range: "today" });
    void prefs.flush();
    prefs.change({ range: "alltime" });
    void prefs.flush();
    await vi.advanceTimersByTimeAsync(0);
    answers[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(prefs.settings.value.range).toBe("alltime");
  });

  it("saves at once when the page is left, whatever is on its way", async () => {
    const { prefs, transport } = setUp();
    const answers = heldAnswers(transport);
    prefs.change({ range: "today" });
    void prefs.flush();
    await vi.advanceTimersByTimeAsync(0);
    prefs.change({ theme: "dark" });
    void prefs.flush();
    await vi.advanceTimersByTimeAsync(0);
    prefs.change({ range: "alltime" });
    prefs.leave();
    expect(transport.requests("settings.set")).toEqual([{ values: { range: "today" } }, { values: { range: "alltime", theme: "dark" } }]);
    answers[0]?.();
    answers[1]?.();
    await vi.advanceTimersByTimeAsync(1000);
    expect(transport.requests("settings.set")).toHaveLength(2);
    expect(prefs.settings.value).toMatchObject({ range: "alltime", theme: "dark" });
    prefs.leave();
    expect(transport.requests("settings.set")).toHaveLength(2);
  });

  it("keeps the order of changes and of what is saved first between them", async () => {
    const { prefs, transport } = setUp();
    const answers = heldAnswers(transport);
    const sent = () => transport.requests("settings.set").map((request) => (request as { values: { range?: string } }).values.range);
    prefs.change({ range: "today" });
    void prefs.flush();
    prefs.change({ range: "last24h" });
    void prefs.save({ range: "last14days" });
    prefs.change({ range: "alltime" });
    void prefs.flush();
    for (let turn = 0; turn < 4; turn += 1) {
      await vi.advanceTimersByTimeAsync(0);
      answers[turn]?.();
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent()).toEqual(["today", "last24h", "last14days", "alltime"]);
  });

  it("goes back to what is saved when a change is refused, and says why", async () => {
    const { prefs, transport, onError } = setUp();
    transport.answer("settings.set", () => Promise.reject(new ApiError("bad_request", "No such zone.")));
    prefs.change({ timezone: "Mars/Olympus" });
    await vi.advanceTimersByTimeAsync(500);
    expect(prefs.settings.value.timezone).toBeNull();
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "No such zone." }));
  });

  it("saves first where the answer decides", async () => {
    const { prefs, transport } = setUp();
    expect(await prefs.save({ active_minutes: 30 })).toBeNull();
    expect(prefs.settings.value.active_minutes).toBe(30);
    transport.answer("settings.set", () => Promise.reject(new ApiError("bad_request", "Too small.")));
    expect((await prefs.save({ active_minutes: 0 }))?.message).toBe("Too small.");
    expect(prefs.settings.value.active_minutes).toBe(30);
  });
});

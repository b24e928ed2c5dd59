import { beforeEach, describe, expect, it, vi } from "vitest";
import { createThrottle } from "./throttle";

describe("createThrottle", () => {
  beforeEach(() => vi.useFakeTimers());

  it("runs at once when idle", async () => {
    const action = vi.fn();
    createThrottle(action, 1000).call();
    expect(action).toHaveBeenCalledTimes(1);
  });

  it("runs once more at the end of the pause, however often it was called", async () => {
    const action = vi.fn();
    const throttle = createThrottle(action, 1000);
    for (let turn = 0; turn < 5; turn += 1) throttle.call();
    await vi.advanceTimersByTimeAsync(999);
    expect(action).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(action).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(5000);
    expect(action).toHaveBeenCalledTimes(2);
  });

  it("never runs twice at the same time", async () => {
    let finish = () => {};
    const action = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const throttle = createThrottle(action, 1000);
    throttle.call();
    throttle.call();
    await vi.advanceTimersByTimeAsync(3000);
    expect(action).toHaveBeenCalledTimes(1);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(action).toHaveBeenCalledTimes(2);
  });

  it("drops what waits when it is cancelled", async () => {
    const action = vi.fn();
    const throttle = createThrottle(action, 1000);
    throttle.call();
    throttle.call();
    throttle.cancel();
    await vi.advanceTimersByTimeAsync(3000);
    expect(action).toHaveBeenCalledTimes(1);
  });
});

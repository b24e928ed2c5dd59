import { afterEach, describe, expect, it, vi } from "vitest";
import { createBridgeTransport } from "./bridge";
import { createTransport } from "./transport";

const offer = (invoke: (name: string, args: unknown) => Promise<unknown>) => {
  window.pywebview = { api: { invoke } };
  window.dispatchEvent(new Event("pywebviewready"));
};
afterEach(() => {
  delete window.pywebview;
  delete window.tokendialEvent;
});

describe("the window's bridge", () => {
  it("waits for the window and unwraps the answer", async () => {
    const answer = createBridgeTransport().invoke("homes.list", {});
    const invoke = vi.fn().mockResolvedValue({ ok: { homes: [] } });
    offer(invoke);
    expect(await answer).toEqual({ homes: [] });
    expect(invoke).toHaveBeenCalledWith("homes.list", {});
  });

  it("turns an error answer into an ApiError", async () => {
    offer(() => Promise.resolve({ error: { code: "not_found", message: "No such session.", details: {} } }));
    await expect(createBridgeTransport().invoke("session.get", { id: "x" })).rejects.toMatchObject({ code: "not_found", message: "No such session." });
  });

  it("keeps a Python traceback out of sight", async () => {
    const thrown = Object.assign(new Error("database is locked"), { stack: "Traceback: /home/ada/secret.py" });
    offer(() => Promise.reject(thrown));
    const error = await createBridgeTransport().invoke("homes.list", {}).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "bridge_failed", message: "database is locked" });
    expect(JSON.stringify(error)).not.toContain("secret");
  });

  it("refuses an answer of an unknown form", async () => {
    offer(() => Promise.resolve(null));
    await expect(createBridgeTransport().invoke("homes.list", {})).rejects.toMatchObject({ code: "bad_answer" });
  });

  it("gives up when the window never offers its bridge", async () => {
    await expect(createBridgeTransport(5).invoke("homes.list", {})).rejects.toMatchObject({ code: "bridge_missing" });
  });

  it("hears events that the window calls in, and passes over unknown ones", () => {
    const heard = vi.fn();
    createBridgeTransport().onEvent("limits-updated", heard);
    window.tokendialEvent?.("limits-updated", {});
    window.tokendialEvent?.("toString", {});
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe("createTransport", () => {
  it("is the bridge only where the address says so", () => {
    createTransport("?window=1");
    expect(window.tokendialEvent).toBeTypeOf("function");
    delete window.tokendialEvent;
    vi.stubGlobal("EventSource", class { addEventListener() {} });
    createTransport("?window=10");
    expect(window.tokendialEvent).toBeUndefined();
    vi.unstubAllGlobals();
  });
});

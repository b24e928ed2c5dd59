import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./client";
import { createHttpTransport } from "./http";

class FakeEventSource {
  static readonly CLOSED = 2;
  static all: FakeEventSource[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private readonly listeners = new Map<string, (event: { data: string }) => void>();

  constructor(readonly url: string) {
    FakeEventSource.all.push(this);
  }
  addEventListener(name: string, listener: (event: { data: string }) => void): void {
    this.listeners.set(name, listener);
  }
  send(name: string, data: string): void {
    this.listeners.get(name)?.({ data });
  }
  fail(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.();
  }
}

const fetchMock = vi.fn<typeof fetch>();
const answer = (status: number, body: string) => fetchMock.mockResolvedValue(new Response(body, { status }));
const source = (): FakeEventSource => {
  const last = FakeEventSource.all.at(-1);
  if (!last) throw new Error("No event source was opened.");
  return last;
};

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.all = [];
  fetchMock.mockReset();
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("fetch", fetchMock);
});
afterEach(() => vi.unstubAllGlobals());

describe("commands over HTTP", () => {
  it("posts JSON with the session cookie and reads the answer", async () => {
    answer(200, '{"homes": []}');
    expect(await createHttpTransport().invoke("homes.list", {})).toEqual({ homes: [] });
    expect(fetchMock).toHaveBeenCalledWith("/api/homes.list", expect.objectContaining({ method: "POST", credentials: "same-origin", body: "{}" }));
  });

  it("turns an error answer into an ApiError with its details", async () => {
    answer(400, '{"error": {"code": "bad_request", "message": "No such zone.", "details": {"field": "timezone", "n": [1], "deep": {}}}}');
    const error = await createHttpTransport().invoke("settings.set", { values: {} }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "bad_request", message: "No such zone.", details: { field: "timezone", n: ["1"] } });
  });

  it("has words for a refusal without any", async () => {
    answer(403, "Forbidden");
    await expect(createHttpTransport().invoke("homes.list", {})).rejects.toMatchObject({ code: "http_403", message: expect.stringContaining("no longer signed in") });
  });

  it("tells that the connection is lost, and that it is back", async () => {
    const transport = createHttpTransport();
    const seen: boolean[] = [];
    transport.onConnection((connected) => seen.push(connected));
    fetchMock.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await expect(transport.invoke("homes.list", {})).rejects.toMatchObject({ code: "offline" });
    answer(200, "{}");
    await transport.invoke("homes.list", {});
    expect(seen).toEqual([true, false, true]);
  });
});

describe("events over HTTP", () => {
  it("hands out payloads by name until the subscription ends", () => {
    const transport = createHttpTransport();
    const heard = vi.fn();
    const stop = transport.onEvent("usage-updated", heard);
    source().send("usage-updated", "{}");
    source().send("alert", '{"title": "x"}');
    stop();
    source().send("usage-updated", "{}");
    expect(heard.mock.calls).toEqual([[{}]]);
  });

  it("leaves retries to the browser, but opens a refused stream again", async () => {
    const transport = createHttpTransport();
    const seen: boolean[] = [];
    transport.onConnection((connected) => seen.push(connected));
    source().fail(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeEventSource.all).toHaveLength(1);
    source().fail(FakeEventSource.CLOSED);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeEventSource.all).toHaveLength(2);
    source().onopen?.();
    expect(seen).toEqual([true, false, true]);
  });
});

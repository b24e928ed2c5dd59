import { describe, expect, it } from "vitest";
import { ApiError } from "../api/client";
import { createResource } from "./resource";

interface Pending {
  request: string;
  resolve(answer: string): void;
  reject(error: unknown): void;
}

function setUp(options: { scope?: (request: string) => string; remember?: number } = {}) {
  const pending: Pending[] = [];
  const resource = createResource<string, string>({
    fetch: (request) => new Promise((resolve, reject) => pending.push({ request, resolve, reject })),
    ...options,
  });
  const at = (index: number): Pending => {
    const call = pending[index];
    if (!call) throw new Error(`There is no call ${index}.`);
    return call;
  };
  return { resource, at };
}

describe("createResource", () => {
  it("shows the newest question's answer when answers come in the wrong order", async () => {
    const { resource, at } = setUp();
    const first = resource.load("today");
    const second = resource.load("week");
    at(1).resolve("week's figures");
    await second;
    at(0).resolve("today's figures");
    await first;
    expect(resource.data.value).toBe("week's figures");
    expect(resource.loading.value).toBe(false);
  });

  it("keeps loading until the newest question is answered", async () => {
    const { resource, at } = setUp();
    const first = resource.load("today");
    void resource.load("week");
    at(0).resolve("today's figures");
    await first;
    expect(resource.loading.value).toBe(true);
    expect(resource.data.value).toBeNull();
  });

  it("keeps the last answer, marked as outdated, while another question is asked", async () => {
    const { resource, at } = setUp();
    const first = resource.load("today");
    at(0).resolve("today's figures");
    await first;
    const second = resource.load("week");
    expect(resource.data.value).toBe("today's figures");
    expect(resource.outdated.value).toBe(true);
    at(1).resolve("week's figures");
    await second;
    expect(resource.outdated.value).toBe(false);
  });

  it("does not mark the same question asked again as outdated", async () => {
    const { resource, at } = setUp();
    const first = resource.load("today");
    at(0).resolve("one");
    await first;
    void resource.load("today");
    expect(resource.outdated.value).toBe(false);
  });

  it("never lets one scope stand in for another", async () => {
    const { resource, at } = setUp({ scope: (request) => request.slice(0, 5) });
    const first = resource.load("codex today");
    at(0).resolve("codex");
    await first;
    void resource.load("gemini today");
    expect(resource.data.value).toBeNull();
  });

  it("shows a remembered answer at once", async () => {
    const { resource, at } = setUp({ remember: 2 });
    for (const [index, request] of ["today", "week"].entries()) {
      const done = resource.load(request);
      at(index).resolve(`${request}'s figures`);
      await done;
    }
    void resource.load("today");
    expect(resource.data.value).toBe("today's figures");
    expect(resource.outdated.value).toBe(false);
  });

  it("keeps the data and tells the words of a failure", async () => {
    const { resource, at } = setUp();
    const first = resource.load("today");
    at(0).resolve("figures");
    await first;
    const second = resource.load("today");
    at(1).reject(new ApiError("busy", "The ledger is locked."));
    await second;
    expect(resource.data.value).toBe("figures");
    expect(resource.error.value?.message).toBe("The ledger is locked.");
  });

  it("passes over the failure of an older question", async () => {
    const { resource, at } = setUp();
    const first = resource.load("today");
    const second = resource.load("week");
    at(1).resolve("week");
    await second;
    at(0).reject(new Error("late"));
    await first;
    expect(resource.error.value).toBeNull();
  });

  it("forgets everything on clear, also what is on its way", async () => {
    const { resource, at } = setUp();
    const first = resource.load("today");
    resource.clear();
    at(0).resolve("figures");
    await first;
    expect(resource.data.value).toBeNull();
  });
});

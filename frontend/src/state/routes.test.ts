import { describe, expect, it, vi } from "vitest";
import { createRouter, parseRoute, routePath } from "./routes";

describe("parseRoute", () => {
  it("reads back what it writes, whatever is in an id", () => {
    const route = { name: "session", id: "a/b c#d?e%f" } as const;
    expect(parseRoute(`#/${routePath(route)}`)).toEqual(route);
  });

  it.each(["", "#/", "#/provider/", "#/elsewhere", "nonsense"])("refuses %j", (path) => {
    expect(parseRoute(path)).toBeNull();
  });

  it("takes a broken escape as it stands", () => {
    expect(parseRoute("session/100%")).toEqual({ name: "session", id: "100%" });
  });
});

describe("createRouter", () => {
  it("opens the page that was open last and remembers the next one", () => {
    const remember = vi.fn();
    const router = createRouter("provider/codex", remember);
    expect(router.route.value).toEqual({ name: "provider", id: "codex" });
    router.go({ name: "sessions" });
    expect(router.route.value).toEqual({ name: "sessions" });
    expect(location.hash).toBe("#/sessions");
    expect(remember).toHaveBeenCalledWith("sessions");
    router.stop();
  });

  it("remembers the list where an id is too long to be kept", () => {
    const remember = vi.fn();
    const router = createRouter("overview", remember);
    router.go({ name: "project", id: "/home/u/".padEnd(393, "x") });
    router.go({ name: "project", id: "/home/u/".padEnd(10_000, "x") });
    router.go({ name: "session", id: "ü".repeat(200) });
    expect(remember.mock.calls.map(([path]) => path)).toEqual(["projects", "projects", "sessions"]);
    router.go({ name: "project", id: "/home/u/x" });
    expect(remember).toHaveBeenLastCalledWith("project/%2Fhome%2Fu%2Fx");
    router.stop();
    location.hash = "";
  });

  it("prefers the address", () => {
    location.hash = "#/sessions";
    const router = createRouter("overview", () => undefined);
    expect(router.route.value).toEqual({ name: "sessions" });
    router.stop();
  });

  it("goes back to the page it was opened with, whose address names none", () => {
    location.hash = "";
    const router = createRouter("overview", () => undefined);
    router.go({ name: "sessions" });
    location.hash = "";
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    expect(router.route.value).toEqual({ name: "overview" });
    router.stop();
  });

  it("falls back to the overview", () => {
    const router = createRouter("a page of an older version", () => undefined);
    expect(router.route.value).toEqual({ name: "overview" });
    router.stop();
  });
});

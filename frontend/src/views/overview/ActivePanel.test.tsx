import { screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { makeDashboard } from "../../../test/fixtures/dashboard";
import { activeSessions } from "../../../test/fixtures/sessions";
import { mount } from "../../../test/mount";
import type { SessionFacts } from "../../api/types";
import { ActivePanel } from "./ActivePanel";

const withSessions = (sessions: SessionFacts[]) =>
  mount(<ActivePanel />, (transport) => {
    const data = makeDashboard();
    transport.answer("dashboard.get", () => ({ ...data, active_sessions: { minutes: 45, sessions, average_context_percent: 31.4, average_context_tokens: 81_234.6, samples: 3418 } }));
  });
const heads = () => within(screen.getByRole("table", { name: "Active sessions" })).getAllByRole("columnheader").map((head) => head.textContent);

describe("active sessions", () => {
  it("says its window and the average context of the range", async () => {
    await withSessions(activeSessions);
    expect(screen.getByText("last 45 min")).toBeTruthy();
    expect(screen.getByText("Average context in this range 81.2K (31 %), 3,418 responses")).toBeTruthy();
  });

  it("says a model that all have once, in the head", async () => {
    await withSessions(activeSessions.map((one) => ({ ...one, model: "gpt-5.6-sol", effort: "high" })));
    expect(screen.getByText("all on gpt-5.6-sol, high")).toBeTruthy();
    expect(heads()).toEqual(["Session", "Started", "Last seen", "Context"]);
  });

  it.each([
    ["models differ", activeSessions],
    ["efforts differ", activeSessions.map((one, at) => ({ ...one, model: "gpt-5.6-sol", effort: at === 0 ? "high" : "low" }))],
    ["there is only one session", activeSessions.slice(0, 1)],
    ["no model is known", activeSessions.map((one) => ({ ...one, model: null, effort: null }))],
  ])("keeps the column where %s", async (_why, sessions) => {
    await withSessions(sessions);
    expect(screen.queryByText(/^all on/)).toBeNull();
    expect(heads()).toContain("Model");
  });
});

import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { mount, settle } from "../../../test/mount";
import { makeDetail, makeEvents, makeSession, makeTimeline } from "../../../test/fixtures/sessions";
import { ApiError } from "../../api/client";
import type { FamilyMember } from "../../api/types";
import { familyTree, type FamilyNode } from "./FamilyPanel";
import { SessionPage } from "./SessionPage";
import { timelinePoints } from "./TimelinePanel";

const ID = "019f4efb-77aa-7c11-9f00-5e4f1b9f4162";

describe("a session's page", () => {
  it("shows usage, family, files, audit and the command that goes on", async () => {
    const { transport } = await mount(<SessionPage id={ID} />);
    expect(screen.getByText(`codex resume ${ID}`)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Copy command" })).toBeTruthy();
    expect(within(screen.getByRole("table", { name: "Audit" })).getByText("Copied from the parent")).toBeTruthy();
    expect(screen.getByText("this one")).toBeTruthy();
    expect(screen.getByText(/^4 sessions; each/)).toBeTruthy();
    expect(screen.getByText(/1–20 of 61/)).toBeTruthy();
    expect(transport.requests("events.list")).toContainEqual({ range: "alltime", session: ID, model: null, at: null, limit: 20 });
  });

  it("says that details of old responses were removed, in place of an empty list", async () => {
    const gone = { removed: 1_234, removed_before_ms: Date.UTC(2026, 4, 26) };
    await mount(<SessionPage id={ID} />, (transport) => {
      transport.answer("session.timeline", () => ({ ...makeTimeline(3), ...gone }));
      transport.answer("events.list", () => ({ ...makeEvents(null, 20, 0), ...gone }));
    });
    const notes = screen.getAllByRole("note").map((note) => note.textContent);
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain("1,234 responses from before Tue 26 May 2026: the details were removed");
    expect(screen.queryByText("No response in this range")).toBeNull();
  });

  it("leaves out what a session does not have", async () => {
    await mount(<SessionPage id={ID} />, (transport) => {
      transport.answer("session.get", ({ id }) => ({ ...makeDetail(id), family: [], resume_command: null, files: [] }));
      transport.answer("session.timeline", () => makeTimeline(1));
    });
    expect(screen.queryByText("Family")).toBeNull();
    expect(screen.queryByText("Context over time")).toBeNull();
    expect(screen.getByText("No file of this session is known any more.")).toBeTruthy();
  });

  it("says why it cannot be shown", async () => {
    await mount(<SessionPage id="gone" />, (transport) => transport.answer("session.get", () => Promise.reject(new ApiError("not_found", "There is no such session."))));
    expect(screen.getByText("There is no such session.")).toBeTruthy();
  });

  it("shows a log file in its folder, and says so where no file manager is", async () => {
    const { transport, store } = await mount(<SessionPage id={ID} />, (fake) => fake.answer("session.reveal", () => ({ path: "/home/ada/.codex/sessions", opened: false })));
    fireEvent.click(screen.getByRole("button", { name: "Show in the file manager" }));
    await settle();
    expect(transport.requests("session.reveal")).toEqual([{ session: ID, file: 7 }]);
    expect(store.notify).toHaveBeenCalledWith("No file manager was found. The folder is /home/ada/.codex/sessions");
  });

  it("shows context, tokens or cost over all responses", async () => {
    await mount(<SessionPage id={ID} />);
    expect(screen.getByText("121 responses in 61 steps, each at its fullest")).toBeTruthy();
    fireEvent.click(screen.getByRole("radio", { name: "Cost" }));
    await settle();
    expect(screen.getByRole("heading", { name: "Cost over time" })).toBeTruthy();
    expect(screen.getByRole("group", { name: /^Cost over time\. Cost of 121 responses in 61 bars/ })).toBeTruthy();
  });
});

describe("a session over time", () => {
  it("names its places with the date where they lie on more than one day", () => {
    const [first, second] = timelinePoints({ points: [point("2026-11-20T23:58:00Z"), point("2026-11-21T00:01:00Z")] }, "UTC");
    expect([first?.label, second?.label]).toEqual(["20 Nov, 23:58", "21 Nov, 00:01"]);
    const [one, two] = timelinePoints({ points: [point("2026-11-20T09:58:00Z"), point("2026-11-20T10:01:00Z", 20)] }, "UTC");
    expect([one?.label, one?.title, two?.title]).toEqual(["09:58", "20 Nov, 09:58", "20 Nov, 10:01 to 20 Nov, 10:21"]);
  });
});

const point = (at: string, minutes = 0) => {
  const start_ms = Date.parse(at);
  return { start_ms, end_ms: start_ms + minutes * 60_000, responses: 1, tokens: 1, cost: 0, context: 1 };
};

describe("the family", () => {
  const members = (...lines: [string, number][]): FamilyMember[] => lines.map(([id, depth]) => ({ session: { ...makeSession(0), id }, depth }));
  const names = (nodes: FamilyNode[]): unknown[] => nodes.map((node) => (node.children.length === 0 ? node.session.id : [node.session.id, ...names(node.children)]));

  it("is a tree again, open down to the session", () => {
    const { roots, open } = familyTree(members(["a", 0], ["b", 1], ["c", 2], ["d", 1], ["e", 2], ["f", 3]), "e");
    expect(names(roots)).toEqual([["a", ["b", "c"], ["d", ["e", "f"]]]]);
    expect(open).toEqual(["a", "a\u0000d", "a\u0000d\u0000e"]);
  });

  it("unfolds what is folded, and a row leads to its session", async () => {
    const family = members([ID, 0], ["b", 1], ["c", 2]);
    const { store } = await mount(<SessionPage id={ID} />, (transport) => transport.answer("session.get", ({ id }) => ({ ...makeDetail(id), family })));
    const table = within(screen.getByRole("table", { name: "Family" }));
    expect(table.getAllByRole("row")).toHaveLength(3);
    fireEvent.click(table.getByRole("button", { name: "Unfold" }));
    expect(table.getAllByRole("row")).toHaveLength(4);
    fireEvent.click(table.getAllByRole("row")[2] as HTMLElement);
    expect(store.router.route.value).toEqual({ name: "session", id: "b" });
  });

  it("says where it is cut", async () => {
    await mount(<SessionPage id={ID} />, (transport) => transport.answer("session.get", ({ id }) => ({ ...makeDetail(id), family_cut: true })));
    expect(screen.getByText(/^the first 4 sessions/)).toBeTruthy();
  });
});

import { screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { mount } from "../../../test/mount";
import { makeDetail, makeEvents } from "../../../test/fixtures/sessions";
import { ApiError } from "../../api/client";
import { contextPoints } from "./ContextPanel";
import { SessionPage } from "./SessionPage";

const ID = "019f4efb-77aa-7c11-9f00-5e4f1b9f4162";

describe("a session's page", () => {
  it("shows usage, family, files, audit and the command that goes on", async () => {
    const { transport } = await mount(<SessionPage id={ID} />);
    expect(screen.getByText(`codex resume ${ID}`)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Copy command" })).toBeTruthy();
    expect(within(screen.getByRole("table", { name: "Audit" })).getByText("Copied from the parent")).toBeTruthy();
    expect(screen.getByText("parent")).toBeTruthy();
    expect(screen.getByText("this session")).toBeTruthy();
    expect(screen.getByText(/1–20 of 61/)).toBeTruthy();
    expect(transport.requests("events.list")).toContainEqual({ range: "alltime", session: ID, model: null, offset: 0, limit: 20 });
  });

  it("leaves out what a session does not have", async () => {
    await mount(<SessionPage id={ID} />, (transport) => {
      transport.answer("session.get", ({ id }) => ({ ...makeDetail(id), parent: null, children: [], resume_command: null, files: [] }));
      transport.answer("events.list", () => makeEvents(0, 20, 1));
    });
    expect(screen.queryByText("Family")).toBeNull();
    expect(screen.queryByText("Context over time")).toBeNull();
    expect(screen.getByText("No file of this session is known any more.")).toBeTruthy();
  });

  it("says why it cannot be shown", async () => {
    await mount(<SessionPage id="gone" />, (transport) => transport.answer("session.get", () => Promise.reject(new ApiError("not_found", "There is no such session."))));
    expect(screen.getByText("There is no such session.")).toBeTruthy();
  });

  it("draws the context oldest first", () => {
    const rows = makeEvents(0, 3).rows;
    expect(contextPoints(rows, "UTC").map((point) => point.used)).toEqual(rows.map((row) => row.tokens.total_tokens).reverse());
  });
});

import { fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import type { PromptsPage } from "../../api/types";
import { ApiError } from "../../api/client";
import type { FakeTransport } from "../../../test/fake";
import { appState } from "../../../test/fixtures/app";
import { makePrompt, makePromptRow, makePrompts } from "../../../test/fixtures/prompts";
import { mount, settle } from "../../../test/mount";
import { ActivityPage } from "./ActivityPage";
import { joined } from "./promptList";
import { RecentPrompts } from "./RecentPrompts";

const items = () => screen.getAllByRole("listitem");
const only = (part: Parameters<typeof makePromptRow>[1]): PromptsPage => ({ on: true, rows: [makePromptRow(0, part)], next: null });

describe("the activity page", () => {
  it("groups prompts by day, newest first, and loads older ones below", async () => {
    const { transport } = await mount(<ActivityPage />);
    expect(transport.requests("prompts.list")).toEqual([expect.objectContaining({ range: "last7days", after: null, limit: 50 })]);
    expect(items()).toHaveLength(50);
    expect(screen.getAllByRole("heading", { level: 3 })[0]?.textContent).toBe("Today");
    fireEvent.click(screen.getByRole("button", { name: "Show older prompts" }));
    await settle();
    expect(items()).toHaveLength(100);
    fireEvent.click(screen.getByRole("button", { name: "Show older prompts" }));
    await settle();
    expect(items()).toHaveLength(120);
    expect(screen.queryByRole("button", { name: "Show older prompts" })).toBeNull();
  });

  it("keeps what was loaded and unfolded when usage changes", async () => {
    const { transport } = await mount(<ActivityPage />);
    fireEvent.click(screen.getByRole("button", { name: "Show older prompts" }));
    await settle();
    fireEvent.click(screen.getAllByRole("button", { name: "Show all" })[0] as HTMLElement);
    await settle();
    transport.answer("prompts.list", ({ after, limit }) => {
      const page = makePrompts(after, limit);
      return { ...page, rows: [makePromptRow(0, { id: "new", excerpt: "brand new" }), ...page.rows.slice(0, -1)] };
    });
    transport.push("usage-updated", {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    await settle();
    expect(items()).toHaveLength(101);
    expect(within(items()[0] as HTMLElement).getByText("brand new")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Show less" })).toBeTruthy();
  });

  it("shows text as text, with what cannot be seen made visible", async () => {
    const { container } = await mount(<ActivityPage />, (transport) => transport.answer("prompts.list", () => only({ excerpt: "<img src=x onerror=alert(1)>\n\u202etxt \u0000" })));
    expect(container.querySelector("img")).toBeNull();
    expect(container.querySelector(".tv-prompt__text")?.textContent).toBe("<img src=x onerror=alert(1)>\n[U+202E]txt \u2400");
  });

  it("asks for all of a prompt that was cut, and says when it cannot be read", async () => {
    const { transport } = await mount(<ActivityPage />, (one) => one.answer("prompts.list", () => only({ id: "1-2-3", cut: true, excerpt: "the beginning" })));
    fireEvent.click(screen.getByRole("button", { name: "Show all" }));
    await settle();
    expect(transport.requests("prompts.get")).toEqual([{ id: "1-2-3" }]);
    expect(screen.getByText(/All of 1-2-3/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Copy prompt" })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show less" }));
    fireEvent.click(screen.getByRole("button", { name: "Show all" }));
    await settle();
    expect(transport.requests("prompts.get")).toHaveLength(1);
  });

  it("names why there is no text, row by row", async () => {
    const states = ["gone", "rewritten", "unreadable", "large"] as const;
    const { transport } = await mount(<ActivityPage />, (one) => {
      one.answer("prompts.list", () => ({ on: true, next: null, rows: states.map((state, at) => makePromptRow(at, { id: state, state, excerpt: null })) }));
      one.answer("prompts.get", () => makePrompt("large", { prompt_text: "read at last" }));
    });
    expect(screen.getByText("The log is gone.")).toBeTruthy();
    expect(screen.getByText(/was rewritten/)).toBeTruthy();
    expect(screen.getByText("The log cannot be read now.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Read it" }));
    await settle();
    expect(screen.getByText("read at last")).toBeTruthy();
    expect(transport.requests("prompts.get")).toEqual([{ id: "large" }]);
  });

  it("is off by the settings, and on again by its button", async () => {
    let on = false;
    const settings = { ...appState.settings, show_prompts: false };
    const setUp = (one: FakeTransport) => {
      one.answer("prompts.list", () => (on ? makePrompts() : { on, rows: [], next: null }));
      one.answer("settings.set", () => {
        on = true;
        return { ...settings, show_prompts: true };
      });
    };
    const { transport } = await mount(<ActivityPage />, setUp, { settings });
    expect(screen.getByText("Prompts are not shown")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show prompts" }));
    await settle();
    expect(transport.requests("settings.set")).toEqual([{ values: { show_prompts: true } }]);
    expect(items()).toHaveLength(50);
  });

  it("hides text, titles, projects and money at once in privacy mode", async () => {
    const { container, store } = await mount(<ActivityPage />);
    store.prefs.change({ privacy: true });
    await settle();
    const text = container.textContent ?? "";
    for (const word of ["Rewrite the parser", "checkout", "Parser rewrite", "tokendial", "shop-web", "shot.png", "$0.", "$1."]) expect(text).not.toContain(word);
    expect(container.innerHTML).not.toContain("/home/ada");
    expect(screen.getAllByText("Hidden")).toHaveLength(50);
    expect(screen.queryAllByRole("button", { name: /^Copy/ })).toHaveLength(0);
  });

  it("says what failed, and tries again", async () => {
    const { transport } = await mount(<ActivityPage />, (one) =>
      one.answer("prompts.list", () => {
        throw new ApiError("ledger_busy", "The ledger is locked.");
      }),
    );
    expect(screen.getByText("The ledger is locked.")).toBeTruthy();
    transport.answer("prompts.list", () => makePrompts(null, 50, 0));
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await settle();
    expect(screen.getByText("No prompt in this range")).toBeTruthy();
  });

  it("leaves nothing of a prompt in the browser's stores", async () => {
    await mount(<ActivityPage />);
    fireEvent.click(screen.getAllByRole("button", { name: "Show all" })[0] as HTMLElement);
    await settle();
    expect([localStorage.length, sessionStorage.length, document.cookie]).toEqual([0, 0, ""]);
  });
});

describe("a fresh first page", () => {
  const page = (first: number, count: number, next: string | null = "x"): PromptsPage => ({ on: true, rows: Array.from({ length: count }, (_, at) => makePromptRow(first + at)), next });

  it("goes over what is known where they meet, and takes its place where they do not", () => {
    const known = { ...page(10, 40), next: "old" };
    expect(joined(known, page(5, 10)).rows.map((row) => row.id)).toEqual(page(5, 45).rows.map((row) => row.id));
    expect(joined(known, page(5, 10)).next).toBe("old");
    expect(joined(known, page(0, 5))).toEqual(page(0, 5));
    expect(joined(known, page(10, 3, null))).toEqual(page(10, 3, null));
    expect(joined(null, page(0, 5))).toEqual(page(0, 5));
  });
});

describe("recent prompts of another page", () => {
  it("asks for its own over all time", async () => {
    const { transport } = await mount(<RecentPrompts provider="codex" project="/work/shop" />);
    expect(transport.requests("prompts.list")).toEqual([{ range: "alltime", provider: "codex", home: null, project: "/work/shop", session: null, after: null, limit: 5 }]);
    expect(items()).toHaveLength(5);
    expect(screen.getByRole("button", { name: "All activity" })).toBeTruthy();
  });

  it("is left out where a session has none, and pages where it has many", async () => {
    const empty = await mount(<RecentPrompts session="s" />, (transport) => transport.answer("prompts.list", () => makePrompts(null, 5, 0)));
    expect(empty.container.textContent).toBe("");
    empty.unmount();
    await mount(<RecentPrompts session="s" limit={10} />);
    fireEvent.click(screen.getByRole("button", { name: "Show older prompts" }));
    await settle();
    expect(items()).toHaveLength(20);
  });
});

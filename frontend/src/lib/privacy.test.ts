import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeDashboard } from "../../test/fixtures/dashboard";
import { appState } from "../../test/fixtures/app";
import type { ProviderInfo } from "../api/types";
import { makeDetail, makeEvents } from "../../test/fixtures/sessions";
import { formatMoney } from "./money";
import { aliasOf, applyPrivacy, hidePaths, seen, seenText } from "./privacy";

beforeEach(() => applyPrivacy(true));
afterEach(() => applyPrivacy(false));

const text = (value: unknown): string => JSON.stringify(value);

describe("privacy mode", () => {
  it("changes nothing while it is off", () => {
    applyPrivacy(false);
    const detail = makeDetail("a");
    expect(seen(detail)).toBe(detail);
    expect(seenText("in /home/ada/x")).toBe("in /home/ada/x");
  });

  it("leaves no title, project, folder, branch or file of a session", () => {
    const detail = makeDetail("019f4efb-77aa-7c11-9f00-5e4f1b9f4162");
    const hidden = seen(detail);
    const { session, cwd, branch, files } = detail;
    for (const secret of [session.title, session.project, cwd, branch, ...files.map((file) => file.path)]) {
      expect(secret).toBeTruthy();
      expect(text(hidden)).not.toContain(text(secret).slice(1, -1));
    }
    expect(hidden.session.title).toMatch(/^Session \d+$/);
    expect(hidden.session.id).toBe(session.id);
    expect(hidden.session.usage).toEqual(session.usage);
    expect(hidden.resume_command).toBe(detail.resume_command);
  });

  it("names the same thing the same everywhere", () => {
    const [first, again] = [seen(makeEvents(null, 3)).rows[0], seen(makeEvents(null, 3)).rows[0]];
    expect(first?.session_title).toBe(again?.session_title);
    expect(aliasOf("Project", "/home/ada/shop")).toBe(aliasOf("Project", "/home/ada/shop"));
    expect(aliasOf("Project", "/home/ada/shop")).not.toBe(aliasOf("Project", "/home/ada/other"));
    expect(aliasOf("Folder", aliasOf("Project", "/home/ada/shop"))).toBe(aliasOf("Project", "/home/ada/shop"));
  });

  it("names projects in a breakdown and a trend, and leaves models alone", () => {
    const dashboard = makeDashboard();
    expect(seen(dashboard).breakdown?.rows.map((row) => row.key)).toEqual(dashboard.breakdown?.rows.map((row) => row.key));
    expect(seen(dashboard).trends?.buckets).toEqual(dashboard.trends?.buckets);
    const { breakdown, trends } = dashboard;
    const byProject = { ...dashboard, breakdown: breakdown && { ...breakdown, by: "project" as const }, trends: trends && { ...trends, stack: "project" as const } };
    const hidden = seen(byProject);
    for (const row of hidden.breakdown?.rows ?? []) expect([row.key, row.label].every((name) => /^Project \d+$/.test(name))).toBe(true);
    for (const series of hidden.trends?.series ?? []) expect(series.key).toMatch(/^(Project \d+|other)$/);
  });

  it("hides homes, where they were looked for, and the program's own folders", () => {
    const hidden = seen(appState);
    expect(text(hidden)).not.toContain("ada");
    expect(text(hidden)).not.toContain("Old laptop");
    expect(hidden.homes[0]?.label).toBe("");
    const named = ({ id, name, color, on, status: { word } }: ProviderInfo) => ({ id, name, color, on, word });
    expect(hidden.providers.map(named)).toEqual(appState.providers.map(named));
    expect(hidden.settings).toEqual(appState.settings);
  });

  it("hides what is left of credits, and money", () => {
    expect(seen({ credits: "12.50", plan: "plus" })).toEqual({ credits: "•••", plan: "plus" });
    expect(formatMoney("12")).not.toContain("12");
  });

  it("hides prompts", () => expect(seen({ prompt: "rewrite the parser", time_ms: 5 })).toEqual({ prompt: "Hidden", time_ms: 5 }));

  it.each([
    ["The folder /home/ada/.codex cannot be read.", "The folder Folder"],
    ["Nothing in ~/work/shop, try again", "Nothing in Folder"],
    ["See C:\\Users\\ada\\x.jsonl: refused", "See Folder"],
  ])("takes paths out of %s", (message, start) => {
    const hidden = hidePaths(message);
    expect(hidden).not.toMatch(/ada/i);
    expect(hidden).not.toContain("shop");
    expect(hidden.startsWith(start)).toBe(true);
  });

  it.each(["openai/gpt-5.5", "12 / 100 tokens", "3 and/or 4", "100 % at 16:40", "codex resume 019f4efb"])("leaves %s alone", (message) => expect(hidePaths(message)).toBe(message));
});

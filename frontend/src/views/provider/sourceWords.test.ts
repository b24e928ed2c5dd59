import { describe, expect, it } from "vitest";
import { homes, makeHome, NOW, scanDone } from "../../../test/fixtures/app";
import { limits } from "../../../test/fixtures/limits";
import type { Home } from "../../api/types";
import { rate } from "../settings/RuleTable";
import { sourceState } from "./sourceWords";

const codex = makeHome({ id: 1, provider: "codex", path: "/x", files: 3, last_seen_ms: NOW - 60_000 });
const word = (list: Home[], scan = scanDone, readings: typeof limits = []) => sourceState(list, readings, scan, NOW).word;

describe("sourceState", () => {
  it("says where figures come from and why not", () => {
    expect(word([codex])).toBe("From logs");
    expect(word([])).toBe("Off");
    expect(word([{ ...codex, active: false }])).toBe("Off");
    expect(word([{ ...codex, state: "cleared", files: 0 }])).toBe("Off");
    expect(word([codex, { ...codex, state: "unreadable" }])).toBe("Error");
    expect(word(homes.filter((home) => home.provider === "gemini"))).toBe("Off");
    expect(word([{ ...codex, files: 0, last_seen_ms: null }])).toBe("Waiting");
    expect(word([codex], { ...scanDone, running: true })).toBe("Reading");
    expect(word([codex], scanDone, limits)).toBe("Stale");
  });

  it("does not name an age that it does not know", () => {
    expect(sourceState([{ ...codex, last_seen_ms: null }], [], scanDone, NOW).reason).toBe("3 log files.");
  });
});

describe("rate", () => {
  it("writes at least cents", () => {
    expect(["4", "0.4", "0.1250", "1.10", null].map(rate)).toEqual(["$4.00", "$0.40", "$0.125", "$1.10", "–"]);
  });
});

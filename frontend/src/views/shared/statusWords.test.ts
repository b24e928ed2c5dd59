import { describe, expect, it } from "vitest";
import { makeStatus, NOW } from "../../../test/fixtures/app";
import { freshness, statusLine, statusTone } from "./statusWords";

describe("the status of a provider", () => {
  it("says how fresh it is, as time passes", () => {
    const status = makeStatus({ last_response_ms: NOW - 60_000, last_seen_ms: NOW - 40_000 });
    expect(freshness(status, NOW)).toBe("Last response 1 min ago, read 40 s ago.");
    expect(freshness(status, NOW + 3_600_000)).toBe("Last response 1 h ago, read 1 h ago.");
  });

  it("names no age that is not known", () => {
    expect(freshness(makeStatus({ last_response_ms: null, last_seen_ms: null }), NOW)).toBeNull();
  });

  it("never dresses an error as health (W-45)", () => {
    const status = makeStatus({ state: "error", word: "Error", reason: "A folder is not there any more.", folder: "/x", last_seen_ms: null, last_response_ms: null });
    expect(statusTone(status)).toBe("bad");
    expect(statusLine("Codex", status, NOW)).toBe("Codex: error. A folder is not there any more. /x");
  });
});

import { describe, expect, it } from "vitest";
import { rate } from "./RuleTable";

describe("rate", () => {
  it("writes at least cents", () => {
    expect(["4", "0.4", "0.1250", "1.10", null].map(rate)).toEqual(["$4.00", "$0.40", "$0.125", "$1.10", "–"]);
  });
});

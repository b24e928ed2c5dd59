import { describe, expect, it } from "vitest";
import { makeRule } from "../../../test/fixtures/system";
import { ApiError } from "../../api/client";
import { draftOf, draftProblem, newDraft, readTiers, ruleOf, withRule } from "./ruleDraft";
import { problemsOf } from "./RuleForm";

describe("a rule while it is edited", () => {
  it("comes back as it was", () => {
    const rule = makeRule({ id: 7, provider: "codex", effective_from: "2026-01-01", cache_read: "0.1", long_threshold: 272_000, long_input: "2", tiers: { priority: "2", batch: "0.5" } });
    expect(ruleOf(draftOf(rule, 0))).toEqual(rule);
  });

  it("leaves blank prices blank instead of free (W66)", () => {
    expect(ruleOf(newDraft("gpt-*"))).toMatchObject({ pattern: "gpt-*", input: "", output: "", cache_read: null });
  });

  it("refuses tiers without a factor and thresholds that are no number", () => {
    const draft = newDraft("x");
    expect(readTiers("priority=2, batch=0.5")).toEqual({ priority: "2", batch: "0.5" });
    expect(draftProblem({ ...draft, text: { ...draft.text, tiers: "priority" } })?.field).toBe("tiers");
    expect(draftProblem({ ...draft, text: { ...draft.text, long_threshold: "many" } })?.field).toBe("long_threshold");
    expect(draftProblem(draft)).toBeNull();
  });

  it("takes its place in the list, a new one the first", () => {
    const rules = [makeRule({ id: 1, pattern: "a" }), makeRule({ id: 2, pattern: "b" })];
    expect(withRule(rules, newDraft("c")).rules.map((rule) => rule.pattern)).toEqual(["c", "a", "b"]);
    const edited = draftOf(makeRule({ id: 2, pattern: "B" }), 1);
    expect(withRule(rules, edited).rules.map((rule) => rule.pattern)).toEqual(["a", "B"]);
  });

  it("tells every problem beside its field, another rule's for the whole form", () => {
    const problems = ["0|input|A price cannot be below zero.", "0|output|Write a number.", "0|output|Too many digits.", "3|pattern|It covers the same days | twice.", "0|nonsense|Odd."];
    expect(problemsOf(new ApiError("x", "bad", { problems }), 0)).toEqual({
      fields: { input: "A price cannot be below zero.", output: "Write a number. Too many digits." },
      others: ["Rule 4: It covers the same days | twice.", "Odd."],
    });
    expect(problemsOf(new ApiError("x", "bad", { field: "pattern", index: 0 }), 0).fields).toEqual({ pattern: "bad" });
    expect(problemsOf(new ApiError("x", "the ledger is locked", {}), 2)).toEqual({ fields: {}, others: ["the ledger is locked"] });
  });
});

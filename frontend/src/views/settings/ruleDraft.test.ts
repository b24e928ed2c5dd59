import { describe, expect, it } from "vitest";
import { makeRule } from "../../../test/fixtures/system";
import type { PriceRuleInput } from "../../api/types";
import { ApiError } from "../../api/client";
import { draftOf, draftProblem, newDraft, readTiers, ruleOf } from "./ruleDraft";
import { copyOf, olderOpen, placed, withRule } from "./rulePeriods";
import { problemsOf, whileTyping } from "./ruleProblems";

describe("a rule while it is edited", () => {
  it("comes back as it was", () => {
    const rule = makeRule({ id: 7, provider: "codex", effective_from: "2026-01-01", cache_read: "0.1", long_threshold: 272_000, long_input: "2", long_cache_write_1h: "9", tiers: { priority: "2", batch: "0.5" } });
    for (const flat_tiers of [null, [], ["batch"], ["priority", "batch"]]) {
      expect(ruleOf(draftOf({ ...rule, flat_tiers }, 0))).toEqual({ ...rule, flat_tiers });
    }
    expect(ruleOf(draftOf({ ...rule, flat_tiers: ["priority"] }, 0)).flat_tiers).toBeNull();
    expect(ruleOf(draftOf(makeRule({ flat_tiers: null }), 0)).flat_tiers).toBeNull();
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

  it("finds its rule again by number, and is a new one where that is gone", () => {
    const rules = [makeRule({ id: 8, pattern: "a" }), makeRule({ id: 9, pattern: "b" })];
    const draft = draftOf(rules[1] as PriceRuleInput, 1);
    expect(placed(draft, [...rules].reverse())).toMatchObject({ place: 0, id: 9 });
    expect(placed(draft, rules.slice(0, 1))).toMatchObject({ place: null, id: null });
    expect(placed(newDraft("c"), rules).place).toBeNull();
  });

  it("is copied to days that are free (W42)", () => {
    const days = (from: string | null, to: string | null) => makeRule({ pattern: "gpt-5*", effective_from: from, effective_to: to });
    const copied = (rules: PriceRuleInput[]) => {
      const draft = copyOf(rules[0] as PriceRuleInput, rules, "2026-11-25");
      expect(draft.place).toBeNull();
      return withRule(rules, draft).rules.map((rule) => [rule.effective_from, rule.effective_to]);
    };
    const [january, march] = [days("2026-01-01", "2026-02-01"), days("2026-03-01", "2026-04-01")];
    expect(copied([january])).toEqual([["2026-02-01", null], ["2026-01-01", "2026-02-01"]]);
    expect(copied([january, march])[0]).toEqual(["2026-04-01", null]);
    expect(copied([days(null, null)])).toEqual([["2026-11-25", null], [null, "2026-11-25"]]);
    expect(copied([days("2026-01-01", null)])).toEqual([["2026-11-25", null], ["2026-01-01", "2026-11-25"]]);
    expect(copied([days("2027-01-01", null)])).toEqual([["2027-01-02", null], ["2027-01-01", "2027-01-02"]]);
    expect(copied([january, { ...days(null, null), provider: "codex" }])[0]).toEqual(["2026-02-01", null]);
  });

  it("ends an older rule only where that one is open, begins before, and is about the same models", () => {
    const rules = [makeRule({ id: 1, pattern: "A" }), makeRule({ id: 2, pattern: "b", effective_from: "2026-05-01" }), makeRule({ id: 3, pattern: "c", effective_to: "2026-02-01" })];
    const from = (pattern: string, day: string) => olderOpen(rules, newDraft(pattern, null, day));
    expect([from("a", "2026-01-01"), from("b", "2026-04-30"), from("b", "2026-05-02"), from("c", "2026-03-01"), from("a", "")]).toEqual([0, null, 1, null, null]);
    expect(olderOpen(rules, { ...draftOf(rules[0] as PriceRuleInput, 0), closes: true })).toBeNull();
    expect(withRule(rules, newDraft("a", null, "2026-01-01")).rules[1]?.effective_to).toBeNull();
  });

  it("is not scolded for boxes that nobody came to", () => {
    const problems = { fields: { input: "A number is missing.", output: "A number is missing.", effective_from: "It overlaps." }, others: ["Rule 2: It overlaps."] };
    const draft = newDraft("gpt-5*");
    expect(whileTyping(problems, draft, new Set())).toEqual({ fields: { effective_from: "It overlaps." }, others: [] });
    expect(whileTyping(problems, draft, new Set(["input"])).fields.input).toBe("A number is missing.");
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

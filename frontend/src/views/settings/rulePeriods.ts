/** The list of rules with a draft in it, and periods of rules that are about the same models. */
import type { PriceRuleInput } from "../../api/types";
import { addDays } from "../../lib/time";
import { draftOf, ruleOf, type RuleDraft } from "./ruleDraft";

const alike = (left: PriceRuleInput, right: PriceRuleInput): boolean =>
  left.pattern.toLowerCase() === right.pattern.toLowerCase() && (left.provider ?? null) === (right.provider ?? null);

/** A draft in the list as it is now: where its rule went meanwhile, it is a new one. */
export function placed(draft: RuleDraft, rules: readonly PriceRuleInput[]): RuleDraft {
  if (draft.place === null) return draft;
  const place = rules.findIndex((rule) => rule.id === draft.id);
  return { ...draft, place: place < 0 ? null : place, id: place < 0 ? null : draft.id };
}

/** The place of the rule that is still open where a draft begins later; null where there is none. */
export function olderOpen(rules: readonly PriceRuleInput[], draft: RuleDraft): number | null {
  const rule = ruleOf(draft);
  const from = rule.effective_from ?? null;
  if (from === null) return null;
  const place = rules.findIndex((other, at) => at !== draft.place && alike(other, rule) && (other.effective_to ?? null) === null && (other.effective_from ?? "") < from);
  return place < 0 ? null : place;
}

/** The list with the edited rule in its place, a new one first; an older rule ends where the draft closes it. */
export function withRule(rules: readonly PriceRuleInput[], draft: RuleDraft): { rules: PriceRuleInput[]; index: number } {
  const rule = ruleOf(draft);
  const closed = draft.closes ? olderOpen(rules, draft) : null;
  const others = rules.map((other, at) => (at === closed ? { ...other, effective_to: rule.effective_from } : other));
  if (draft.place === null) return { rules: [rule, ...others], index: 0 };
  return { rules: others.map((other, at) => (at === draft.place ? rule : other)), index: draft.place };
}

/** A copy whose days are free: after the last rule of its kind, from today on where that one is open, else before the first. */
export function copyOf(rule: PriceRuleInput, rules: readonly PriceRuleInput[], today: string): RuleDraft {
  const kin = rules.filter((other) => alike(other, rule));
  const draft = draftOf(rule, null);
  const ends = kin.map((other) => other.effective_to ?? "").sort();
  const last = kin.find((other) => (other.effective_to ?? null) === null);
  if (last === undefined) return between(draft, ends[ends.length - 1] ?? "", "");
  const start = last.effective_from ?? "";
  return { ...between(draft, start < today ? today : addDays(start, 1), ""), closes: true };
}

function between(draft: RuleDraft, from: string, to: string): RuleDraft {
  return { ...draft, text: { ...draft.text, effective_from: from, effective_to: to } };
}
